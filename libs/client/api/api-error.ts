import { AppError, ERROR_CODES, type ErrorCode } from '#libs/errors/app-error';

/** The server said no, or could not be asked (`status` 0): its code, its own words, and the id its logs know the request by. */
export class ApiError extends AppError {
  readonly status: number;
  readonly asked: string;
  readonly request_id: string;
  /** What the server said about when to come back, as its header has it. */
  readonly retry_after: string | null;
  /** Whether these are the words of the platform, or of the cloud there was before it, and not of something in between. */
  readonly by_platform: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    { details, cause, retry_after = null, by_platform = false, ...request }: About,
  ) {
    super(code, message, details, { cause });
    this.retry_after = retry_after;
    this.by_platform = by_platform;
    this.status = request.status;
    this.asked = request.asked;
    this.request_id = request.request_id;
  }
}

interface About {
  status: number;
  asked: string;
  request_id: string;
  details?: unknown;
  cause?: unknown;
  retry_after?: string | null;
  by_platform?: boolean;
}

/** What an answer that is not the one hoped for means; `body` is its text. */
export function refusal(response: Response, body: string, asked: string, request_id: string): ApiError {
  const { detail, code, details } = envelope(body);
  const { status } = response;
  const words = inWords(detail) ?? `The server answered ${status} ${response.statusText}`.trim();
  const said = ERROR_CODES.find((word) => word === code);
  return new ApiError(said ?? codeOf(status), words, {
    status,
    by_platform: said !== undefined || isOfEarlierCloud(status, detail),
    asked,
    request_id: response.headers.get('x-request-id') ?? request_id,
    details: details ?? (Array.isArray(detail) ? { issues: detail } : undefined),
    retry_after: response.headers.get('retry-after'),
  });
}

/** A browser tells that there is one, and nothing else of it. */
export const isRedirect = ({ status, type, headers }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400 && headers.has('location'));

/** The server sends the request on to another address, which gets nothing of it. */
export function redirected(response: Response, url: string, asked: string, request_id: string): ApiError {
  const to = URL.parse(response.headers.get('location') ?? '', url);
  const place = to === null ? 'another address' : to.origin === new URL(url).origin ? to.pathname : to.origin;
  const words = `${new URL(url).origin} redirects to ${place}, and a request with credentials is not sent on. If that is the server, give its address.`;
  return new ApiError('invalid', words, { status: response.status, asked, request_id });
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the line broke',
  ENOTFOUND: 'there is no host of that name',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
};

/** The server could not be reached, or did not answer in time. */
export function unreachable(thrown: unknown, url: string, asked: string, request_id: string): ApiError {
  const { cause, name } = thrown as { cause?: { code?: unknown; message?: unknown }; name?: unknown };
  const why =
    name === 'TimeoutError'
      ? 'it did not answer in time'
      : typeof cause?.code === 'string'
        ? [WHY[cause.code], cause.code].filter(Boolean).join(', ')
        : String(cause?.message ?? thrown);
  const words = `${new URL(url).origin} cannot be reached: ${why}.`;
  return new ApiError('unavailable', words, { status: 0, asked, request_id, cause: thrown });
}

/** The cloud there was before told what was wrong by `detail` alone: issues of a question, and what it did not know. */
const isOfEarlierCloud = (status: number, detail: unknown): boolean =>
  (status === 422 && Array.isArray(detail)) || (status === 404 && typeof detail === 'string');

function envelope(body: string): { detail?: unknown; code?: unknown; details?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Issues become one line each, with the field they are about. */
function inWords(detail: unknown): string | undefined {
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return undefined;
  return detail
    .map((issue: { loc?: unknown[]; msg?: unknown }) => {
      const field = issue.loc?.slice(1).join('.');
      return field ? `${field}: ${String(issue.msg)}` : String(issue.msg);
    })
    .join('; ');
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 408 || status === 429 || (status >= 502 && status <= 504)) return 'unavailable';
  return status >= 500 ? 'internal' : 'invalid';
}
