import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { film, type Json } from '#libs/testing/film-edits';
import { randomFrom } from '#libs/testing/commuting-edits';
import { line, timed } from './figures.js';
import { GitRepository } from './git-repository.js';
import { TABLES, tableBytes } from './table-bytes.js';
import { startTwoServices } from './two-services.js';

const CLIPS = 5000;

/** Commits of one trim in a film of five thousand clips through the gateway: as a change, and as the whole film; and what one takes in the database. */
export async function benchCommits(commits: number): Promise<void> {
  const services = await startTwoServices();
  const git = new GitRepository();
  try {
    const document = film(CLIPS);
    const random = randomFrom(5);
    const forGit = film(CLIPS);
    const trim = (film = document) => {
      const id = `item${Math.floor(random() * CLIPS)}`;
      const duration = Math.round(random() * 1000) / 1000;
      film.editorState.timelineItems[id].duration = duration;
      return [{ path: ['editorState', 'timelineItems', id, 'duration'], value: duration }];
    };
    const file = join(git.folder, 'film.json');
    const clips = () =>
      Object.entries<Json>(forGit.editorState.timelineItems)
        .map(([id, item]) => `${JSON.stringify(id)}: ${JSON.stringify(item)}`)
        .join(',\n');
    const byGit = () => {
      trim(forGit);
      writeFileSync(file, `{\n${clips()}\n}\n`);
      git.run('commit', '-qam', 'trim');
    };
    writeFileSync(file, `{\n${clips()}\n}\n`);
    git.run('add', '.');
    git.run('commit', '-qm', 'first');

    const { id: project_id } = await services.ask('POST', '/projects', { name: 'Film' });
    const whole = () => services.ask('POST', '/commits', { project_id, message: 'trim', video_assets: document });
    const change = () => services.ask('POST', `/projects/${project_id}/commits`, { message: 'trim', changes: trim() });
    await whole();
    await timed(30, change);
    const before = await bytes(services.databaseUrl);
    const changes = await timed(commits, change);
    const after = await bytes(services.databaseUrl);
    const stored = TABLES.map((table) => [table, (after.get(table)! - before.get(table)!) / commits] as const);
    const peer = await timed(Math.min(60, commits), byGit);
    line(`commit of one trim, ${CLIPS} clips, as a change`, changes, peer);
    const sum = stored.reduce((all, [, bytes]) => all + bytes, 0);
    const each = stored.map(([table, bytes]) => `${table} ${bytes.toFixed(0)}`).join(', ');
    console.log(`bytes a commit in the database, rows and indexes: ${sum.toFixed(0)} (${each})`);
    await services.ask('PUT', `/projects/${project_id}/workspace`, document);
    line(`the same, with a workspace that follows`, await timed(Math.ceil(commits / 10), change), peer);
    line(
      `commit of one trim as the whole film`,
      await timed(Math.ceil(commits / 10), () => {
        trim();
        return whole();
      }),
      peer,
    );
  } finally {
    await services.stop();
    git.remove();
  }
}

async function bytes(url: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=projects' });
  await client.connect();
  const found = await tableBytes(
    async (sql, values) => (await client.query<{ name: string; size: string }>(sql, values)).rows,
  );
  await client.end();
  return found;
}
