import { createHash } from 'node:crypto';
import { eventually } from '#libs/testing/child-process';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** Somebody who talks to a platform by HTTP. */
export class Visitor {
  id = '';
  constructor(
    private readonly side: { readonly url: string },
    readonly token: string,
  ) {}

  static async register(side: { readonly url: string }, name: string): Promise<Visitor> {
    const account = { email: `${name}@example.org`, password: 'secret words' };
    const at = `${side.url}/api/v1/auth`;
    const headers = { 'content-type': 'application/json' };
    await fetch(`${at}/register`, { method: 'POST', headers, body: JSON.stringify({ ...account, full_name: name }) });
    const body = new URLSearchParams({ username: account.email, password: account.password });
    const { access_token } = (await (await fetch(`${at}/login`, { method: 'POST', body })).json()) as {
      access_token: string;
    };
    const visitor = new Visitor(side, access_token);
    visitor.id = ((await visitor.ok('GET', '/users/me')) as { id: string }).id;
    return visitor;
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
    const answer = await this.answer(method, path, body);
    return { status: answer.status, body: (await answer.json()) as Json };
  }

  answer(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return fetch(`${this.side.url}/api/v1${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async ok(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.ask(method, path, body);
    expect([path, answer.status, answer.status === 200 ? null : answer.body]).toEqual([path, 200, null]);
    return answer.body;
  }

  commit = (project_id: string, video_assets: object, branch_name = 'main') =>
    this.ok('POST', '/commits', { project_id, message: `on ${branch_name}`, video_assets, branch_name });
  head = (project_id: string, branch_name = 'main') =>
    this.ok('GET', `/projects/${project_id}/head?branch_name=${encodeURIComponent(branch_name)}`);
}

/** A picture of one pixel, which a word makes another one. */
export const picture = (colour: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
    Buffer.from(colour),
  ]);

/** Uploads a picture into a project and gives its asset. */
export async function upload(who: Visitor, project_id: string, bytes: Buffer): Promise<Json> {
  const files = [{ filename: 'picture.png', size: bytes.length, content_type: 'image/png' }];
  const { uploads } = await who.ok('POST', '/media/uploads', { files, project_id });
  const { id, url, part_count, part_size } = uploads[0];
  for (let part = 1; part <= part_count; part++) {
    const wish = { part_numbers: [part] };
    const link = url ?? (await who.ok('POST', `/media/uploads/${id}/parts`, wish)).parts[0].url;
    const body = new Uint8Array(url ? bytes : bytes.subarray((part - 1) * part_size, part * part_size));
    expect((await fetch(link, { method: 'PUT', body })).status).toBe(200);
  }
  const { asset } = await who.ok('POST', `/media/uploads/${uploads[0].id}/complete`);
  expect(asset).toMatchObject({ state: 'ready', sha256: createHash('sha256').update(bytes).digest('hex') });
  return asset;
}

/** What a side shows behind the path of a link that documents carry, or null if that leads nowhere there. */
export async function behind(side: { readonly url: string }, link: string): Promise<Buffer | null> {
  const path = link.slice(link.indexOf('/api/v1/'));
  const answer = await fetch(`${side.url}${path}`);
  const body = Buffer.from(await answer.arrayBuffer());
  return answer.status === 200 ? body : null;
}

/** The same, once what was told of it has been heard. */
export const found = (side: { readonly url: string }, link: string) =>
  eventually(async () => (await behind(side, link)) ?? undefined);
