/** The server said no: what was asked, the status, and its own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    asked: string,
    detail: unknown,
  ) {
    super(`${asked} was answered with ${status}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`);
  }
}

/** A client of the public HTTP interface, as anybody's would be. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  as(token: string): Api {
    return new Api(this.url, token);
  }

  get<T>(path: string): Promise<T> {
    return this.ask('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.ask('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.ask('PUT', path, body);
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const form = body instanceof URLSearchParams;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && !form && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    });
    const answer = (await response.json()) as T & { detail?: unknown };
    if (!response.ok) throw new Refusal(response.status, `${method} ${path}`, answer.detail);
    return answer;
  }
}
