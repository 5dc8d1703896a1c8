import type { AddCommand } from '../command-line.js';

/** `evidverse whoami`: who the server takes one for. */
export const whoami: AddCommand = (program, line) =>
  void program
    .command('whoami')
    .description('who you are, and where')
    .action(
      line.run(async (options) => {
        const api = await line.api(options);
        const me = await api.get('/api/v1/users/me');
        const name = me.full_name === null ? me.email : `${me.full_name} <${me.email}>`;
        return { data: { ...me, server: api.server }, text: `${name} at ${api.server}` };
      }),
    );
