import { maxHeaderSize } from 'node:http';
import type { Socket } from 'node:net';

type Fault = Error & { code?: string; reason?: string };

/** So long whoever was answered may take to read it and hang up. */
const FAREWELL_MS = 5000;
const answered = new WeakSet<Socket>();

/**
 * What the HTTP parser could not read at all, before there was a request: it is answered once, in the shape of all failures, and the
 * connection ends. Nothing is written into the middle of an answer that is on its way to an earlier request.
 */
export function answerUnreadable(fault: Fault, socket: Socket): void {
  // What comes after it is read away, so that the connection is not reset before the answer is read.
  if (answered.has(socket)) return;
  const underway = (socket as { _httpMessage?: { headersSent: boolean } | null })._httpMessage?.headersSent === true;
  if (fault.code === 'ECONNRESET' || !socket.writable || underway) {
    socket.destroy();
    return;
  }
  answered.add(socket);
  const goodbye = setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
  socket.once('close', () => clearTimeout(goodbye));
  socket.end(answerTo(fault));
}

function answerTo(fault: Fault): string {
  const [status, words, detail] = said(fault);
  const body = JSON.stringify({ detail, code: status === 408 ? 'unavailable' : 'invalid' });
  const head = [`HTTP/1.1 ${status} ${words}`, 'Content-Type: application/json; charset=utf-8', 'Connection: close'];
  return `${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function said({ code, reason }: Fault): [status: number, words: string, detail: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'Request Header Fields Too Large', `The address and headers are longer than ${maxHeaderSize} bytes together: send fewer or shorter ones.`]; // prettier-ignore
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, 'Payload Too Large', 'The chunk extensions of the body are too long: send it without any.'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'Request Timeout', 'The request did not come whole in time: send it again.'];
    case 'HPE_INVALID_URL':
      return [400, 'Bad Request', 'The address has characters that may not stand in one: percent-encode everything that is not ASCII, as %E4%BD%A0 for 你, and spaces as %20.']; // prettier-ignore
    default:
      return [400, 'Bad Request', `This is no HTTP request that can be read${reason ? ` (${reason})` : ''}: look at its first line, its headers and its length.`]; // prettier-ignore
  }
}
