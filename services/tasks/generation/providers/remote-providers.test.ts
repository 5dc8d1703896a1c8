import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outbound } from '#libs/outbound/outbound';
import { readAllowList } from '#libs/outbound/allow-list';
import type { Workshop } from '../provider.js';
import { ComfyUi } from './comfyui.js';
import { OpenAiChat, scenesOf } from './openai-chat.js';
import { Seedance } from './seedance.js';
import { Stability } from './stability.js';

/** Small servers that speak as the providers do; what they were asked is kept. */
type Answer = { status?: number; json?: unknown; bytes?: Buffer } | undefined;
interface Ask {
  line: string;
  key: string | undefined;
  body: string;
}
const opened: (() => void)[] = [];
const folder = mkdtempSync(join(tmpdir(), 'providers-'));
afterEach(() => opened.splice(0).forEach((close) => close()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function server(answer: (line: string, ask: Ask) => Answer): Promise<{ url: string; asked: Ask[] }> {
  const asked: Ask[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const ask = {
      line: `${request.method} ${request.url}`,
      key: request.headers.authorization,
      body: Buffer.concat(chunks).toString('latin1'),
    };
    asked.push(ask);
    const { status = 200, json, bytes } = answer(ask.line, ask) ?? { status: 404 };
    response.writeHead(status).end(bytes ?? JSON.stringify(json ?? {}));
  };
  const listening = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  opened.push(() => (listening.closeAllConnections(), listening.close()));
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, asked };
}

const signal = new AbortController().signal;
const shop = (): Workshop => ({ directory: mkdtempSync(join(folder, 'shop-')), signal, progress: () => {} });
const outbound = new Outbound(readAllowList('127.0.0.1').list);
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const face = join(folder, 'face.png');
writeFileSync(face, PNG);
const mara = { name: 'Mara', url: 'https://media.test/mara.png', path: face };
const size = { width: 512, height: 512 };

describe('a chat model', () => {
  const scene = { scene_number: 1, visual_description: ' A ship ', narration: 'It sails.' };
  const answering = (content: string) => () => ({ json: { choices: [{ message: { content } }] } });

  it('is asked for a storyboard as OpenAI is, and its answer is read with or without a fence', async () => {
    const { url, asked } = await server(answering('```json\n' + JSON.stringify([scene]) + '\n```'));
    const chat = new OpenAiChat({ baseUrl: url, key: 'sk-1', model: 'some-model' });
    expect(await chat.storyboard('The sea', signal)).toEqual([{ ...scene, visual_description: 'A ship' }]);
    expect(asked[0]).toMatchObject({ line: 'POST /chat/completions', key: 'Bearer sk-1' });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ model: 'some-model', temperature: 0.7 });
  });

  it('that answers something else fails in words that tell what', () => {
    expect(() => scenesOf('Sure! Here it is')).toThrow(/^Failed to parse LLM output: /);
    expect(() => scenesOf('[{"scene_number":1,"narration":"x"}]')).toThrow('0.visual_description: Field required');
    expect(() => scenesOf('[]')).toThrow(/scenes/);
  });

  it('that is overloaded may be asked again, one that refuses may not, and its key is never repeated', async () => {
    for (const [status, code] of [
      [503, 'unavailable'],
      [429, 'unavailable'],
      [401, 'invalid'],
    ] as const) {
      const { url } = await server((_line, { key }) => ({ status, json: { error: `bad key ${key}` } }));
      const asking = new OpenAiChat({ baseUrl: url, key: 'sk-secret', model: 'm' }).storyboard('x', signal);
      const error = await asking.catch((thrown: unknown) => thrown as Error);
      expect(error).toMatchObject({ code, details: { reason: 'bad_gateway' } });
      expect((error as Error).message).not.toContain('sk-secret');
    }
    const gone = new OpenAiChat({ baseUrl: 'http://127.0.0.1:1', model: 'm' }).storyboard('x', signal);
    await expect(gone).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('Stability', () => {
  it('makes a picture of words, and begins from a reference when there is one', async () => {
    const { url, asked } = await server(() => ({ json: { artifacts: [{ base64: PNG.toString('base64'), seed: 7 }] } }));
    const stability = new Stability({ host: url, key: 'k' });
    const made = await stability.picture({ prompt: 'A cat', references: [], ...size }, shop());
    expect(readFileSync(made.path)).toEqual(PNG);
    expect(asked[0]!.line).toBe('POST /v1/generation/stable-diffusion-v1-6/text-to-image');
    expect(JSON.parse(asked[0]!.body)).toEqual({
      text_prompts: [{ text: 'A cat' }],
      cfg_scale: 7,
      steps: 30,
      samples: 1,
    });
    const bound = await stability.picture({ prompt: 'Mara waits', references: [mara], ...size }, shop());
    expect(asked[1]!.line).toBe('POST /v1/generation/stable-diffusion-v1-6/image-to-image');
    expect(asked[1]!.body).toContain('name="init_image"');
    expect(asked[1]!.body).toContain('Mara waits');
    expect(bound.provenance).toMatchObject({ provider: 'stability', references: [mara.url], parameters: { seed: 7 } });
  });

  it('that makes nothing says so', async () => {
    const { url } = await server(() => ({ json: { artifacts: [] } }));
    const making = new Stability({ host: url, key: 'k' }).picture({ prompt: 'x', references: [], ...size }, shop());
    await expect(making).rejects.toMatchObject({ code: 'invalid', message: 'Stability made no picture of this.' });
  });
});

describe('Seedance', () => {
  const brief = {
    prompt: 'It turns',
    narration: '',
    picture: { path: face, url: 'https://media.test/p.png' },
    ...size,
  };

  it('is begun with a picture, asked after, and its film fetched', async () => {
    let looks = 0;
    const { url, asked } = await server((line) => {
      if (line === 'POST /generation/image-to-video') return { json: { id: 'job 1' } };
      if (line === 'GET /film.mp4') return { bytes: Buffer.from('film') };
      if (line !== 'GET /tasks/job%201') return undefined;
      return {
        json: ++looks < 3 ? { status: 'running' } : { status: 'succeeded', output: { url: `${url}/film.mp4` } },
      };
    });
    const made = await new Seedance({ baseUrl: url, key: 'k', lookEveryMs: 5 }, outbound).film(brief, shop());
    expect(readFileSync(made.path, 'utf8')).toBe('film');
    expect(JSON.parse(asked[0]!.body)).toEqual({
      image_url: brief.picture.url,
      prompt: 'It turns',
      motion_bucket_id: 127,
    });
    expect(looks).toBe(3);
  });

  it('that fails says why, and one that never ends is given up', async () => {
    const failing = await server((line) => ({
      json: line.startsWith('POST') ? { id: '1' } : { status: 'failed', error: 'no credit' },
    }));
    const made = new Seedance({ baseUrl: failing.url, lookEveryMs: 1 }, outbound).film(brief, shop());
    await expect(made).rejects.toMatchObject({ code: 'invalid', message: 'Seedance failed: no credit' });
    const endless = await server((line) => ({ json: line.startsWith('POST') ? { id: '1' } : { status: 'running' } }));
    const late = new Seedance({ baseUrl: endless.url, lookEveryMs: 1 }, outbound).film(brief, shop());
    await expect(late).rejects.toMatchObject({ code: 'unavailable', message: 'Generation timed out' });
  });
});

describe('ComfyUI', () => {
  it('gets the workflow with the words filled in, and its picture is fetched', async () => {
    const { url, asked } = await server((line) => {
      if (line === 'POST /prompt') return { json: { prompt_id: 'p1' } };
      if (line.startsWith('GET /view')) return { bytes: PNG };
      const outputs = { saved: { images: [{ filename: 'a b.png', subfolder: '', type: 'output' }] } };
      return { json: { p1: { status: { completed: true, status_str: 'success' }, outputs } } };
    });
    const comfy = new ComfyUi({ url, checkpoint: 'some.safetensors', lookEveryMs: 1 });
    const made = await comfy.picture({ prompt: 'A "quoted" cat', references: [], ...size }, shop());
    expect(readFileSync(made.path)).toEqual(PNG);
    const { prompt } = JSON.parse(asked[0]!.body) as { prompt: Record<string, { inputs: Record<string, unknown> }> };
    expect(prompt.wanted!.inputs.text).toBe('A "quoted" cat');
    expect(prompt.empty!.inputs.width).toBe(512);
    expect(asked.at(-1)!.line).toContain('filename=a+b.png');
    expect(comfy.film).toBeUndefined();
  });

  it('takes references and first frames by a workflow of the operator’s, and is called off with the task', async () => {
    const workflow = join(folder, 'flow.json');
    writeFileSync(workflow, JSON.stringify({ in: { class_type: 'LoadImage', inputs: { image: '{{picture}}' } } }));
    const abort = new AbortController();
    const { url, asked } = await server((line) => {
      if (line === 'POST /upload/image') return { json: { name: 'up.png', subfolder: '' } };
      if (line === 'POST /prompt') return { json: { prompt_id: 'p1' } };
      if (line.startsWith('GET /history')) abort.abort(new Error('enough'));
      return { json: {} };
    });
    const comfy = new ComfyUi({ url, checkpoint: '', filmWorkflow: workflow, lookEveryMs: 1 });
    const brief = { prompt: 'x', narration: '', picture: { path: face, url: mara.url }, ...size };
    await expect(comfy.film!(brief, { ...shop(), signal: abort.signal })).rejects.toThrow('enough');
    expect(JSON.parse(asked[1]!.body)).toMatchObject({ prompt: { in: { inputs: { image: 'up.png' } } } });
    expect(asked.map(({ line }) => line)).toContain('POST /interrupt');
  });

  it('that stumbles over its workflow says so', async () => {
    const { url } = await server((line) => ({
      json:
        line === 'POST /prompt'
          ? { prompt_id: 'p' }
          : { p: { status: { status_str: 'error', messages: ['no VRAM'] } } },
    }));
    const making = new ComfyUi({ url, checkpoint: '', lookEveryMs: 1 }).picture(
      { prompt: 'x', references: [], ...size },
      shop(),
    );
    await expect(making).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('no VRAM') as string,
    });
  });
});
