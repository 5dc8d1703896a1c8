import type { Change, ChangeKind, Entity, Place, Span } from './change.js';
import { isDocument } from '../document.js';
import { isRawNumber } from '../exact-json.js';

export type Language = 'en' | 'zh';

/** A sentence for each kind of change. */
export type Words = { [Kind in ChangeKind]: (change: Extract<Change, { kind: Kind }>) => string };

/** What people call each kind of thing. */
export const NOUNS: Record<Language, Record<Entity, string>> = {
  en: {
    track: 'track',
    shot: 'shot',
    scene: 'scene',
    beat: 'beat',
    character: 'character',
    asset: 'asset',
    effect: 'effect',
    timeline_item: 'timeline item',
    clip: 'clip',
    value: 'value',
  },
  zh: {
    track: '轨道',
    shot: '镜头',
    scene: '场景',
    beat: '情节点',
    character: '角色',
    asset: '素材',
    effect: '效果',
    timeline_item: '时间线条目',
    clip: '片段',
    value: '值',
  },
};

/** What people call the fields they see in the editor; other fields go by their own names. */
export const FIELDS: Record<Language, Readonly<Record<string, string>>> = {
  en: {
    name: 'name',
    title: 'title',
    summary: 'summary',
    narration: 'narration',
    dialogue: 'dialogue',
    cameraDescription: 'camera description',
    suggestedDuration: 'suggested duration',
    characterIds: 'characters',
    description: 'description',
    avatarUrl: 'portrait',
    url: 'file',
    status: 'status',
    order: 'number',
    rowHeight: 'height',
    sceneId: 'scene',
    shots: 'shots',
    'timelineItem.linkedBeatId': 'linked beat',
  },
  zh: {
    name: '名称',
    title: '标题',
    summary: '梗概',
    narration: '旁白',
    dialogue: '对白',
    cameraDescription: '镜头描述',
    suggestedDuration: '建议时长',
    characterIds: '出场角色',
    description: '描述',
    avatarUrl: '头像',
    url: '文件',
    status: '状态',
    order: '序号',
    rowHeight: '高度',
    sceneId: '所属场景',
    shots: '镜头',
    'timelineItem.linkedBeatId': '关联的情节点',
  },
};

const en: Words = {
  added: (change) => {
    const at = change.entity === 'shot' && change.place?.in ? ` to track ${change.place.in.name}` : '';
    return `Added ${thing(change)}${at}${withContents(change)}`;
  },
  removed: (change) => {
    const at = change.entity === 'shot' && change.place?.in ? ` from track ${change.place.in.name}` : '';
    return `Removed ${thing(change)}${at}${withContents(change)}`;
  },
  moved: (change) => {
    const { before, after, entity } = change;
    const what = thing(change);
    const home = (place: Place): string =>
      entity === 'shot' ? `track ${place.in!.name}` : `scene “${place.in?.name ?? ''}”`;
    if (!before) return `Moved ${what} into ${home(after!)}`;
    if (!after) return `Moved ${what} out of ${home(before)}`;
    if (before.in?.id !== after.in?.id) return `Moved ${what} from ${home(before)} to ${home(after)}`;
    const within = entity === 'shot' ? ` on ${home(after)}` : '';
    if (isOtherTime(before, after)) {
      return `Moved ${what}${within} from ${seconds(before.start!)} s to ${seconds(after.start!)} s`;
    }
    return `Moved ${what}${within} from place ${before.at + 1} to place ${after.at + 1}`;
  },
  trimmed: (change) => {
    const lengths = `(${lengthOf(change.before, change)} → ${lengthOf(change.after, change)})`;
    const at = `${change.edge} of ${thing(change)} ${lengths}`;
    return change.seconds > 0 ? `Trimmed ${time(change)} off the ${at}` : `Added ${time(change)} to the ${at}`;
  },
  slipped: (change) =>
    `${capital(thing(change))} plays its media from ${time(change)} ${change.seconds > 0 ? 'later' : 'earlier'} on`,
  replaced: (change) => `Replaced the media of ${thing(change)}`,
  renamed: (change) => {
    const kind = change.entity === 'shot' ? '' : `${NOUNS.en[change.entity]} `;
    return `Renamed ${kind}“${change.before}” to “${change.after}”`;
  },
  changed: (change) => {
    const fields = change.fields.map((field) => FIELDS.en[field] ?? field);
    return `Changed the ${listed(fields, ', ', ' and ')} of ${thing(change)}${fromTo(change)}`;
  },
  shifted: (change) => {
    const { reach, first, last, name } = change;
    const who = {
      one: `“${first.name}” on track ${name} starts`,
      some: `The shots from “${first.name}” to “${last.name}” on track ${name} start`,
      later: `All later shots on track ${name} start`,
      all: `All shots on track ${name} start`,
    }[reach];
    return `${who} ${time(change)} ${change.seconds > 0 ? 'later' : 'earlier'}`;
  },
  rounded: ({ count, name }) => `Rounded the times of ${counted(count, 'shot')} on track ${name}`,
  reordered: ({ name }) => `Listed the shots of track ${name} in another order`,
  set: (change) => {
    const [before, after] = [shortText(change.before), shortText(change.after)];
    if (change.before === undefined)
      return after === undefined ? `Added ${change.name}` : `Set ${change.name} to ${after}`;
    return `Changed ${change.name}${before === undefined || after === undefined ? '' : ` from ${before} to ${after}`}`;
  },
};

