const MIB = 1024 * 1024;
const SMALLEST_PART = 8 * MIB;
const LARGEST_PART = 64 * MIB;
const PARTS_WISHED = 1000;

/** The most bytes that one upload can have: ten thousand of the largest parts. */
export const LARGEST_UPLOAD = 10_000 * LARGEST_PART;

export interface PartPlan {
  /** Bytes of every part but the last. */
  part_size: number;
  part_count: number;
}

/** How a file of so many bytes is cut: parts of 8 to 64 MiB, larger ones for larger files, and small files in one piece. */
export function partPlan(size: number): PartPlan {
  const wished = Math.ceil(size / PARTS_WISHED / MIB) * MIB;
  const part_size = Math.min(Math.max(wished, SMALLEST_PART), LARGEST_PART);
  return { part_size, part_count: Math.max(1, Math.ceil(size / part_size)) };
}

/** The bytes of part `number`, which counts from 1. */
export function partBytes(size: number, { part_size, part_count }: PartPlan, number: number): number {
  return number < part_count ? part_size : size - part_size * (part_count - 1);
}
