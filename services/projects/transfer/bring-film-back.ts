import type { TimelineFormat } from '#libs/contracts/projects';
import type { Document } from '#libs/timeline/document';
import { parseExact } from '#libs/timeline/exact-json';
import { broughtBack, type BroughtBack } from '#libs/timeline/interchange/bring-back';
import type { Loss } from '#libs/timeline/interchange/losses/loss';
import { lossesBeyond } from '#libs/timeline/interchange/losses/losses-beyond';
import { shotsOfDocument } from '#libs/timeline/interchange/shots-of-document';
import { readTimeline, writeTimeline } from './timeline-file.js';

/** A file from another editor, and as JSON the film that it was made from; the rate of an EDL is the film's if not said. */
export interface FilmBackQuestion {
  readonly content: string;
  readonly format: TimelineFormat;
  readonly rate: string | null;
  readonly film: string;
}

/** The film as JSON with what was done to it elsewhere, and what of the file has no place in it, beyond what the film lacks itself. */
export interface FilmBack extends Omit<BroughtBack, 'document'> {
  readonly film: string;
  readonly losses: Loss[];
}

/** Reads a film that comes back, and finds its shots again; what the format cannot carry stays as it is. */
export function bringFilmBack({ content, format, rate, film }: FilmBackQuestion): FilmBack {
  const document = parseExact(film) as Document;
  const { rate: own } = shotsOfDocument(document);
  const sent = writeTimeline(document, 'Film', format).back;
  const file = readTimeline({ content, format, rate: rate ?? own });
  const { document: back, ...found } = broughtBack(document, sent.document, file.document);
  return { film: JSON.stringify(back), losses: lossesBeyond(file.losses, sent.losses), ...found };
}
