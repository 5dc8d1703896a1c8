import { isDocument, type Document } from '../../document.js';
import type { FilmShots } from '../shots-of-document.js';
import { differingFields } from './differing-fields.js';
import { doublesOf, thingsOf, type FilmThings, type ThingKind } from './film-things.js';
import type { LossPlace } from './loss.js';
import type { Losses } from './losses.js';

/**
 * Compares a film with what reading its file gives, and reports all that is not the same and not reported yet: the
 * report is complete because the file was tried, not because somebody thought of everything.
 */
export function loseWhatDiffers(film: FilmShots, back: Document): void {
  const { losses, document } = film;
  const [before, after] = [thingsOf(document), thingsOf(back)];
  const used = usedIn(film, before);
  const explained = goneWithShots(film, before, after);
  for (const kind of KINDS) {
    const fields = new Map<string, string[]>();
    for (const [id, thing] of before[kind]) {
      const is = after[kind].get(id);
      if (is) {
        const differing = differingFields(thing, is, after);
        if (kind === 'shot' && differing.includes('row'))
          losses.add('other_row', { place: placeOf(kind, id, thing, before) });
        const own = differing.filter((field) => !isToldByRow(kind, field, id, before, after));
        if (own.length > 0) fields.set(id, own);
      } else if (!explained[kind].has(id)) {
        const code = !used[kind].has(id) ? 'unused' : after[kind].size === 0 ? 'left_out' : 'new_id';
        losses.add(code, { place: placeOf(kind, id, thing, before), values: { of: kind } });
      }
    }
    loseFields(kind, fields, before, losses);
  }
  for (const { id, row } of doublesOf(document)) {
    const name = typeof row.name === 'string' ? { row: row.name } : {};
    losses.add('new_id', { place: { kind: 'shot', id, ...name }, values: { of: 'shot' } });
  }
  if (!isSameOrder(sceneOrderOf(document), sceneOrderOf(back)))
    losses.add('details', {
      place: { kind: 'section', name: 'editorState.sceneOrder' },
      values: { of: 'section', fields: 'order' },
    });
}

/** What a film is called in its file; the ids that new things of what is read back get, if they are to last. */
export interface WriteOptions {
  name: string;
  newId?: (prefix: string) => string;
}

/** Where a shot lies is said in the shot and in its timeline item. */
function isToldByRow(kind: ThingKind, field: string, id: string, before: FilmThings, after: FilmThings): boolean {
  if (kind === 'shot') return field === 'row';
  const [was, is] = [before.shot.get(id), after.shot.get(id)];
  return kind === 'timeline_item' && field === 'trackId' && was !== undefined && was.row !== is?.row;
}

/** Ids for things of a file that is only tried. */
export function newIds(): (prefix: string) => string {
  let minted = 0;
  return (prefix) => `${prefix} tried ${++minted}`;
}

const KINDS: ThingKind[] = ['track', 'shot', 'effect', 'timeline_item', 'clip', 'asset', 'scene', 'beat', 'character'];
const MOST_FIELDS = 20;

/** One record for each kind of thing, with all the fields that any of them loses; what each one loses is at its place. */
function loseFields(kind: ThingKind, fields: Map<string, string[]>, before: FilmThings, losses: Losses): void {
  const all = [...new Set([...fields.values()].flat())];
  const said = all.length > MOST_FIELDS ? [...all.slice(0, MOST_FIELDS), '…'] : all;
  for (const [id, own] of fields) {
    const place = placeOf(kind, id, before[kind].get(id)!, before);
    const values = own.length === all.length ? {} : { values: { fields: own.slice(0, MOST_FIELDS).join(', ') } };
    losses.add('details', { place: { ...place, ...values }, values: { of: kind, fields: said.join(', ') } });
  }
}

type Ids = Record<ThingKind, Set<string>>;

const noIds = (): Ids => Object.fromEntries(KINDS.map((kind) => [kind, new Set<string>()])) as Ids;

/** Which things the shots that are carried make use of. */
function usedIn({ shots, losses }: FilmShots, things: FilmThings): Ids {
  const used = noIds();
  const use = (kind: ThingKind, id: unknown): void => void (typeof id === 'string' && used[kind].add(id));
  for (const { ids, media } of shots) {
    if (ids.timelineItem !== undefined && losses.isLost(ids.timelineItem)) continue;
    use('shot', ids.timelineItem);
    use('effect', ids.effect ?? ids.timelineItem);
    use('clip', ids.clip);
    use('asset', media.id);
    use('beat', ids.beat);
    use('scene', ids.scene);
  }
  for (const id of used.beat) {
    const people = things.beat.get(id)?.characterIds;
    if (Array.isArray(people)) for (const who of people as unknown[]) use('character', who);
  }
  for (const id of things.track.keys()) use('track', id);
  return used;
}

/** What is gone together with a shot needs no word of its own. */
function goneWithShots({ losses }: FilmShots, before: FilmThings, after: FilmThings): Ids {
  const gone = noIds();
  const go = (kind: ThingKind, id: unknown): void => void (typeof id === 'string' && gone[kind].add(id));
  for (const [id, { effectId }] of before.shot) {
    const isLost = losses.isLost(id);
    if (isLost) go('shot', id);
    if (!isLost && after.shot.has(id)) continue;
    go('timeline_item', id);
    go('effect', effectId);
    go('clip', before.timeline_item.get(id)?.clipId);
  }
  for (const [id, { clipId }] of before.timeline_item) {
    if (!losses.isLost(id)) continue;
    go('timeline_item', id);
    go('clip', clipId);
  }
  return gone;
}

function placeOf(kind: ThingKind, id: string, thing: Document, { effect, track }: FilmThings): LossPlace {
  const textOf = (of: Document | undefined, key: string): string | undefined =>
    typeof of?.[key] === 'string' ? of[key] : undefined;
  const name =
    kind === 'shot'
      ? textOf(effect.get(textOf(thing, 'effectId') ?? ''), 'name')
      : (textOf(thing, 'name') ?? textOf(thing, 'title') ?? textOf(thing, 'narration'));
  const row = kind === 'shot' ? textOf(track.get(textOf(thing, 'row') ?? ''), 'name') : undefined;
  return { kind, id, ...(name !== undefined && { name }), ...(row !== undefined && { row }) };
}

const sceneOrderOf = ({ editorState }: Document): unknown[] =>
  isDocument(editorState) && Array.isArray(editorState.sceneOrder) ? (editorState.sceneOrder as unknown[]) : [];

/** Whether those that both have come in the same order. */
function isSameOrder(before: unknown[], after: unknown[]): boolean {
  const [had, has] = [new Set(before), new Set(after)];
  const left = [...had].filter((id) => has.has(id));
  const kept = [...has].filter((id) => had.has(id));
  return left.every((id, at) => id === kept[at]);
}
