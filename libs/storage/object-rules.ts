import { createHash } from 'node:crypto';
import { AppError } from '#libs/errors/app-error';
import { unwritable, type ObjectTraits, type PartName, type UploadedPart } from './object-store.js';

/** What an object is kept with, checked so that every store keeps it unchanged. */
export interface CheckedTraits {
  contentType: string;
  metadata: Record<string, string>;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;
export const MAX_PART_NUMBER = 10_000;
const MAX_EXPIRY_SECONDS = 7 * 24 * 3600;
const MAX_METADATA_BYTES = 2000;

/** Fills in the type and refuses traits that some store would lose or change. */
export function checkTraits({ contentType = 'application/octet-stream', metadata = {} }: ObjectTraits): CheckedTraits {
  if (!isContentType(contentType))
    throw new AppError('invalid', `The content type ${JSON.stringify(contentType)} is not printable ASCII.`);
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(name))
      throw new AppError('invalid', `The metadata name ${JSON.stringify(name)} is not snake_case.`);
    if (value === '' || unwritable(value))
      throw new AppError('invalid', `The metadata ${name} is empty or holds control characters.`);
    bytes += name.length + encodeURIComponent(value).length;
  }
  if (bytes > MAX_METADATA_BYTES)
    throw new AppError(
      'invalid',
      `The metadata takes ${bytes} bytes; ${MAX_METADATA_BYTES} is the most a store keeps.`,
    );
  return { contentType, metadata: { ...metadata } };
}

/** Whether a header value can be kept as the type of an object. */
export function isContentType(value: string): boolean {
  return /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(value);
}

/** A link lives for a second at least and a week at most. */
export function checkExpiry(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRY_SECONDS) return seconds;
  throw new AppError('invalid', `A link may live from 1 to ${MAX_EXPIRY_SECONDS} seconds, not ${seconds}.`);
}

export function checkPartNumber(number: number): number {
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw new AppError('invalid', `A part has a number from 1 to ${MAX_PART_NUMBER}, not ${number}.`);
}

/** The parts by number; none at all, or one named twice, is refused. */
export function checkParts(parts: readonly PartName[]): PartName[] {
  const sorted = parts
    .map(({ part_number, etag }) => ({ part_number: checkPartNumber(part_number), etag: unquoted(etag) }))
    .sort((a, b) => a.part_number - b.part_number);
  if (sorted.length === 0) throw new AppError('invalid', 'An upload is completed with one part at least.');
  const twice = sorted.find((part, index) => part.part_number === sorted[index - 1]?.part_number);
  if (twice !== undefined) throw new AppError('invalid', `Part ${twice.part_number} is named twice.`);
  return sorted;
}

/** Refuses to join parts other than exactly those that are stored, which is what every server takes. */
export function checkStored(named: readonly PartName[], stored: readonly UploadedPart[]): void {
  const byNumber = new Map(stored.map((part) => [part.part_number, part]));
  for (const [index, { part_number, etag }] of named.entries()) {
    const part = byNumber.get(part_number);
    if (part?.etag !== etag)
      throw new AppError('invalid', `Part ${part_number} is not there with the etag ${etag}. Send it again.`);
    if (part.size < MIN_PART_BYTES && index < named.length - 1)
      throw new AppError(
        'invalid',
        `Part ${part_number} has ${part.size} bytes; all but the last need ${MIN_PART_BYTES}. Send it again.`,
      );
    byNumber.delete(part_number);
  }
  const [left] = byNumber.keys();
  if (left !== undefined)
    throw new AppError('invalid', `Part ${left} was sent but is not named. Name every part, or begin anew.`);
}

/** The etag that S3 servers give to an object made of these parts. */
export function etagOfParts(parts: readonly PartName[]): string {
  const digests = createHash('md5');
  for (const { etag } of parts) digests.update(Buffer.from(etag, 'hex'));
  return `${digests.digest('hex')}-${parts.length}`;
}

/** An etag as we keep it: without the quotes of HTTP. */
export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}

export function noObject(key: string, cause?: unknown): AppError {
  return new AppError('not_found', `There is no object ${key}.`, undefined, { cause });
}

export function noUpload(key: string, uploadId: string, cause?: unknown): AppError {
  return new AppError('not_found', `There is no open upload ${uploadId} for ${key}. Begin a new one.`, undefined, {
    cause,
  });
}

export function alreadyThere(key: string, cause?: unknown): AppError {
  return new AppError('conflict', `There is an object ${key} already.`, undefined, { cause });
}

export function outsideRange(key: string, size: number | undefined, cause?: unknown): AppError {
  const has = size === undefined ? '' : ` It has ${size} bytes.`;
  return new AppError('invalid', `The range lies outside the object ${key}.${has}`, { size }, { cause });
}
