import { createHash } from 'node:crypto';

/** The id of the copy that merging a request makes of a clip: always the same one, so that merging twice copies once. */
export function clipCopyId(mergeRequestId: string, clipId: string): string {
  const hex = createHash('sha256').update(`clip copy\n${mergeRequestId}\n${clipId}`).digest('hex');
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