const zh: Words = {
  added: (change) => {
    const at = change.entity === 'shot' && change.place?.in ? `在轨道 ${change.place.in.name} 上` : '';
    return `${at}添加了${thingWithContentsZh(change)}`;
  },
  removed: (change) => {
    const at = change.entity === 'shot' && change.place?.in ? `从轨道 ${change.place.in.name} 上` : '';
    return `${at}删除了${thingWithContentsZh(change)}`;
  },
  moved: (change) => {
    const { before, after, entity } = change;
    const what = thingZh(change);
    const home = (place: Place): string =>
      entity === 'shot' ? `轨道 ${place.in!.name} ` : `场景“${place.in?.name ?? ''}”`;
    if (!before) return `把${what}移入${home(after!)}`;
    if (!after) return `把${what}移出${home(before)}`;
    if (before.in?.id !== after.in?.id) return `把${what}从${home(before)}移到${home(after)}`;
    const within = entity === 'shot' ? `在${home(after)}上` : '';
    if (isOtherTime(before, after)) {
      return `把${what}${within}从第 ${seconds(before.start!)} 秒移到第 ${seconds(after.start!)} 秒`;
    }
    return `把${what}${within}从第 ${before.at + 1} 位移到第 ${after.at + 1} 位`;
  },
  trimmed: (change) => {
    const edge = change.edge === 'head' ? '开头' : '结尾';
    const verb = change.seconds > 0 ? '剪短' : '延长';
    const lengths = [change.before, change.after].map((length) => lengthZh(length, change)).join(' → ');
    return `把${thingZh(change)}的${edge}${verb}了 ${timeZh(change)}（${lengths}）`;
  },
  slipped: (change) => `${thingZh(change)}的素材入点${change.seconds > 0 ? '后移' : '前移'}了 ${timeZh(change)}`,
  replaced: (change) => `替换了${thingZh(change)}的素材`,
  renamed: (change) => {
    const kind = change.entity === 'shot' ? '' : NOUNS.zh[change.entity];
    return `把${kind}“${change.before}”改名为“${change.after}”`;
  },
  changed: (change) => {
    const fields = change.fields.map((field) => FIELDS.zh[field] ?? field);
    return `修改了${thingZh(change)}的${listed(fields, '、', '和')}${fromTo(change, ['（', '）'])}`;
  },
  shifted: (change) => {
    const { reach, first, last, name } = change;
    const who = {
      one: `轨道 ${name} 上的“${first.name}”`,
      some: `轨道 ${name} 上从“${first.name}”到“${last.name}”的镜头都`,
      later: `轨道 ${name} 上后面的镜头都`,
      all: `轨道 ${name} 上的镜头全部`,
    }[reach];
    return `${who}${change.seconds > 0 ? '推后' : '提前'}了 ${timeZh(change)}`;
  },
  rounded: ({ count, name }) => `轨道 ${name} 上 ${count} 个镜头的时间做了取整`,
  reordered: ({ name }) => `轨道 ${name} 上镜头的列出顺序变了`,
  set: (change) => {
    const [before, after] = [shortText(change.before), shortText(change.after)];
    if (change.before === undefined)
      return after === undefined ? `添加了 ${change.name}` : `把 ${change.name} 设为 ${after}`;
    if (before === undefined || after === undefined) return `修改了 ${change.name}`;
    return `把 ${change.name} 从 ${before} 改为 ${after}`;
  },
};

