import { jsonOf } from '#libs/timeline/unread-json';

/** An answer with a status or headers of its own; bytes go out as they are, everything else as JSON. */
export function answerWith({ status = 200, headers = {}, body }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (body instanceof Uint8Array) return new Response(body as Uint8Array<ArrayBuffer>, { status, headers });
  return new Response(jsonOf(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
