import { createHash, createHmac } from 'node:crypto';

export interface S3Link {
  method: 'GET' | 'PUT';
  /** Scheme, host and port, as the client will name them. */
  origin: string;
  /** The path, encoded already. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Headers beside host that the client must send exactly so. */
  headers: Readonly<Record<string, string>>;
  region: string;
  accessKey: string;
  secretKey: string;
  expiresSeconds: number;
  now: Date;
}

/** Signs a link by AWS Signature 4 in its query; only host, and the headers asked for, are bound. */
export function presignS3(link: S3Link): string {
  const time = link.now.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), link.region, 's3', 'aws4_request'];
  const headers = Object.entries({ ...link.headers, host: new URL(link.origin).host }).sort(byName);
  const signed = headers.map(([name]) => name).join(';');
  const query = canonicalQuery({
    ...link.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [link.accessKey, ...scope].join('/'),
    'X-Amz-Date': time,
    'X-Amz-Expires': String(link.expiresSeconds),
    'X-Amz-SignedHeaders': signed,
  });
  const request = [
    link.method,
    link.path,
    query,
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const digest = createHash('sha256').update(request).digest('hex');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${link.secretKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), digest].join('\n')).toString('hex');
  return `${link.origin}${link.path}?${query}&X-Amz-Signature=${signature}`;
}

/** A query as S3 wants it: sorted, with everything encoded but letters, digits and `-_.~`. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .sort(byName)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

/** Text encoded as S3 wants it, slashes too. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
