import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { oneOf } from '../one-of.js';

const ROLES = ['none', 'contributor', 'publisher', 'admin'] as const;
type Role = (typeof ROLES)[number];

/** `evidverse rules site`: where a site stands, without which no rules may ask it. */
export const site = (group: Command, line: CommandLine) =>
  group
    .command('site')
    .description('say where a site stands: rules ask it there and nowhere else (publishers)')
    .argument('<site>')
    .requiredOption('--domains <domains...>', 'as site.example or *.site.example; those it has already stay')
    .option('--name <name>', 'how people call it')
    .action(
      line.run(
        async (
          { domains, name, ...options }: CommonOptions & { domains: string[]; name?: string },
          site_id: string,
        ) => {
          const api = await line.api(options);
          const known = (await api.get('/v1/admin/sites')).find(({ id }) => id === site_id);
          const saved = await api.put('/v1/admin/sites/{site_id}', {
            path: { site_id },
            body: {
              name,
              aliases: known?.aliases ?? [],
              domains: [...new Set([...(known?.domains ?? []), ...domains])],
            },
          });
          return { data: saved, text: `${site_id} stands at ${saved.domains.join(', ')}.` };
        },
      ),
    );

/** `evidverse rules keeper`: who may propose rules, and who may publish them. */
export const keeper = (group: Command, line: CommandLine) =>
  group
    .command('keeper')
    .description('let somebody propose rules (contributor) or publish them (publisher), or no longer (administrators)')
    .argument('<user-id>', 'which they see with: evidverse whoami --json')
    .argument('<role>', ROLES.join(', '), oneOf(ROLES))
    .action(
      line.run(async (options: CommonOptions, user_id: string, role: Role) => {
        if (!/^[0-9a-f-]{36}$/.test(user_id))
          throw new AppError(
            'invalid',
            `${user_id} is no id of a person. They see theirs with: evidverse whoami --json`,
          );
        const api = await line.api(options);
        const set = await api.put('/v1/admin/contributors/{user_id}', { path: { user_id }, body: { role } });
        return {
          data: set,
          text:
            role === 'none' ? 'They have no part in the catalogue any more.' : `They are ${role} in the catalogue now.`,
        };
      }),
    );
