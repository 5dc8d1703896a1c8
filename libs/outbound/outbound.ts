import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';
import type { AllowList } from './allow-list.js';
import { hostOf, outboundAddress, portOf, refusedAddress } from './outbound-address.js';
import { isPublicAddress } from './public-address.js';
import { limited } from './limited.js';

export interface OutboundRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: Buffer | string | Readable;
  /** From the first look-up to the last byte of the answer. */
  timeoutMs?: number;
  /** A longer answer is refused. */
  maxBytes?: number;
  /** How many redirects are followed, each checked like the first address; unless given, a redirect is the answer. */
  redirects?: number;
  signal?: AbortSignal;
}

export interface OutboundAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The address that answered, after redirects. */
  url: string;
  body: Buffer;
}

type Look = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const DEFAULTS = { timeoutMs: 15_000, maxBytes: 10 * 1024 * 1024, redirects: 0 };
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const everyAddress: Look = (host, done) => systemLookup(host, { all: true }, done);

/**
 * The one way out for addresses that users give. What leads into a private network is refused: by its form, by every
 * address its name resolves to, and by the address that was connected to, so that a name which changes its mind gains
 * nothing. Every request has its own connection, a time limit and a size limit; a refusal is `invalid` with the reason
 * `outbound_refused`, whoever cannot be reached is `unavailable`.
 */
export class Outbound {
  constructor(
    private readonly allowed: AllowList,
    private readonly look: Look = everyAddress,
  ) {}

  /** Refuses an address that can be seen to be wrong before it is asked, as when it is first entered. */
  check(address: string): URL {
    return outboundAddress(address, this.allowed);
  }

  /** Asks, and gives the whole answer. */
  async fetch(address: string, request: OutboundRequest = {}): Promise<OutboundAnswer> {
    const { body, ...answer } = await this.open(address, request);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of body) chunks.push(chunk as Buffer);
    } catch (thrown) {
      throw inWords(thrown, answer.url);
    }
    return { ...answer, body: Buffer.concat(chunks) };
  }

  /** Asks, and gives the answer as a stream, which ends with an error past its limits; whoever takes it reads or destroys it. */
  async open(
    address: string,
    request: OutboundRequest = {},
  ): Promise<Omit<OutboundAnswer, 'body'> & { body: Readable }> {
    const { timeoutMs, maxBytes, redirects } = { ...DEFAULTS, ...request };
    const late = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([late, request.signal]) : late;
    let url = this.check(address);
    let { headers = {} } = request;
    for (let hops = 0; ; hops++) {
      const answer = await this.send(url, { ...request, headers, signal });
      const next = answer.headers.location;
      const followed = REDIRECTS.has(answer.statusCode ?? 0) && next !== undefined && redirects > 0;
      if (!followed) {
        const status = answer.statusCode ?? 0;
        return { status, headers: answer.headers, url: url.href, body: limited(answer, maxBytes, signal, url.href) };
      }
      answer.destroy();
      if (hops >= redirects) throw refusedAddress(address, `it redirects more than ${redirects} times`);
      if (request.body !== undefined) throw refusedAddress(address, 'it redirects what was sent to it');
      const from = url;
      url = this.check(URL.canParse(next, url.href) ? new URL(next, url).href : next);
      if (url.origin !== from.origin) headers = withoutSecrets(headers);
    }
  }

  private send(url: URL, request: OutboundRequest & { signal: AbortSignal }): Promise<http.IncomingMessage> {
    const { method = 'GET', headers, body, signal } = request;
    return new Promise((resolve, reject) => {
      const fail = (thrown: unknown) => reject(inWords(signal.aborted ? signal.reason : thrown, url.href));
      const sent = (url.protocol === 'https:' ? https : http).request(
        url,
        {
          method,
          headers: { 'user-agent': 'Evidverse', 'accept-encoding': 'identity', ...headers },
          agent: false,
          lookup: this.lookupFor(url),
          signal,
        },
        resolve,
      );
      sent.on('socket', (socket) => this.watch(socket, url));
      sent.on('error', fail);
      if (body instanceof Readable) {
        body.on('error', (error) => sent.destroy(error));
        body.pipe(sent);
      } else sent.end(body);
    });
  }

  /** Resolves a name, and refuses it when any of its addresses is one we do not visit. */
  private lookupFor(url: URL): LookupFunction {
    return (host, { all }, done) =>
      this.look(host, (error, addresses) => {
        const first = addresses?.[0];
        if (error || !first) return done(error ?? new Error(`${host} has no address`), []);
        if (addresses.some(({ address }) => !this.mayVisit(url, address))) return done(intoPrivate(url), []);
        return all ? done(null, addresses) : done(null, first.address, first.family);
      });
  }

  private watch(socket: Socket, url: URL): void {
    socket.once('connect', () => {
      if (socket.remoteAddress === undefined || !this.mayVisit(url, socket.remoteAddress))
        socket.destroy(intoPrivate(url));
    });
  }

  private mayVisit(url: URL, address: string): boolean {
    const port = portOf(url);
    if (isPublicAddress(address) || this.allowed.hasAddress(address, port)) return true;
    return isIP(hostOf(url)) === 0 && this.allowed.hasHost(hostOf(url), port);
  }
}

const intoPrivate = (url: URL) => refusedAddress(url.origin, 'it leads into a private or reserved network');

/** Who is sent elsewhere by a stranger does not carry its keys there. */
function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|proxy-authorization)$/i.test(name)),
  );
}

/** Trouble on the way, in words that do not show what is inside our network. */
function inWords(thrown: unknown, address: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, name } = thrown as NodeJS.ErrnoException;
  const why = name === 'TimeoutError' ? 'it took too long' : (code ?? 'the connection broke');
  return new AppError('unavailable', `${new URL(address).origin} cannot be reached: ${why}.`, undefined, {
    cause: thrown,
  });
}
