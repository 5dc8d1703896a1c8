import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually } from '#libs/testing/child-process';
import { film } from '#libs/testing/seeds/film';
import { runPlatform, type RunningPlatform } from './running-platform.js';
import { behind, picture, Visitor, type Json } from './visitor.js';

/** Clips go along when a branch is merged, and stay when what they came from is gone. */
let platform: RunningPlatform;
beforeAll(async () => {
  platform = await runPlatform();
});
afterAll(() => platform?.close());

async function clipOn(who: Visitor, project_id: string): Promise<Json> {
  const { url, object_name } = await who.ok('POST', '/files/presigned-url?filename=shot.png');
  expect((await fetch(url, { method: 'PUT', body: new Uint8Array(picture('shot')) })).status).toBe(200);
  const shot = await who.ok('POST', '/vn/assets', { project_id, type: 'SCREENSHOT', object_name });
  const made = await who.ok('POST', '/vn/comic-to-video', {
    project_id,
    title: 'A clip',
    screenshot_asset_ids: [shot.id],
  });
  return eventually(async () => {
    const clip = await who.ok('GET', `/clips/${made.id}`);
    return clip.status !== 'pending' && clip;
  });
}

test('a clip of a fork is on the branch that it was merged into, once, and is still shown when the fork is gone', async () => {
  const [ada, bob] = [await Visitor.register(platform, 'ada'), await Visitor.register(platform, 'bob')];
  const original: string = (await ada.ok('POST', '/projects', { name: 'Film', is_public: true })).id;
  await ada.commit(original, film({ beach: 1 }));
  const fork: string = (await bob.ok('POST', `/projects/${original}/fork`, {})).id;
  const clip = await clipOn(bob, fork);
  expect(clip).toMatchObject({ status: 'succeeded', branch_name: 'main' });
  await bob.commit(fork, film({ beach: 2 }));
  const wish = { source_branch_name: 'main', source_project_id: fork, clip_ids: [randomUUID(), clip.id, 'nonsense'] };
  const { id } = await bob.ok('POST', `/projects/${original}/merge-requests`, wish);

  const merged = await ada.ok('POST', `/merge-requests/${id}/merge?method=squash`);
  expect(merged.merged_clip_ids).toHaveLength(1);
  const onMain = () => ada.ok('GET', `/clips?project_id=${original}&branch_name=main`);
  const [copy, ...others] = await eventually(async () => {
    const clips = await onMain();
    return clips.length > 0 && clips;
  });
  expect(others).toEqual([]);
  expect(copy).toMatchObject({
    id: merged.merged_clip_ids[0],
    project_id: original,
    branch_name: 'main',
    title: 'A clip',
    status: 'succeeded',
    assets_ref: clip.assets_ref,
    input_artifacts: { merged_from_clip_id: clip.id, merged_from_mr_id: id, original: clip.input_artifacts },
  });

  await eventually(async () => (await counted('asset_uses', original)) >= 2);
  await bob.ok('POST', `/projects/${fork}/delete`, { confirm_project_id: fork, confirm_nickname: 'bob' });
  await eventually(async () => (await bob.ask('GET', `/clips/${clip.id}`)).status === 404);
  await eventually(async () => (await counted('assets', fork)) === 0);
  for (const url of [copy.assets_ref.video_url, ...copy.assets_ref.screenshots])
    expect(await behind(platform, url)).not.toBeNull();
});

/** How much of a table of the media service is a project's. */
async function counted(table: 'assets' | 'asset_uses', project_id: string): Promise<number> {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const gone = table === 'assets' ? 'and deleted_at is null' : '';
  const { rows } = await client.query(`select 1 from media.${table} where project_id = $1 ${gone}`, [project_id]);
  await client.end();
  return rows.length;
}
