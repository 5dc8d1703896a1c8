import { readEvents } from './read-events.js';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

test('events are the same however the line cuts them into pieces', async () => {
  const text = 'retry: 50\n\nid: 1\nevent: progress\ndata: {"a":\ndata: "ü"}\n\n:\n\nid: 2\r\ndata:x\r\n\r\ndata: half';
  for (const size of [1, 2, 3, 1000]) {
    const all = [];
    for await (const event of readEvents(inPieces(text, size))) all.push(event);
    expect(all).toEqual([
      { id: '1', event: 'progress', data: '{"a":\n"ü"}', retry_ms: 50 },
      { id: '2', event: 'message', data: 'x', retry_ms: 50 },
    ]);
  }
});
