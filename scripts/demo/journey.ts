import assert from 'node:assert/strict';
import type { Api } from './api.js';
import { cutList, renameFirstShot, trimLastShot } from './edits.js';

type Json = Record<string, unknown>;
type Named = { id: string; name: string };

/** The story the product is about: two people, one film, both edit, and the edits come together. Throws where it does not hold. */
export async function playJourney(
  api: Api,
  film: { name: string; document: Json; losses: string[] },
  say: (line: string) => void,
): Promise<void> {
  let number = 0;
  const step = (line: string) => say(`${String(++number).padStart(2)}. ${line}`);

  const ada = await signUp(api, 'Ada Lindqvist');
  const bo = await signUp(api, 'Bo Tanaka');
  step('Ada and Bo have accounts and are signed in.');

  const project = await ada.post<Named>('/projects', {
    name: film.name,
    description: 'Made in the demo.',
    tags: ['电影', 'demo'],
    is_public: true,
  });
  step(`Ada makes the public project “${project.name}” (${project.id}).`);

  const on = `/projects/${project.id}`;
  await ada.put(`${on}/workspace?branch_name=main`, film.document);
  const shots = cutList(film.document);
  assert.ok(shots.length > 0, 'the film has no shots');
  step(`Her workspace is the film: ${shots.length} shots, ${seconds(shots)} of material.`);
  for (const loss of film.losses) say(`      not carried over: ${loss}`);

  const first = await commit(ada, project.id, 'main', 'First cut', film.document);
  step(`She commits it as “First cut” (${first.id.slice(0, 12)}).`);

  const fork = await bo.post<Named>(`${on}/fork`, {});
  const graph = await bo.get<{ commits: unknown[] }>(`/projects/${fork.id}/graph`);
  step(`Bo forks the whole project: “${fork.name}”, with ${graph.commits.length} commit of history.`);

  const branch = await bo.post<Named>(`${on}/fork-branch`, {});
  const copy = await bo.get<Json>(`${on}/workspace?branch_name=${encodeURIComponent(branch.name)}`);
  assertSame(cutList(copy), shots);
  step(`Bo also takes a branch on Ada's project: ${branch.name}. It starts as her film.`);

  const trimmed = trimLastShot(copy);
  await bo.put(`${on}/workspace?branch_name=${encodeURIComponent(branch.name)}`, trimmed.document);
  await commit(bo, project.id, branch.name, 'Tighter ending', trimmed.document);
  step(`Bo ${trimmed.words}, and commits.`);

  const renamed = renameFirstShot(film.document, 'Opening, dawn');
  await ada.put(`${on}/workspace?branch_name=main`, renamed.document);
  await commit(ada, project.id, 'main', 'Name the opening', renamed.document);
  step(`Meanwhile Ada ${renamed.words}, and commits on main.`);

  const request = await bo.post<{ id: string }>(`${on}/merge-requests`, {
    source_branch_name: branch.name,
    target_branch_name: 'main',
    title: 'Tighter ending',
  });
  step('Bo asks Ada to merge his branch. What is in it, in words:');
  const compare = (language: string) =>
    ada.get<{ ahead: number; behind: number; words: string[] }>(
      `${on}/compare?base=main&head=${encodeURIComponent(branch.name)}&language=${language}`,
    );
  const [english, chinese] = await Promise.all([compare('en'), compare('zh')]);
  assertSame([english.ahead, english.behind], [1, 1]);
  assert.ok(english.words.length > 0, 'the trim must be told');
  for (const line of [...english.words, ...chinese.words]) say(`      ${line}`);

  const merged = await ada.post<{ status: string; merge_commit_id: string }>(`/merge-requests/${request.id}/merge`);
  const head = await ada.get<{ commit_id: string; video_assets: Json }>(`${on}/head`);
  assert.equal(head.commit_id, merged.merge_commit_id);
  const expected = cutList(trimLastShot(renamed.document).document);
  assertSame(cutList(head.video_assets), expected, 'the merge must hold both edits and nothing else');
  assertSame(cutList(await ada.get<Json>(`${on}/workspace`)), expected);
  step(`Ada merges it (${merged.merge_commit_id.slice(0, 12)}): main now has both edits, ${seconds(expected)}.`);

  assert.equal(await bo.post<boolean>(`${on}/like`), true);
  step('Bo likes the film.');

  const feed = await api.get<(Named & { likes_count: number; owner: { full_name: string } })[]>(
    '/projects/feed?sort=new&limit=40',
  );
  const shown = feed.find(({ id }) => id === project.id);
  assert.equal(shown?.likes_count, 1);
  step(`Anybody sees it on Discover: “${shown!.name}” by ${shown!.owner.full_name}, ${shown!.likes_count} like.`);

  const payload = await bo.get<Json>(`${on}/export?branch_name=main`);
  step(`Bo exports it (${(JSON.stringify(payload).length / 1024).toFixed(0)} KB).`);

  const imported = await bo.post<Named>('/projects/import', payload);
  const again = await bo.get<{ video_assets: Json }>(`/projects/${imported.id}/head`);
  assertSame(again.video_assets, head.video_assets);
  step(`And imports it as a project of his own (${imported.id}): the same film, shot by shot.`);
  say('\nEverything held.\n');
}

/** Equal as JSON: what was sent and what came back. */
function assertSame(actual: unknown, expected: unknown, words?: string): void {
  assert.equal(JSON.stringify(actual), JSON.stringify(expected), words);
}

async function signUp(api: Api, full_name: string): Promise<Api> {
  const email = `${full_name.split(' ')[0]!.toLowerCase()}.${Date.now().toString(36)}@example.org`;
  const password = `demo ${Math.random().toString(36).slice(2)}`;
  await api.post('/auth/register', { email, password, full_name });
  const form = new URLSearchParams({ username: email, password });
  return api.as((await api.post<{ access_token: string }>('/auth/login', form)).access_token);
}

function commit(
  api: Api,
  project_id: string,
  branch_name: string,
  message: string,
  document: Json,
): Promise<{ id: string }> {
  return api.post('/commits', { project_id, branch_name, message, video_assets: document });
}

function seconds(shots: { seconds: number }[]): string {
  return `${shots.reduce((sum, shot) => sum + shot.seconds, 0).toFixed(1)} s`;
}
