import { eachFrom } from '../../api/pages.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { inColumns } from '../terminal.js';

interface CreateOptions extends CommonOptions {
  public?: boolean;
  description?: string;
}

/** `evidverse projects`: mine; and `projects create` for a new one. */
export const projects: AddCommand = (program, line) => {
  const group = program.command('projects').description('your projects, or a new one');
  group
    .command('list', { isDefault: true })
    .description('your projects')
    .action(
      line.run(async (options) => {
        const api = await line.api(options);
        const all = [];
        for await (const one of eachFrom((skip, limit) => api.get('/api/v1/projects', { query: { skip, limit } }))) {
          const { id, name, is_public, created_at } = one;
          all.push({ id, name, is_public, created_at });
        }
        const rows = all.map(({ id, name, is_public, created_at }) => [
          id,
          created_at.slice(0, 10),
          is_public ? 'public' : 'private',
          name,
        ]);
        return {
          data: all,
          text: rows.length > 0 ? inColumns(rows) : 'You have no projects yet: evidverse projects create <name>',
        };
      }),
    );
  group
    .command('create')
    .description('a new project')
    .argument('<name>')
    .option('--public', 'let the world see it')
    .option('--description <text>')
    .action(
      line.run(async (options: CreateOptions, name: string) => {
        const api = await line.api(options);
        const body = { name, description: options.description, is_public: options.public ?? false };
        const project = await api.post('/api/v1/projects', { body });
        return { data: project, text: [project.id, `Begin with: evidverse clone ${project.id}`] };
      }),
    );
};
