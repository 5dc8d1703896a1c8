import type { AddCommand, CommonOptions } from '../command-line.js';
import { oneOf } from '../one-of.js';
import { inColumns } from '../terminal.js';

type Role = (typeof ROLES)[number];
const ROLES = ['viewer', 'contributor', 'maintainer'] as const;

/** A listed invitation is called by its id; a token that was sent never looks like one. */
const AN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `evidverse invite`: somebody to this project. No mail is sent: the token that is printed is handed over by whoever invites. */
export const invite: AddCommand = (program, line) =>
  void program
    .command('invite')
    .description('invite somebody to this project')
    .argument('<e-mail>', 'whom; the token is good for whoever shows it')
    .option('-r, --role <role>', ROLES.join(', '), oneOf(ROLES), 'contributor')
    .action(
      line.run(async ({ role, ...options }: CommonOptions & { role: Role }, email: string) => {
        const { project_id, server } = (await line.copy(options)).state;
        const api = await line.api(options, server);
        const path = { project_id };
        const made = await api.post('/api/v1/projects/{project_id}/invitations', { path, body: { email, role } });
        const until = made.expires_at.slice(0, 10);
        line.terminal.note(`${email} may become ${role} until ${until}. It is not shown again; send them:`);
        return { data: made, text: `evidverse join ${made.token ?? made.id}` };
      }),
    );

/** `evidverse join`: with a token from an invitation, a member from now on; without, what waits for an answer. */
export const join: AddCommand = (program, line) =>
  void program
    .command('join')
    .description('accept an invitation, or list those that wait')
    .argument('[token]', 'as it was sent, or the id of one that is listed')
    .option('--decline', 'say no')
    .action(
      line.run(async ({ decline = false, ...options }: CommonOptions & { decline?: boolean }, token?: string) => {
        const api = await line.api(options);
        if (token === undefined) {
          const waiting = await api.get('/api/v1/invitations');
          const rows = waiting.map(({ id, name, role, invited_by_name }) => [id, name, role, invited_by_name ?? '']);
          return { data: waiting, text: rows.length > 0 ? inColumns(rows) : 'Nothing waits for your answer.' };
        }
        const accept = !decline;
        const answered = await (AN_ID.test(token)
          ? api.post('/api/v1/invitations/{invitation_id}/answer', { path: { invitation_id: token }, body: { accept } })
          : api.post('/api/v1/invitations/by-token/answer', { body: { token, accept } }));
        const { name, role } = answered;
        return { data: answered, text: accept ? `You are a ${role} of ${name}.` : `You will not be part of ${name}.` };
      }),
    );
