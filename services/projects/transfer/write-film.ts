import type { TimelineFormat } from '#libs/contracts/projects';
import type { Document } from '#libs/timeline/document';
import { parseExact } from '#libs/timeline/exact-json';
import type { Loss } from '#libs/timeline/interchange/losses/loss';
import { writeTimeline } from './timeline-file.js';

/** A film as JSON, and the format that it is wished in. */
export interface FilmQuestion {
  readonly film: string;
  readonly name: string;
  readonly format: TimelineFormat;
}

/** The film in that format, and what of it that cannot carry. */
export interface FilmWritten {
  readonly content: string;
  readonly losses: Loss[];
}

/** Writes a film for another editor. */
export function writeFilm({ film, name, format }: FilmQuestion): FilmWritten {
  const { content, losses } = writeTimeline(parseExact(film) as Document, name, format);
  return { content, losses };
}
