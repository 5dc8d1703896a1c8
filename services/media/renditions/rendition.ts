import type { MediaFacts } from '#libs/media/probe';
import type { MediaPrograms } from '#libs/media/media-programs';
import type { RenditionEntity } from '../media.entities.js';

/** What a rendition is made from, and where its files are to be put. */
export interface Making {
  programs: MediaPrograms;
  source: string;
  folder: string;
  facts: MediaFacts;
  signal: AbortSignal;
}

/** One way of looking at content: for which content it is made, and how. It leaves its files in the folder. */
export interface Rendition {
  readonly kind: RenditionEntity['kind'];
  isFor(facts: MediaFacts): boolean;
  /** Gives what is to be known of the files; those it names are all kept. */
  make(making: Making): Promise<{ content: Record<string, unknown>; files: MadeFile[] }>;
}

export interface MadeFile {
  name: string;
  contentType: string;
}

export const hasSound = (facts: MediaFacts): boolean => facts.streams.some(({ kind }) => kind === 'audio');
const LONGEST_RUN_MS = 6 * 3600_000;
/** How many milliseconds a run over the whole of a film may take: many times its length, which is only what the file claims. */
export const patience = ({ duration_seconds }: MediaFacts): number =>
  Math.min(300_000 + (duration_seconds ?? 60) * 20_000, LONGEST_RUN_MS);
