import { borrowedNames } from './borrowed-names.js';
import { compose, isSecondName } from './composed-names.js';
import { foldWords } from './fold.js';
import { weigh, type Evidence, type Way } from './evidence.js';
import { F } from './features.js';
import type { Query } from './query.js';
import type { Layers, Segment } from './segment.js';
import { KEY_KIND, pinyinKey } from './sides.js';
import { spelledKey } from './spelled-numbers.js';

/** All that speaks for any work: the aliases that come near, those of their sisters, and those that go by another name of what the query begins with. */
export function evidenceFor(query: Query, layers: Layers, { prefix }: { prefix: boolean }): Evidence[] {
  const { segments, isHidden } = layers;
  const all: Evidence[] = [];
  for (const segment of segments)
    for (const [alias, way] of candidatesIn(segment, query, { prefix }))
      if (!isHidden(segment, segment.workOf(alias))) all.push(spelledOut(weigh(query, { segment, alias, way }), query));
  if (!all.some((one) => isThis(one, query))) addBorrowed(all, query, layers);
  addFamilies(all, query, layers);
  return all;
}

/** The aliases worth a closer look, each with the strongest way it was found. */
function candidatesIn(segment: Segment, query: Query, { prefix }: { prefix: boolean }): Map<number, Way> {
  const found = new Map<number, Way>();
  const add = (aliases: Iterable<number>, way: Way): void => {
    for (const alias of aliases) if (found.size < MOST_ALIASES && !found.has(alias)) found.set(alias, way);
  };
  add(segment.withKey(query.full), 'exact');
  // A title that is known to the letter is not looked for otherwise; only what is said beside it chooses between its works.
  if (found.size > 0 && !prefix && query.qualifier.season <= 1) return found;
  const core = segment.withCore(query.core);
  if (core !== -1) add(segment.aliasesOfCore(core), 'core');
  for (const key of query.loose === '' ? query.heard : [query.loose, ...query.heard]) {
    add(segment.withSide(key, KEY_KIND.loose, 24), 'loose');
    const asCore = segment.withCore(key);
    if (asCore !== -1) add(segment.aliasesOfCore(asCore), 'loose');
  }
  if (query.sound !== '') add(segment.withSide(query.sound, KEY_KIND.sound, 24), 'sound');
  if (query.script === 'latin') {
    add(segment.withSide(pinyinKey(query.full), KEY_KIND.pinyin, 24), 'pinyin');
    if (query.full.length <= 12) add(segment.withSide(query.full, KEY_KIND.initials, 24), 'initials');
  }
  for (const { sound } of query.windows) add(segment.withSide(sound, KEY_KIND.part, 24), 'part');
  if (prefix) for (const c of segment.withPrefix(query.core, 24)) add(segment.aliasesOfCore(c), 'prefix');
  if (query.qualifier.season > 1) add(numbered(segment, query), 'prefix');
  for (const c of segment.similar(query.core, MOST_SIMILAR)) add(segment.aliasesOfCore(c), 'similar');
  if (query.core.length <= 3 && query.core !== query.full)
    for (const c of segment.similar(query.full, MOST_SIMILAR)) add(segment.aliasesOfCore(c), 'similar');
  return found;
}

/** "One Piece 9" begins "One Piece 9: Episode of Chopper": the names that go on, of the season that is asked for. */
function numbered(segment: Segment, { core, qualifier }: Query): number[] {
  return segment
    .withPrefix(core, MOST_BEGINNINGS)
    .flatMap((of) => segment.aliasesOfCore(of))
    .filter((alias) => segment.qualifierOf(alias).season === qualifier.season);
}
const MOST_BEGINNINGS = 48;

const MOST_SIMILAR = 24;
const MOST_ALIASES = 100;
const MOST_OF_FAMILIES = 60;
/** From here on a name is close enough for its family to come into question. */
const CLOSE = 0.5;

/** The evidence as it is where numbers are spelled in one name and in digits in the other: Ocean's 11 is Ocean's Eleven, and no eleventh season. */
function spelledOut(evidence: Evidence, { spelled }: Query): Evidence {
  const { segment, alias, way, features } = evidence;
  if (spelled === '' || way === 'exact' || spelledKey(foldWords(segment.title(alias))) !== spelled) return evidence;
  compose(features, 1);
  features[F.loose] = features[F.season] = features[F.season_stated] = 1;
  return evidence;
}

/** What nobody calls so, but for the name of its series. */
function addBorrowed(all: Evidence[], query: Query, layers: Layers): void {
  for (const { segment, alias, goesOn } of borrowedNames(query, layers)) {
    const known = all.find((one) => one.segment === segment && one.alias === alias);
    const evidence = known ?? weigh(query, { segment, alias, way: 'composed' });
    if (isOtherThan(evidence, query)) continue;
    compose(evidence.features, 1);
    if (goesOn) evidence.features[F.tail] = 1;
    if (known === undefined) all.push(evidence);
  }
}

/** Whether a name is the one that is asked for, or would be but for a slip of the hand; a letter behind it may be a name's. */
const isThis = ({ features, core }: Evidence, query: Query): boolean =>
  features[F.exact]! > 0 || features[F.same] === 1 || (features[F.one_edit] === 1 && !query.core.startsWith(core));

/** Whether a season, part or form is asked for, and this is another. */
function isOtherThan({ features }: Evidence, { qualifier: { part, form } }: Query): boolean {
  return (part > 1 && features[F.part]! < 0) || (form !== '' && features[F.form]! < 0);
}

/** Sister works of what was found come into question too, under names of their own: a title may name the family and a season. */
function addFamilies(all: Evidence[], query: Query, { isHidden }: Layers): void {
  if ((query.hints.season ?? 0) < 2 && all.some(isFirst)) return;
  const seen = new Set(all.map((evidence) => evidence.alias * 0x10000 + (evidence.segment.id & 0xffff)));
  const close = all
    .map((evidence) => ({ evidence, near: isSecondName(query.core, evidence) ? 1 : closeness(evidence) }))
    .filter(({ near }) => near >= CLOSE)
    .sort((a, b) => b.near - a.near)
    .map(({ evidence }) => evidence);
  const roots = new Set<number>();
  let room = MOST_OF_FAMILIES;
  for (const { segment, work } of close) {
    const root = segment.rootOf(work);
    if (roots.size >= 3 || roots.has(root * 0x10000 + (segment.id & 0xffff))) continue;
    roots.add(root * 0x10000 + (segment.id & 0xffff));
    for (const sister of segment.family(root)) {
      const [first, last] = segment.aliasesOf(sister);
      for (let alias = first; alias < last && room > 0; alias++) {
        if (seen.has(alias * 0x10000 + (segment.id & 0xffff))) continue;
        if (isHidden(segment, sister)) continue;
        all.push(weigh(query, { segment, alias, way: 'family' }));
        room--;
      }
    }
  }
}

/** Whether a title is known, and not only as what later seasons are called too. */
const isFirst = ({ way, segment, work }: Evidence): boolean => way === 'exact' && segment.factsOfWork(work).season <= 1;

const closeness = ({ features }: Evidence): number =>
  Math.max(
    features[F.core]!,
    features[F.likeness]!,
    features[F.shared_of_alias]! * Math.sqrt(features[F.shared_of_query]!),
  );
