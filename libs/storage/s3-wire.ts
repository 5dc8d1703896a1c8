import type { IncomingHttpHeaders } from 'node:http';
import { unquoted, type CheckedTraits } from './object-rules.js';
import type { ObjectEntry, ObjectHead, OpenUpload, PartName, Tidying, UploadedPart } from './object-store.js';
import { element, escape } from './s3-xml.js';

/** How things are written in the headers and the XML of S3: what we send first, then what we read. */
const NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const METADATA = 'x-amz-meta-';

/** Lets pages of every origin send and read bytes by link, without credentials. */
export const CORS_XML =
  `<CORSConfiguration${NAMESPACE}><CORSRule><AllowedOrigin>*</AllowedOrigin>` +
  ['GET', 'HEAD', 'PUT'].map((method) => `<AllowedMethod>${method}</AllowedMethod>`).join('') +
  '<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><ExposeHeader>Content-Range</ExposeHeader>' +
  '<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>';

/** Ends uploads that were left open, and removes what is old below the prefixes. */
export function lifecycleXml({ prefixes, days }: Tidying): string {
  const rule = (id: string, prefix: string, deed: string) =>
    `<Rule><ID>${id}</ID><Filter><Prefix>${escape(prefix)}</Prefix></Filter><Status>Enabled</Status>${deed}</Rule>`;
  const abort = `<AbortIncompleteMultipartUpload><DaysAfterInitiation>${days}</DaysAfterInitiation></AbortIncompleteMultipartUpload>`;
  const expiries = prefixes.map((prefix, index) =>
    rule(`old-${index + 1}`, prefix, `<Expiration><Days>${days}</Days></Expiration>`),
  );
  return `<LifecycleConfiguration${NAMESPACE}>${rule('left-open', '', abort)}${expiries.join('')}</LifecycleConfiguration>`;
}

/** Names the region a new bucket is made in; us-east-1 is the one that S3 wants to be left out. */
export function locationXml(region: string): string {
  if (region === 'us-east-1') return '';
  const inside = `<LocationConstraint>${escape(region)}</LocationConstraint>`;
  return `<CreateBucketConfiguration${NAMESPACE}>${inside}</CreateBucketConfiguration>`;
}

/** Names the parts to join, in this order. */
export function completeXml(parts: readonly PartName[]): string {
  const named = parts.map(
    ({ part_number, etag }) =>
      `<Part><PartNumber>${part_number}</PartNumber><ETag>&quot;${escape(etag)}&quot;</ETag></Part>`,
  );
  return `<CompleteMultipartUpload${NAMESPACE}>${named.join('')}</CompleteMultipartUpload>`;
}

/** Names the objects to remove; only failures are to be told. */
export function deleteXml(keys: readonly string[]): string {
  const objects = keys.map((key) => `<Object><Key>${escape(key)}</Key></Object>`).join('');
  return `<Delete${NAMESPACE}><Quiet>true</Quiet>${objects}</Delete>`;
}

/** Type and metadata as headers; values are encoded, as headers carry no more than ASCII. */
export function headersOf({ contentType, metadata }: CheckedTraits): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': contentType };
  for (const [name, value] of Object.entries(metadata))
    headers[METADATA + name.replaceAll('_', '-')] = encodeURIComponent(value);
  return headers;
}

/** What the headers of an answer tell of an object; of a range of it as of the whole. */
export function headOf(key: string, headers: IncomingHttpHeaders): ObjectHead {
  const whole = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  const kept = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  return {
    key,
    size: Number(whole ?? headers['content-length']),
    etag: unquoted(headers.etag ?? ''),
    content_type: headers['content-type'] ?? 'application/octet-stream',
    metadata: Object.fromEntries(
      kept.map(([name, value]) => [name.slice(METADATA.length).replaceAll('-', '_'), decoded(String(value))]),
    ),
    last_modified: new Date(headers['last-modified'] ?? 0),
  };
}

/** One entry of the listing `xml`. */
export function entryOf(xml: string, entry: string): ObjectEntry {
  return {
    key: keyIn(xml, entry, 'Key'),
    size: Number(element(entry, 'Size')),
    etag: unquoted(element(entry, 'ETag') ?? ''),
    last_modified: new Date(element(entry, 'LastModified') ?? 0),
  };
}

/** One upload of the listing `xml`. */
export function uploadOf(xml: string, upload: string): OpenUpload {
  return {
    key: keyIn(xml, upload, 'Key'),
    upload_id: element(upload, 'UploadId') ?? '',
    initiated: new Date(element(upload, 'Initiated') ?? 0),
  };
}

/** One part of a listing. */
export function partOf(part: string): UploadedPart {
  return {
    part_number: Number(element(part, 'PartNumber')),
    size: Number(element(part, 'Size')),
    etag: unquoted(element(part, 'ETag') ?? ''),
  };
}

/** A key in the listing `xml`: encoded when the server understood that we asked for it. */
export function keyIn(xml: string, entry: string, name: string): string {
  const key = element(entry, name) ?? '';
  return element(xml, 'EncodingType') === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}

/** Metadata as we wrote it, or as it is when another hand did. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
