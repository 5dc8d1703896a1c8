import { film } from '#libs/testing/seeds/film';
import { runPlatform, type RunningPlatform } from './running-platform.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** The whole platform in this process, reached over HTTP only, as by anybody. */
let platform: RunningPlatform;
beforeAll(async () => {
  platform = await runPlatform();
});
afterAll(() => platform?.close());

interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}
type Ask = (line: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** Somebody with an account, who asks like a browser would. */
async function person(name: string): Promise<Ask> {
  const base = `${platform.url}/api/v1`;
  const email = `${name.toLowerCase()}@example.org`;
  const account = { email, password: 'correct horse battery', full_name: name };
  const json = { 'content-type': 'application/json' };
  await fetch(`${base}/auth/register`, { method: 'POST', headers: json, body: JSON.stringify(account) });
  const form = new URLSearchParams({ username: email, password: account.password });
  const { access_token } = (await (await fetch(`${base}/auth/login`, { method: 'POST', body: form })).json()) as {
    access_token: string;
  };
  return async (line, body, headers = {}) => {
    const [method, path] = line.split(' ') as [string, string];
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${access_token}`, ...(body !== undefined && json), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
}

function telling(narrations: Record<string, string>, shots = { beach: 4, forest: 2, city: 3 }): Json {
  const document = film(shots) as Json;
  for (const [beat, narration] of Object.entries(narrations))
    document.editorState.beats[`beat_${beat}`].narration = narration;
  return document;
}

test('two people, a fork, a request in conflict, a review, a resolution, a merge, a release and a revert', async () => {
  const [ada, bob] = await Promise.all([person('Ada'), person('Bob')]);
  const ok = async (answer: Promise<Answer>): Promise<Json> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body;
  };

  const { id: film_id } = await ok(ada('POST /projects', { name: 'The storm', is_public: true }));
  const commit = (by: Ask, project_id: string, message: string, video_assets: Json) =>
    ok(by('POST /commits', { project_id, message, video_assets }));
  await commit(ada, film_id, 'First cut', telling({}));
  await ok(
    ada(`PUT /projects/${film_id}/branches/main/rule`, {
      push: 'maintainers',
      required_approvals: 0,
      resolved_threads: true,
    }),
  );

  const { id: fork_id } = await ok(bob(`POST /projects/${film_id}/fork`, {}));
  await commit(bob, fork_id, 'Rain, and a longer beach', telling({ city: 'Rain.' }, { beach: 6, forest: 2, city: 3 }));
  await commit(ada, film_id, 'Snow', telling({ city: 'Snow.' }));

  const compared = await ok(bob(`GET /projects/${film_id}/compare?base=main&head=main&head_project_id=${fork_id}`));
  expect(compared).toMatchObject({ ahead: 1, behind: 1 });
  expect(compared.words).toContain('All later shots on track 0 start 2 s later');

  const request = await ok(
    bob(`POST /projects/${film_id}/merge-requests`, {
      source_project_id: fork_id,
      source_branch_name: 'main',
      title: 'Rain',
    }),
  );
  const at = `/merge-requests/${request.id}`;
  const { body: preview } = await ada(`GET ${at}/preview?language=zh`);
  expect(preview.can_merge).toBe(false);
  expect(preview.blockers).toMatchObject([{ code: 'conflicts', words: '还有 1 处冲突需要解决。' }]);
  const refused = await ada(`POST ${at}/merge`);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);

  const thread = await ada(`POST ${at}/threads`, {
    body: 'How loud is it?',
    anchor: { commit_id: request.head_commit_id, entity: 'shot', entity_id: 'city', source_frame: 10, rate: [25, 1] },
  });
  expect([thread.status, thread.body.position.timeline_frame]).toEqual([201, 210]);
  await ok(bob(`POST ${at}/threads/${thread.body.id}/comments`, { body: 'Loud.' }));

  const { items } = await ok(ada(`GET ${at}/conflicts`));
  expect(items[0].what).toBe(
    'Both main and main (fork) changed the narration of beat “Snow.”: main to “Snow.”, main (fork) to “Rain.”',
  );
  const settled = await ok(bob(`PUT ${at}/conflicts/${items[0].id}`, { take: 'value', value: 'Sleet.' }));
  expect(settled.open).toBe(0);
  const review = await ada(`POST ${at}/reviews`, { verdict: 'approved', head_commit_id: request.head_commit_id });
  expect([review.status, review.body.approvals]).toEqual([201, 1]);
  expect((await ada(`POST ${at}/merge`)).body.details.blockers).toMatchObject([{ code: 'threads_open' }]);
  await ok(bob(`PATCH ${at}/threads/${thread.body.id}`, { is_resolved: true }));

  const merged = await ok(
    ada(`POST ${at}/merge?expected_source_head=${settled.source_head}&expected_target_head=${settled.target_head}`),
  );
  expect(merged).toMatchObject({ status: 'merged', source_project_id: fork_id });
  const head = await ok(ada(`GET /projects/${film_id}/head`));
  expect(head.video_assets.editorState.beats.beat_city.narration).toBe('Sleet.');
  expect(head.video_assets.editorData[0].actions[1].start).toBe(6);

  const tag = await ada(`POST /projects/${film_id}/tags`, { name: 'v1', release: { title: 'Premiere' } });
  expect([tag.status, tag.body.commit_id]).toEqual([201, merged.merge_commit_id]);

  const reverted = await ok(ada(`POST /projects/${film_id}/revert`, { commit: merged.merge_commit_id, mainline: 1 }));
  expect(reverted.words).toContain('All later shots on track 0 start 2 s earlier');
  const after = await ok(ada(`GET /projects/${film_id}/workspace`));
  expect(after.editorState.beats.beat_city.narration).toBe('Snow.');
  const reflog = await ok(ada(`GET /projects/${film_id}/reflog?branch_name=main`));
  expect(reflog.items.map(({ move }: Json) => move)).toEqual([
    'reverted',
    'merged',
    'committed',
    'committed',
    'created',
  ]);
  const blame = await ok(bob(`GET /projects/${film_id}/blame?entity=beat&id=beat_city&ref=v1`));
  expect(blame.fields.find(({ field }: Json) => field === 'narration').commit.author_name).toBe('Ada');
});

test('a workspace is saved over what was read; old clients save as ever; names with slashes are names', async () => {
  const ada = await person('Ida');
  const { id } = (await ada('POST /projects', { name: 'Film' })).body;
  const first = await ada(`PUT /projects/${id}/workspace`, telling({}));
  const etag = first.headers.get('etag')!;
  expect((await ada(`GET /projects/${id}/workspace`, undefined, { 'if-none-match': etag })).status).toBe(304);
  await ada(`PUT /projects/${id}/workspace`, telling({ city: 'Rain.' }));
  const stale = await ada(`PUT /projects/${id}/workspace`, telling({ city: 'Lost.' }), { 'if-match': etag });
  expect([stale.status, stale.body.details.reason]).toEqual([412, 'precondition_failed']);
  const now = await ada(`GET /projects/${id}/workspace`);
  expect(now.body.editorState.beats.beat_city.narration).toBe('Rain.');
  const saved = await ada(`PUT /projects/${id}/workspace`, telling({ city: 'Kept.' }), {
    'if-match': now.headers.get('etag')!,
  });
  expect(saved.status).toBe(200);
  await ada(`POST /projects/${id}/fork-branch`, { name: 'ada/try' });
  const renamed = await ada(`PATCH /projects/${id}/branches/${encodeURIComponent('ada/try')}`, { name: 'ada/cut' });
  expect([renamed.status, renamed.body.name]).toEqual([200, 'ada/cut']);
  expect((await ada(`DELETE /projects/${id}/branches/${encodeURIComponent('ada/cut')}`)).status).toBe(200);
});
