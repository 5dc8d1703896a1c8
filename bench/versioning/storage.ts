import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { connectionOptions } from '#libs/database/connection-options';
import { film } from '#libs/testing/film-edits';
import { randomFrom } from '#libs/testing/commuting-edits';
import { testDatabase } from '#libs/testing/database';
import { writeChanges, writeDocument } from '../../services/projects/objects/documents.js';
import { line, timed } from './figures.js';
import { GitRepository } from './git-repository.js';

/** Commits of one trim each in a film of five thousand clips: time in the store, and bytes, beside git packed at the end. */
export async function benchStorage(commits: number): Promise<void> {
  const place = await testDatabase();
  const database = await new DataSource(
    connectionOptions('projects', { DATABASE_URL: place.url, DATABASE_POOL_SIZE: 4 }, []),
  ).initialize();
  const git = new GitRepository();
  const random = randomFrom(3);
  const [document, forGit] = [film(5000), film(5000)];
  const file = join(git.folder, 'film.json');
  const lines = () =>
    `{\n${Object.entries(forGit.editorState.timelineItems)
      .map(([id, item]) => `${JSON.stringify(id)}: ${JSON.stringify(item)}`)
      .join(',\n')}\n}\n`;
  const bytes = async () =>
    (
      await database.query<{ bodies: string; all: string }[]>(
        `select sum(length(body))::bigint as bodies, pg_total_relation_size('objects') as all from objects`,
      )
    )[0]!;
  let tree = await writeDocument(database.manager, document);
  writeFileSync(file, lines());
  git.run('add', '.');
  git.run('commit', '-qm', 'first');
  const before = await bytes();
  const gitBefore = git.packedBytes();
  const trim = (film = document) => {
    const id = `item${Math.floor(random() * 5000)}`;
    const duration = Math.round(random() * 1000) / 1000;
    film.editorState.timelineItems[id].duration = duration;
    return [{ path: ['editorState', 'timelineItems', id, 'duration'], value: duration }];
  };
  const gitTimes: number[] = [];
  const every = Math.max(1, Math.floor(commits / 300));
  const ours = await timed(commits, async (run) => {
    tree = (await writeChanges(database.manager, tree, trim())).tree;
    if (run % every !== 0) return;
    trim(forGit);
    const begun = performance.now();
    writeFileSync(file, lines());
    git.run('commit', '-qam', `trim ${run}`);
    gitTimes.push(performance.now() - begun);
  });
  line(
    'commit of one trim, 5000 clips, in the store',
    ours.filter((_, run) => run % every !== 0),
    gitTimes,
  );
  const after = await bytes();
  const per = (bytes: number, of: number) => (bytes / of).toFixed(0);
  const gitBytes = (git.packedBytes() - gitBefore) / gitTimes.length;
  const bodies = (Number(after.bodies) - Number(before.bodies)) / commits;
  const all = (Number(after.all) - Number(before.all)) / commits;
  console.log(
    `bytes a commit, after ${commits}: ${per(bodies, 1)} of content, ${per(all, 1)} with rows and indexes; git packed ${per(gitBytes, 1)} (${(bodies / gitBytes).toFixed(2)} ×, ${(all / gitBytes).toFixed(2)} ×)`,
  );
  await database.destroy();
  await place.drop();
  git.remove();
}
