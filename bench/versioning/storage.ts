import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { connectionOptions } from '#libs/database/connection-options';
import { film } from '#libs/testing/film-edits';
import { randomFrom } from '#libs/testing/commuting-edits';
import { testDatabase } from '#libs/testing/database';
import { writeChanges, writeDocument } from '../../services/projects/objects/documents.js';
import { appendKept } from '../../services/projects/versions/commits.js';
import type { BranchEntity } from '../../services/projects/versions/version.entities.js';
import { line, timed } from './figures.js';
import { GitRepository } from './git-repository.js';
import { tableBytes } from './table-bytes.js';

const CLIPS = 5000;

/** Commits of one trim each in a film of five thousand clips: time in the database, and bytes of all that a commit is, beside git packed at the end. */
export async function benchStorage(commits: number): Promise<void> {
  const place = await testDatabase();
  const database = await new DataSource(
    connectionOptions('projects', { DATABASE_URL: place.url, DATABASE_POOL_SIZE: 4 }, []),
  ).initialize();
  const git = new GitRepository();
  const random = randomFrom(3);
  const [document, forGit] = [film(CLIPS), film(CLIPS)];
  const file = join(git.folder, 'film.json');
  const lines = () =>
    `{\n${Object.entries(forGit.editorState.timelineItems)
      .map(([id, item]) => `${JSON.stringify(id)}: ${JSON.stringify(item)}`)
      .join(',\n')}\n}\n`;
  const bytes = async () => {
    const [row] = await database.query<{ bodies: string }[]>('select sum(length(body))::bigint as bodies from objects');
    const tables = await tableBytes((sql, values) => database.query(sql, values));
    return new Map([...tables, ['bodies', Number(row!.bodies)]]);
  };
  let tree = await writeDocument(database.manager, document);
  let branch = await newBranch(database);
  writeFileSync(file, lines());
  git.run('add', '.');
  git.run('commit', '-qm', 'first');
  const before = await bytes();
  const trim = (film = document) => {
    const id = `item${Math.floor(random() * CLIPS)}`;
    const duration = Math.round(random() * 1000) / 1000;
    film.editorState.timelineItems[id].duration = duration;
    return [{ path: ['editorState', 'timelineItems', id, 'duration'], value: duration }];
  };
  const gitTimes: number[] = [];
  const every = Math.max(1, Math.floor(commits / 300));
  const ours = await timed(commits, async (run) => {
    await database.transaction(async (manager) => {
      const kept = await writeChanges(manager, tree, trim());
      const parents = branch.head_commit_id === null ? [] : [branch.head_commit_id];
      const { id } = await appendKept(manager, branch, {
        author_id: branch.creator_id,
        message: 'trim',
        parents,
        ...kept,
      });
      tree = kept.tree;
      branch = { ...branch, head_commit_id: id };
    });
    if (run % every !== 0) return;
    trim(forGit);
    const begun = performance.now();
    writeFileSync(file, lines());
    git.run('commit', '-qam', `trim ${run}`);
    gitTimes.push(performance.now() - begun);
  });
  line(
    `commit of one trim, ${CLIPS} clips, in the database`,
    ours.filter((_, run) => run % every !== 0),
    gitTimes,
  );
  const after = await bytes();
  const gitBytes = ((await packedByGit(commits)) - (await packedByGit(0))) / commits;
  const added = (...names: string[]) =>
    names.reduce((sum, name) => sum + after.get(name)! - before.get(name)!, 0) / commits;
  const told = (what: string, size: number) => `${what} ${size.toFixed(0)} (${(size / gitBytes).toFixed(2)} ×)`;
  const parts = [
    told('content of nodes', added('bodies')),
    told('nodes with rows and indexes', added('objects')),
    told('and commits', added('objects', 'commits', 'further_parents', 'project_commits')),
    told('reflog besides', added('ref_moves')),
  ];
  console.log(
    `bytes a commit, after ${commits}: ${parts.join(', ')}; as many of git, packed, without its reflog, ${gitBytes.toFixed(0)}`,
  );
  await database.destroy();
  await place.drop();
  git.remove();
}

/** What a film and so many commits of one trim each take in git, packed as it packs by itself, a clip a line. */
async function packedByGit(commits: number): Promise<number> {
  const git = new GitRepository();
  const random = randomFrom(3);
  const clips = film(CLIPS).editorState.timelineItems;
  const lines = new Map(
    Object.entries(clips).map(([id, clip]) => [id, `${JSON.stringify(id)}: ${JSON.stringify(clip)}`]),
  );
  const versions = function* () {
    for (let version = 0; version <= commits; version++) {
      yield `{\n${[...lines.values()].join(',\n')}\n}\n`;
      const id = `item${Math.floor(random() * CLIPS)}`;
      clips[id].duration = Math.round(random() * 1000) / 1000;
      lines.set(id, `${JSON.stringify(id)}: ${JSON.stringify(clips[id])}`);
    }
  };
  await git.importVersions('film.json', versions());
  const bytes = git.packedBytes();
  git.remove();
  return bytes;
}

async function newBranch(database: DataSource): Promise<BranchEntity> {
  const [branch] = await database.query<BranchEntity[]>(
    `with person as (insert into users (email, password_hash, full_name) values ('ada@example.org', '', 'Ada') returning id),
       film as (insert into projects (owner_id, name) select id, 'Film' from person returning id, owner_id)
     insert into branches (project_id, name, creator_id) select id, 'main', owner_id from film returning *`,
  );
  return branch!;
}
