import { ACCESS_SCOPES, type AccessScope } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { wholeNumber } from '../numbers.js';
import { oneOf } from '../one-of.js';
import { inColumns } from '../terminal.js';

interface CreateOptions extends CommonOptions {
  scope: AccessScope;
  days: number;
}

/** `evidverse token`: what programs of yours show instead of your password. */
export const token: AddCommand = (program, line) => {
  const command = program.command('token').description('tokens for programs of yours');
  command
    .command('create')
    .description('make one; it is printed this once, alone on standard output')
    .argument('<name>', 'what it is for')
    .option('-s, --scope <scope>', ACCESS_SCOPES.join(', '), oneOf(ACCESS_SCOPES), 'read')
    .option('--days <number>', 'for how long it is good, 366 at most', wholeNumber, 90)
    .action(
      line.run(async ({ scope, days, ...options }: CreateOptions, name: string) => {
        const api = await line.api(options);
        const confirmed = scope === 'admin' && {
          current_password: await line.terminal.ask('Password: ', { secret: true }),
        };
        const body = { name, scope, expires_in_days: days, ...confirmed };
        const made = await api.post('/api/v1/users/me/tokens', { body });
        line.terminal.note(`${made.name} may ${scope} until ${made.expires_at.slice(0, 10)}. It is not shown again:`);
        return { data: made, text: made.token };
      }),
    );
  command
    .command('list')
    .description('those you made, and when each was used last')
    .action(
      line.run(async (options: CommonOptions) => {
        const tokens = await (await line.api(options)).get('/api/v1/users/me/tokens');
        const rows = tokens.map(({ id, name, scope, expires_at, last_used_at }) => [
          id,
          name,
          scope,
          `until ${expires_at.slice(0, 10)}`,
          last_used_at === null ? 'never used' : `used ${last_used_at.slice(0, 10)}`,
        ]);
        return { data: tokens, text: rows.length > 0 ? inColumns(rows) : 'There are none.' };
      }),
    );
  command
    .command('revoke')
    .description('end one at once')
    .argument('<token>', 'its id, or its name where only one has it')
    .action(
      line.run(async (options: CommonOptions, wanted: string) => {
        const api = await line.api(options);
        const tokens = await api.get('/api/v1/users/me/tokens');
        const found = tokens.filter(({ id, name }) => id === wanted || name === wanted);
        if (found.length !== 1)
          throw new AppError(
            'not_found',
            `${found.length} of your tokens are called ${wanted}. See: evidverse token list`,
          );
        const [{ id: token_id, name }] = found as [(typeof found)[number]];
        await api.delete('/api/v1/users/me/tokens/{token_id}', { path: { token_id } });
        return { data: { id: token_id, name, revoked: true }, text: `${name} lets nobody in any more.` };
      }),
    );
};
