import type { AddCommand } from '../command-line.js';

/** `evidverse logout`: the session ends at the server, and is forgotten here whatever the server says. */
export const logout: AddCommand = (program, line) =>
  void program
    .command('logout')
    .description('end the session, here and at the server')
    .action(
      line.run(async (options) => {
        const api = await line.api(options);
        const account = await line.accounts.at(api.server);
        if (account === null)
          return { data: { server: api.server, was: null }, text: `You are not signed in at ${api.server}.` };
        const isEnded = await api.post('/api/v1/auth/logout').then(
          () => true,
          () => false,
        );
        await line.accounts.signOut(api.server);
        const text = isEnded ? 'Signed out' : 'Forgotten here; the server could not be told';
        return {
          data: { server: api.server, was: account.email, is_ended: isEnded },
          text: `${text}: ${account.email} at ${api.server}.`,
        };
      }),
    );
