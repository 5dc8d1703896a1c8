import type { StoryboardScene } from '#libs/contracts/tasks-generation';

/** What one piece of making may use: an empty folder, a signal that ends it, and a way to tell how far it is. */
export interface Workshop {
  readonly directory: string;
  readonly signal: AbortSignal;
  progress(done: number, note?: string): void;
}

/** A picture of somebody or something that is to be recognised in what is made. */
export interface Reference {
  readonly name: string;
  readonly url: string;
  readonly path: string;
}

export interface PictureBrief {
  readonly prompt: string;
  readonly references: readonly Reference[];
  readonly width: number;
  readonly height: number;
}

export interface FilmBrief {
  /** What is to be seen to happen. */
  readonly prompt: string;
  /** What is said over it. */
  readonly narration: string;
  /** The first frame: a file here, and the address under which others can read it. */
  readonly picture: { readonly path: string; readonly url: string };
  readonly width: number;
  readonly height: number;
}

/** How something came to be, as it is kept with the asset. */
export interface Provenance {
  readonly provider: string;
  readonly model: string;
  readonly prompt: string;
  readonly references: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What the provider could not do, in plain words. */
  readonly notes?: readonly string[];
}

export interface Made {
  readonly path: string;
  readonly contentType: string;
  readonly provenance: Provenance;
}

/**
 * Whoever can make something of a brief. What fails for good is `invalid` in the provider's own words, what may work
 * another time `unavailable`.
 */
export interface Provider {
  readonly name: string;
  storyboard?(topic: string, signal: AbortSignal): Promise<StoryboardScene[]>;
  picture?(brief: PictureBrief, workshop: Workshop): Promise<Made>;
  film?(brief: FilmBrief, workshop: Workshop): Promise<Made>;
}
