import type { AddCommand, CommonOptions } from '../command-line.js';

/** `evidverse whoami`: who the server takes one for; with --name, by which name others see one's work from now on. */
export const whoami: AddCommand = (program, line) =>
  void program
    .command('whoami')
    .description('who you are, and where')
    .option('--name <name>', 'be called so from now on')
    .action(
      line.run(async (options: CommonOptions & { name?: string }) => {
        const api = await line.api(options);
        const me = await (options.name === undefined
          ? api.get('/api/v1/users/me')
          : api.put('/api/v1/users/me', { body: { full_name: options.name } }));
        const name = me.full_name ? `${me.full_name} <${me.email}>` : me.email;
        const text = [`${name} at ${api.server}`];
        if (!me.full_name) text.push('Your work bears no name. Give it one: evidverse whoami --name "…"');
        return { data: { ...me, server: api.server }, text };
      }),
    );
