import fc from 'fast-check';
import { editedFilm } from '#libs/testing/seeds/edited-film';
import { generatedFilm } from '#libs/testing/seeds/generated-film';
import { Loss as LossContract } from '#libs/contracts/timeline-losses';
import { timelineFromEdl } from '../edl.js';
import { timelineToEdl } from '../edl-out.js';
import { timelineFromFcpxml } from '../fcpxml.js';
import { timelineToFcpxml } from '../fcpxml-out.js';
import { timelineFromOtio } from '../otio.js';
import { timelineToOtio } from '../otio-out.js';
import { shotsOfDocument } from '../shots-of-document.js';
import { describeLosses } from './describe-losses.js';
import type { Loss } from './loss.js';
import { newIds } from './lose-what-differs.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A film on its way out and in again by each format, as the text that another program gets. */
const FORMATS: Record<string, (film: Json) => { losses: Loss[]; back: Json }> = {
  otio: (film) => {
    const { otio, losses } = timelineToOtio(film, { name: 'Film' });
    return { losses, back: timelineFromOtio(JSON.parse(JSON.stringify(otio)), { newId: newIds() }).document };
  },
  edl: (film) => {
    const { edl, losses } = timelineToEdl(film, { name: 'Film' });
    const { rate } = shotsOfDocument(film);
    return { losses, back: timelineFromEdl(edl, { rate, newId: newIds() }).document };
  },
  fcpxml: (film) => {
    const { fcpxml, losses } = timelineToFcpxml(film, { name: 'Film' });
    return { losses, back: timelineFromFcpxml(fcpxml, { newId: newIds() }).document };
  },
};

/** What a film that was edited in nothing but its cut may lose in each format, and no more. */
const CARRIED_LESS: Record<string, Record<string, string[]>> = {
  otio: {},
  edl: {
    asset: ['relatedBeatId'],
    beat: ['narration', 'dialogue', 'cameraDescription', 'characterIds', 'suggestedDuration', 'status', 'order'],
    scene: ['summary', 'order', 'beatIds'],
    section: ['order'],
  },
  fcpxml: {
    asset: ['relatedBeatId'],
    beat: ['order'],
    scene: ['order', 'beatIds'],
    section: ['order'],
  },
};

describe.each(Object.keys(FORMATS))('as %s', (format) => {
  test('a film loses no cut, no id and no frame, and of its story what the format is known not to carry', () => {
    fc.assert(
      fc.property(generatedFilm(), (film) => {
        const { losses } = FORMATS[format]!(film);
        for (const { code, values } of losses) {
          if (code !== 'details') continue;
          const allowed = CARRIED_LESS[format]![values.of!] ?? [];
          expect({
            of: values.of,
            fields: String(values.fields)
              .split(', ')
              .filter((field) => !allowed.includes(field)),
          }).toEqual({ of: values.of, fields: [] });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('what the report does not name comes back as it was, and what it says is lost is not there', () => {
    fc.assert(
      fc.property(editedFilm(), (film) => {
        const { losses, back } = FORMATS[format]!(film);
        for (const loss of losses) LossContract.parse(loss);
        const report = new Report(losses, film);
        const [before, after] = [leavesOf(film), leavesOf(back)];
        for (const [place, value] of before) {
          if (report.names(place)) continue;
          if (!isNear(after.get(place), value)) expect([place, after.get(place)]).toEqual([place, value]);
        }
        for (const { kind, id } of report.gone)
          if (countOf(film, id) === 1)
            expect([kind, id, after.has([kind, id].join(SEPARATOR))]).toEqual([kind, id, false]);
        expect(describeLosses(losses, { language: 'zh' })).toHaveLength(losses.length);
      }),
      { numRuns: 150 },
    );
  });
});

/** Reports cut ids that are too long. */
const cut = (id: string): string => (id.length > 200 ? `${id.slice(0, 199)}…` : id);
const SEPARATOR = ' ▸ ';
/** How many actions have that id. */
const countOf = ({ editorData }: Json, id: string): number =>
  editorData.flatMap(({ actions }: Json) => actions).filter((action: Json) => cut(action.id) === id).length || 1;
/** The same but for rounding to millionths. */
const isNear = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 1e-5 : a === b;

/** Each thing of a film and each of its fields, by kind and id; shots are named with their rows. */
function leavesOf({ editorData = [], effects = {}, editorState = {} }: Json): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const add = (kind: string, whole: string, thing: Json) => {
    const id = cut(whole);
    if (leaves.has([kind, id].join(SEPARATOR))) return;
    leaves.set([kind, id].join(SEPARATOR), true);
    for (const [field, value] of Object.entries(thing))
      if (!['exact', 'beatIds', 'characterIds'].includes(field) && !(field === 'disable' && value === false))
        leaves.set([kind, id, field].join(SEPARATOR), value);
  };
  for (const { actions, ...row } of editorData) {
    add('track', row.id, row);
    for (const action of actions) add('shot', action.id, { ...action, row: row.id });
  }
  const maps = {
    scene: 'scenes',
    beat: 'beats',
    character: 'characters',
    asset: 'assets',
    clip: 'clips',
    timeline_item: 'timelineItems',
  };
  for (const [kind, key] of Object.entries(maps))
    for (const [id, thing] of Object.entries<Json>(editorState[key] ?? {})) add(kind, id, thing);
  for (const [id, effect] of Object.entries<Json>(effects)) add('effect', id, effect);
  return leaves;
}

/** What a report says of which thing. */
class Report {
  readonly gone: { kind: string; id: string }[] = [];
  private readonly named = new Set<string>();

  constructor(losses: Loss[], film: Json) {
    for (const { code, severity, values, places, count } of losses) {
      // Beyond its first places a record names none; films are too small for that here.
      expect(count === 0 || places.length <= 25).toBe(true);
      for (const place of places) {
        const { kind, id } = place;
        if (id === undefined) continue;
        if (code === 'details')
          for (const field of String(place.values?.fields ?? values.fields).split(', ')) this.name(kind, id, field);
        else if (code === 'other_row') {
          this.name('shot', id, 'row');
          this.name('timeline_item', id, 'trackId');
        } else if (['unused', 'left_out', 'new_id'].includes(code)) {
          this.name(kind, id);
          this.gone.push({ kind, id });
          if (kind === 'shot') {
            this.name('timeline_item', id);
            this.nameWhatGoesAlong(film, id);
          }
        } else if (severity === 'lost' && (kind === 'shot' || kind === 'timeline_item')) {
          this.name('shot', id);
          this.name('timeline_item', id);
          this.gone.push({ kind: 'shot', id }, { kind: 'timeline_item', id });
          this.nameWhatGoesAlong(film, id);
        }
      }
    }
  }

  names(place: string): boolean {
    const [kind, id] = place.split(SEPARATOR);
    return this.named.has(place) || this.named.has([kind, id].join(SEPARATOR));
  }

  /** With a shot go its effect and its clip, which are told by no record of their own. */
  private nameWhatGoesAlong({ editorData, editorState }: Json, shot: string): void {
    for (const { actions } of editorData)
      for (const { id, effectId } of actions) if (cut(id) === shot) this.name('effect', cut(effectId));
    for (const item of Object.values<Json>(editorState.timelineItems))
      if (cut(item.id) === shot) this.name('clip', cut(item.clipId));
  }

  private name(...place: string[]): void {
    this.named.add(place.join(SEPARATOR));
  }
}
