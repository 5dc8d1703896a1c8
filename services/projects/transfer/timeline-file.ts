import { randomBytes } from 'node:crypto';
import type { TimelineFormat } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import type { Document } from '#libs/timeline/document';
import { parseExact } from '#libs/timeline/exact-json';
import { timelineFromEdl } from '#libs/timeline/interchange/edl';
import { timelineToEdl } from '#libs/timeline/interchange/edl-out';
import { timelineFromFcpxml } from '#libs/timeline/interchange/fcpxml';
import { timelineToFcpxml } from '#libs/timeline/interchange/fcpxml-out';
import type { Fraction } from '#libs/timeline/interchange/fraction';
import { frameRate } from '#libs/timeline/interchange/frame-rate';
import type { Loss } from '#libs/timeline/interchange/losses/loss';
import { timelineFromOtio } from '#libs/timeline/interchange/otio';
import { timelineToOtio } from '#libs/timeline/interchange/otio-out';

/** A film in a format, and what of it that cannot carry; `back` is what reading the file gives. */
export interface TimelineWritten {
  readonly content: string;
  readonly back: TimelineRead;
  readonly losses: Loss[];
}

/** Writes a film in a format. */
export function writeTimeline(document: Document, name: string, format: TimelineFormat): TimelineWritten {
  switch (format) {
    case 'otio': {
      const { otio, ...written } = timelineToOtio(document, { name, newId });
      return { content: JSON.stringify(otio, null, 2), ...written };
    }
    case 'edl': {
      const { edl, ...written } = timelineToEdl(document, { name, newId });
      return { content: edl, ...written };
    }
    case 'fcpxml': {
      const { fcpxml, ...written } = timelineToFcpxml(document, { name, newId });
      return { content: fcpxml, ...written };
    }
  }
}

/** A film as another editor has written it; `rate` is what an EDL does not say itself. */
export interface TimelineQuestion {
  readonly content: string;
  readonly format: TimelineFormat;
  readonly rate: string | Fraction;
}

export interface TimelineRead {
  readonly document: Document;
  readonly losses: Loss[];
}

/** Reads a film of a format into a workspace document, and reports what of it has no place there. */
export function readTimeline({ content, format, rate }: TimelineQuestion): TimelineRead {
  const options = { newId, createdAt: new Date().toISOString() };
  switch (format) {
    case 'otio':
      return timelineFromOtio(readJson(content), options);
    case 'edl':
      return timelineFromEdl(content, { ...options, rate: typeof rate === 'string' ? knownRate(rate) : rate });
    case 'fcpxml':
      return timelineFromFcpxml(content, options);
  }
}

/** A name for the file that every system takes. */
export function fileName(name: string, format: TimelineFormat): string {
  const kept = name
    .replace(/[^\p{L}\p{M}\p{N} ._-]/gu, '')
    .trim()
    .slice(0, 100);
  return `${kept === '' ? 'film' : kept}.${format}`;
}

function newId(prefix: string): string {
  return `${prefix}_${Date.now()}_${randomBytes(8).toString('hex')}`;
}

function readJson(content: string): unknown {
  try {
    return parseExact(content);
  } catch (cause) {
    throw new AppError('invalid', 'This is not an OpenTimelineIO file: it is not JSON.', undefined, { cause });
  }
}

function knownRate(rate: string) {
  const known = frameRate(rate);
  if (!known) throw new AppError('invalid', `${rate} is no frame rate; give one as 25 or 29.97.`);
  return known;
}
