import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as contract from '#libs/contracts/projects';
import { commitChanges } from '#libs/contracts/projects-changes';
import { film, type Json } from '#libs/testing/film-edits';
import { runServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../../services/projects/service.js';
import { percentile } from './figures.js';
import { GitRepository } from './git-repository.js';

const CLIPS = 1000;
const ROUNDS = 8;

/** What came of many who committed to one branch at once. */
interface Outcome {
  seconds: number;
  /** The time of each commit in milliseconds, with all its attempts. */
  times: number[];
  /** Commits that were answered with success and are not in the history, or whose work is not in the head. */
  lost: number;
}

/** Commits a second of many who each trim a clip of their own on one branch: the service on PostgreSQL, and git processes. */
export async function benchConcurrency(writers: number): Promise<void> {
  if (!(writers >= 1 && writers <= CLIPS)) throw new Error(`There are 1 to ${CLIPS} writers, a clip for each.`);
  const ours = await ofTheService(writers);
  const peer = await ofGit(writers);
  console.log(
    `\n${writers} writers on one branch, ${ROUNDS} commits each of one trim in ${CLIPS} clips, made to the same head at first and merged or tried again`,
  );
  for (const [name, { seconds, times, lost }] of Object.entries({ 'the service': ours, 'git processes': peer }))
    console.log(
      `${name.padEnd(16)} ${(times.length / seconds).toFixed(1).padStart(8)} commits/s   each ${percentile(times, 50).toFixed(0).padStart(6)} ms (p50) ${percentile(times, 95).toFixed(0).padStart(6)} ms (p95)   lost ${lost} of ${times.length}`,
    );
  console.log(`ratio ${(peer.seconds / ours.seconds).toFixed(1)} ×`);
}

const durationOf = (round: number) => 1 + round / 100;

async function ofTheService(writers: number): Promise<Outcome> {
  const running = await runServices([projects]);
  try {
    const { broker } = running;
    const ada = await person(broker, 'Ada');
    const { id: project_id } = await broker.call(contract.createProject, { name: 'Film' }, ada);
    const video_assets = film(CLIPS);
    const first = await broker.call(contract.createCommit, { project_id, message: 'first', video_assets }, ada);
    const made = new Set<string>();
    const write = async (writer: number) => {
      const times: number[] = [];
      let parent_hash = first.id;
      for (let round = 1; round <= ROUNDS; round++) {
        const path = ['editorState', 'timelineItems', `item${writer}`, 'duration'];
        const changes = [{ path, value: durationOf(round) }];
        const begun = performance.now();
        const wish = { project_id, branch_name: 'main', message: 'trim', changes, parent_hash, rebase: true };
        parent_hash = (await broker.call(commitChanges, wish, ada)).id;
        made.add(parent_hash);
        times.push(performance.now() - begun);
      }
      return times;
    };
    const begun = performance.now();
    const times = (await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))).flat();
    const seconds = (performance.now() - begun) / 1000;
    const { commits } = await broker.call(contract.getGraph, { project_id }, ada);
    const ids = new Set(commits.map(({ id }) => id));
    const { timelineItems } = (await broker.call(contract.getHead, { project_id }, ada)).video_assets
      .editorState as Json;
    const isThere = (writer: number) => timelineItems[`item${writer}`].duration === durationOf(ROUNDS);
    const work = Array.from({ length: writers }, (_, writer) => writer).filter((writer) => !isThere(writer)).length;
    return { seconds, times, lost: times.length - [...made].filter((id) => ids.has(id)).length + work };
  } finally {
    await running.close();
  }
}

/** The cheapest that git offers: plumbing on a bare repository with a file for each clip, and a ref moved by compare-and-set. */
const WRITER = `
export GIT_INDEX_FILE="$PWD/index-$1"
for round in $(seq 1 "$2"); do
  begun=$(date +%s%N)
  blob=$(echo "$1 $round" | git hash-object -w --stdin)
  while :; do
    head=$(git rev-parse refs/heads/main)
    git read-tree "$head"
    git update-index --cacheinfo "100644,$blob,item$1"
    commit=$(git commit-tree -p "$head" -m trim "$(git write-tree)")
    git update-ref refs/heads/main "$commit" "$head" 2>/dev/null && break
  done
  echo "$commit $(( $(date +%s%N) - begun ))"
done`;

async function ofGit(writers: number): Promise<Outcome> {
  const git = new GitRepository();
  try {
    const files = Object.values<Json>(film(CLIPS).editorState.timelineItems).map((item, at) => {
      const text = JSON.stringify(item);
      return `M 100644 inline item${at}\ndata ${text.length}\n${text}\n`;
    });
    git.import(`commit refs/heads/main\ncommitter A <a@b> 1600000000 +0000\ndata 1\nx\n${files.join('')}\ndone\n`);
    const run = (writer: number) =>
      promisify(execFile)('sh', ['-c', WRITER, 'writer', String(writer), String(ROUNDS)], { cwd: git.folder });
    const begun = performance.now();
    const told = await Promise.all(Array.from({ length: writers }, (_, writer) => run(writer)));
    const seconds = (performance.now() - begun) / 1000;
    const made = told.flatMap(({ stdout }) =>
      stdout
        .trim()
        .split('\n')
        .map((each) => each.split(' ')),
    );
    const history = new Set(git.run('rev-list', 'main').split('\n'));
    const isThere = (writer: number) => git.run('show', `main:item${writer}`).trim() === `${writer} ${ROUNDS}`;
    const work = Array.from({ length: writers }, (_, writer) => writer).filter((writer) => !isThere(writer)).length;
    const lost = made.filter(([commit]) => !history.has(commit!)).length + work;
    return { seconds, times: made.map(([, spent]) => Number(spent) / 1e6), lost };
  } finally {
    git.remove();
  }
}
