/** One server-sent event; `data` is its text. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
  /** How long to wait before coming back, where the stream has said so, in milliseconds. */
  readonly retry_ms?: number;
}

/** The events of a stream as the WHATWG describes `text/event-stream`; comments are passed over, half an event at the end too. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  let fields: Record<string, string> = {};
  let id = '';
  let retry_ms: number | undefined;
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (fields.data !== undefined)
        yield { id, event: fields.event ?? 'message', data: fields.data, ...(retry_ms !== undefined && { retry_ms }) };
      fields = {};
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?::\s?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
    else if (name === 'event') fields.event = value;
    else if (name === 'id') id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retry_ms = Number(value);
  }
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    yield* lines;
  }
}
