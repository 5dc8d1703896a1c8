/** The six words for everything that can go wrong; only the gateway turns them into HTTP numbers. */
export const ERROR_CODES = ['invalid', 'unauthorized', 'not_found', 'conflict', 'unavailable', 'internal'] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses the broker, and what the gateway shows: never a stack, never the message of an unknown error. */
export interface Failure {
  code: ErrorCode;
  message: string;
  details?: unknown;
}

/** The one error class. It crosses a process boundary whole: `toFailure()` on one side, `AppError.from()` on the other. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details?: unknown,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  toFailure(): Failure {
    return { code: this.code, message: this.message, ...(this.details === undefined ? {} : { details: this.details }) };
  }

  /** Turns anything thrown, or a failure from the wire, into an AppError; what nobody foresaw becomes `internal` without its message. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (isFailure(thrown)) return new AppError(thrown.code, thrown.message, thrown.details);
    const { code, message } = classify(thrown);
    return new AppError(code, message, undefined, { cause: thrown });
  }
}

function isFailure(value: unknown): value is Failure {
  const failure = value as Failure | null;
  return (
    typeof failure === 'object' &&
    failure !== null &&
    !(failure instanceof Error) &&
    typeof failure.message === 'string' &&
    ERROR_CODES.includes(failure.code)
  );
}

/** Connection trouble by Node's and PostgreSQL's own codes, so that a lost database is `unavailable` everywhere. */
const CONNECTION_LOST =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|57P0[123]|08\w{3}|53\w{3})$/;
const CONNECTION_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|pool after calling end|Driver not Connected/i;
const TRY_AGAIN = /^(40001|40P01|55P03|57014)$/;

function classify(thrown: unknown): { code: ErrorCode; message: string } {
  const code = errorCode(thrown);
  const text = thrown instanceof Error ? thrown.message : '';
  if (CONNECTION_LOST.test(code) || CONNECTION_WORDS.test(text))
    return {
      code: 'unavailable',
      message: 'A component this needs cannot be reached right now. Try again in a moment.',
    };
  if (TRY_AGAIN.test(code))
    return { code: 'unavailable', message: 'Too many changes to the same thing at once. Try again in a moment.' };
  if (code === '22P05' || code === '22021')
    return { code: 'invalid', message: 'Text may not contain the character U+0000.' };
  if (code === '23505') return { code: 'conflict', message: 'Something with the same name or key exists already.' };
  return { code: 'internal', message: 'Something went wrong on our side.' };
}

function errorCode(thrown: unknown): string {
  const error = thrown as { code?: unknown; driverError?: { code?: unknown }; errors?: unknown[] } | null | undefined;
  const code = error?.driverError?.code ?? error?.code ?? (error?.errors?.[0] as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
