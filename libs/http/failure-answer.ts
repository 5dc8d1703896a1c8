import { HttpException } from '@nestjs/common';
import { AppError, type ErrorCode } from '#libs/errors/app-error';

/** An answer that is not the one that was hoped for. */
export interface FailureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly detail: unknown; readonly code: ErrorCode; readonly details?: unknown };
}

/** Someone asks too often; after so many seconds it is worth trying again. */
export class TooManyRequests extends HttpException {
  constructor(readonly seconds: number) {
    super(`Too many requests. Try again in ${seconds} s.`, 429);
  }
}

/** The answer to a failure; a caller who is known is forbidden where a stranger is asked to sign in. */
export function answerTo(thrown: unknown, user_id: string | null = null): FailureAnswer {
  const foreign = statusOf(thrown);
  if (foreign !== undefined) {
    const wait: Record<string, string> =
      thrown instanceof TooManyRequests ? { 'retry-after': String(thrown.seconds) } : {};
    return { status: foreign, headers: wait, body: { detail: (thrown as Error).message, code: codeOf(foreign) } };
  }
  const { code, message, details } = AppError.from(thrown);
  const issues = (details as { issues?: unknown } | undefined)?.issues;
  if (code === 'invalid' && Array.isArray(issues)) return answer(422, { detail: issues, code });
  const body = { detail: message, code, ...(details !== undefined && { details }) };
  const { reason, retry_after_s } = (details ?? {}) as { reason?: unknown; retry_after_s?: unknown };
  const finer = typeof reason === 'string' && code !== 'internal' ? FINER.get(reason) : undefined;
  if (finer !== undefined) {
    const wait: Record<string, string> =
      typeof retry_after_s === 'number' ? { 'retry-after': String(Math.max(1, Math.ceil(retry_after_s))) } : {};
    return { status: finer, headers: wait, body };
  }
  switch (code) {
    case 'invalid':
      return answer(400, body);
    case 'unauthorized':
      return answer(user_id === null ? 401 : 403, body, user_id === null);
    case 'not_found':
      return answer(404, body);
    case 'conflict':
      return answer(409, body);
    case 'unavailable':
      return { ...answer(503, body), headers: { 'retry-after': '1' } };
    case 'internal':
      return answer(500, { detail: message, code });
  }
}

/** Reasons, in the details of a failure, for which HTTP has a finer number than the failure's code gives. */
const FINER: ReadonlyMap<string, number> = new Map([
  ['forbidden', 403],
  ['gone', 410],
  ['precondition_failed', 412],
  ['too_large', 413],
  ['unprocessable', 422],
  ['too_many_requests', 429],
  ['bad_gateway', 502],
]);

/** The answer to a method that a path does not answer to, which names those it does. */
export const methodNotAllowed = (methods: readonly string[]): FailureAnswer => ({
  status: 405,
  headers: { allow: methods.join(', ') },
  body: { detail: 'Method Not Allowed', code: 'invalid' },
});

function answer(status: number, body: FailureAnswer['body'], challenge = false): FailureAnswer {
  return { status, headers: challenge ? { 'www-authenticate': 'Bearer' } : {}, body };
}

/** The number that Nest, Fastify or one of its plugins chose; theirs for server faults are not repeated. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || thrown instanceof AppError) return undefined;
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status === 409) return 'conflict';
  return status === 408 || status === 429 ? 'unavailable' : 'invalid';
}