/** All that can be said about changes, by language. */
export const WORDS: Record<Language, Words> = { en, zh };

type Subject = Pick<Change, 'entity' | 'name'>;

function thing({ entity, name }: Subject): string {
  if (entity === 'shot') return `“${name}”`;
  if (entity === 'value') return name;
  return entity === 'track' ? `track ${name}` : `${NOUNS.en[entity]} “${name}”`;
}

function thingZh({ entity, name }: Subject): string {
  if (entity === 'shot') return `“${name}”`;
  if (entity === 'value') return ` ${name} `;
  return entity === 'track' ? `轨道 ${name} ` : `${NOUNS.zh[entity]}“${name}”`;
}

const contentsOf = ({ entity }: Subject): 'shot' | 'beat' => (entity === 'track' ? 'shot' : 'beat');

function withContents(change: Subject & { contents?: unknown[] }): string {
  const count = change.contents?.length ?? 0;
  return count === 0 ? '' : ` with ${counted(count, NOUNS.en[contentsOf(change)])}`;
}

function thingWithContentsZh(change: Subject & { contents?: unknown[] }): string {
  const count = change.contents?.length ?? 0;
  const what = thingZh(change);
  return count === 0 ? what : `${what.trimEnd()}（含 ${count} 个${NOUNS.zh[contentsOf(change)]}）`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Seconds to the millisecond; what is shorter, as it is. */
/** A number of seconds as people write it. */
export function seconds(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return String(rounded === 0 ? value : rounded);
}

const time = ({ seconds: length, frames }: Span): string =>
  frames === undefined ? `${seconds(Math.abs(length))} s` : counted(Math.abs(frames), 'frame');
const timeZh = ({ seconds: length, frames }: Span): string =>
  frames === undefined ? `${seconds(Math.abs(length))} 秒` : `${Math.abs(frames)} 帧`;

/** A length in the measure of the change it is told with. */
const lengthOf = (length: Span, { frames }: Span): string =>
  frames !== undefined && length.frames !== undefined ? String(length.frames) : `${seconds(length.seconds)} s`;
const lengthZh = (length: Span, { frames }: Span): string =>
  frames !== undefined && length.frames !== undefined ? String(length.frames) : `${seconds(length.seconds)} 秒`;

const isOtherTime = (before: Place, after: Place): boolean =>
  before.start !== undefined && after.start !== undefined && before.start !== after.start;

function listed(names: string[], comma: string, and: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(comma)}${and}${names.at(-1)}`;
}

/** The values of a single field, if both are short enough for a sentence. */
function fromTo(change: Extract<Change, { kind: 'changed' }>, [open, close] = [' (', ')']): string {
  const [field, ...others] = change.fields;
  if (others.length > 0) return '';
  const [before, after] = [change.before, change.after].map((values) => shortText(values[field!]));
  return before === undefined || after === undefined ? '' : `${open}${before} → ${after}${close}`;
}

/** A value as part of a sentence, if it is short. */
export function shortText(value: unknown): string | undefined {
  if (value === undefined || Array.isArray(value) || isDocument(value)) return undefined;
  const text = isRawNumber(value) ? value.rawJSON : typeof value === 'string' ? `“${value}”` : String(value);
  return text.length > LONGEST_VALUE ? undefined : text;
}
const LONGEST_VALUE = 32;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
