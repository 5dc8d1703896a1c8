import { AppError } from '#libs/errors/app-error';

/** What a bundle may hold at most; what is kept in memory while it is looked at follows from these. */
export const BUNDLE_LIMITS = {
  manifest_bytes: 16 * 2 ** 20,
  /** One file of commits or objects, unpacked. */
  file_bytes: 96 * 2 ** 20,
  /** All of them together, unpacked. */
  text_bytes: 256 * 2 ** 20,
  /** Entries looked at while the documents are checked. */
  steps: 50_000_000,
  /** Reviews, threads and comments. */
  remarks: 200_000,
} as const;

/** How much unpacked text goes into one file of objects. */
export const FILE_TARGET_BYTES = 4 * 2 ** 20;

/** The one way in which a bundle is refused: with the reason, for whoever sent it. */
export function refusedBundle(why: string, details: Record<string, unknown> = {}): AppError {
  return new AppError('invalid', `The bundle is refused: ${why}.`, { reason: 'bad_bundle', ...details });
}
