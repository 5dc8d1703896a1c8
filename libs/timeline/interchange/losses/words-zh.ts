import type { LossCode } from './loss-codes.js';
import type { ToldLoss } from './told-loss.js';

/** Each loss in one Chinese sentence, without how often it happened. */
export const CHINESE: Record<LossCode, (told: ToldLoss) => string> = {
  section: (t) => `${t.who}不属于影片，已略去。`,
  idea: () => '创意版本不随影片导出。',
  unused: (t) => `${t.who}没有被任何镜头使用，已略去。`,
  left_out: (t) => `${t.who}在这种格式中没有位置，已略去。`,
  details: (t) => `${t.who}的以下字段没有保留：${t.fields}。`,
  other_row: (t) => `再次读取文件时，${t.who}会落在另一条轨道上。`,
  new_id: (t) => `${t.who}的编号无法保留，读回时会得到新的编号。`,
  row_name: (t) => `${t.who}的名称没有保留，只以通道${t.say('channel', (v) => ` ${v} `)}标识。`,
  shot_without_row: () => '有的镜头不在任何轨道上，已略去。',
  shot_without_time: (t) => `${t.who}没有时间位置，已略去。`,
  shot_without_clip: (t) => `${t.who}没有片段，只保留了位置。`,
  shot_off: (t) => `${t.who}已停用，因此略去。`,
  shot_too_short: (t) => `${t.who}不足半帧，已略去。`,
  shot_too_late: (t) => `${t.who}超出一天的最后一个时间码，已略去。`,
  between_frames: (t) => `${t.who}的时间落在文件的两帧之间，已取最近的一帧。`,
  source_without_timecode: (t) => `${t.who}的素材入点没有对应的时间码。`,
  overlap: (t) => `${t.who}与${row(t)}上的另一个镜头重叠，其他软件可能会剪掉其中之一。`,
  overlap_moved: (t) =>
    `${t.who}与${row(t)}上的另一个镜头重叠，被放到单独的${ONTO[t.say('onto', String)] ?? '轨道'}上。`,
  picture_rows: (t) => `共有 ${t.say('rows', String)} 条画面轨道（V、V2……），许多软件只读取第一条。`,
  sound_rows: (t) => `共有 ${t.say('rows', String)} 条声音轨道，许多软件只读取前 ${t.say('most', String)} 条。`,
  text_unfit: (t) => `${t.who}含有${t.say('format', (v) => ` ${v} `) || '文件'}无法容纳的字符，已用标记代替。`,
  film_start: (t) => `${t.place ? t.who : '列表'}从 ${t.say('start', String)} 开始，而这里的影片都从 0 开始。`,
  drop_frame_ignored: (t) => `${t.who}声明使用丢帧时间码，但该帧率不丢帧，因此未丢帧。`,
  length_differs: (t) =>
    t.say(
      'frames',
      (frames) => `${t.who}长 ${frames} 帧，而在素材中长 ${t.say('source_frames', String)} 帧，以影片为准。`,
    ) || `${t.who}的长度与素材中的不同，以影片为准。`,
  speed: (t) => `${t.who}${speed(t)}播放，这里按原速播放。`,
  transition: (t) => {
    const kind = TRANSITIONS[t.say('transition', String)] ?? (t.say('transition', String) || '转场');
    return t.place ? `${kind}${name(t)}${length(t)}${between(t)}${at(t)}变为硬切。` : `有的${kind}变为硬切。`;
  },
  effect: (t) => `${t.who}上的效果${t.quoted('effect')}没有保留。`,
  marker: (t) =>
    `${t.who}${t.place ? t.say('seconds', (v) => ` ${v} 秒处`) : ''}的${MARKERS[t.say('marker', String)] ?? '标记'}${t.place ? t.quoted('text') : ''}没有保留。`,
  note: (t) => `${t.who}上的备注没有保留。`,
  caption: (t) => `${t.who}是字幕，已略去。`,
  title: (t) => `${t.who}是标题，已略去，其位置留空。`,
  generator: (t) => `${t.who}由发生器${t.quoted('generator')}生成，已略去，其位置留空。`,
  multicam: (t) => `${t.who}是多机位片段，已略去，其位置留空。`,
  takes: (t) => `${t.who}有${t.say('takes', (v) => ` ${v} `) || '多'}个备选，只保留使用中的一个。`,
  sound_settings: (t) => `${t.who}的声音设置没有保留。`,
  image_sequence: (t) => `${t.who}是图像序列，只保留第一张。`,
  no_media: (t) =>
    t.say('reel', (reel) => `列表没有给出${t.who}的卷“${reel}”对应的文件，其位置留空。`) ||
    `文件中没有${t.who}的素材，其位置留空。`,
  compound_missing: (t) => `${t.who}的内容不在文件中，其位置留空。`,
  empty_stack: (t) => `${t.who}中没有内容，其时间留空。`,
  no_length: (t) => `${t.who}没有长度，已略去。`,
  out_of_sight: (t) => `${t.who}在影片中看不到，已略去。`,
  range_ignored: (t) => `${t.who}的源范围不包含任何内容，因此取其全部。`,
  track_kind: (t) => `${t.who}的类型${t.quoted('track_kind') || '未知'}，这里作为画面轨道。`,
  row_added: (t) => `${t.who}压在${row(t)}上的另一个镜头之上，因此得到单独的轨道。`,
  too_many_layers: (t) => `${t.who}同时压在过多的镜头之上，已略去。`,
  several_films: (t) => `文件中的 ${t.say('films', String)} 部影片依次接成一部。`,
  no_project: () => '文件中没有项目，其中的片段依次相接。',
  unknown_kind: (t) => `${t.who}的类型在这里未知，已略去。`,
  foreign_notes: (t) => `其他软件的附注${t.say('programs', (v) => `（${v}）`)}没有保留。`,
  comment: (t) => `${t.who}的注释没有保留${t.place ? t.say('text', (v) => `：“${v}”`) : ''}。`,
  line_unknown: (t) => unread(t, '的内容无法理解'),
  line_too_long: (t) => unread(t, '过长，无法读取'),
  event_unreadable: (t) => unread(t, '不是可读的事件'),
  time_unreadable: (t) => unread(t, '含有无效的时间'),
  event_backwards: (t) => unread(t, '的结束早于开始'),
  speed_of_nothing: (t) => unread(t, '改变速度，却没有对应的事件'),
  hdr_tones: (t) =>
    t.say('reason', String) === 'dolby_vision'
      ? `${t.who}的画面是不含其他屏幕图层的杜比视界，所得影片的颜色不正确。`
      : `${t.who}的画面是 HDR，而这里的 ffmpeg 没有 zscale 和 tonemap，所得影片会显得灰暗；请安装带 libzimg 的 ffmpeg。`,
  more: (t) => `还有 ${t.count} 处未列出。`,
};

const ONTO: Record<string, string> = { track: '轨道', lane: '层' };
const TRANSITIONS: Record<string, string> = { dissolve: '叠化', wipe: '划像', key: '键控' };
const MARKERS: Record<string, string> = { keyword: '关键词', rating: '评级' };

const row = (t: ToldLoss): string => (t.place?.row === undefined ? '所在轨道' : `轨道 ${t.place.row} `);
const name = (t: ToldLoss): string => (t.place?.name ? `“${t.place.name}”` : '');
const unread = (t: ToldLoss, problem: string): string =>
  `${t.who}${problem}，已略去${t.place ? t.say('text', (text) => `：“${text}”`) : ''}。`;
const length = (t: ToldLoss): string => t.say('frames', (v) => `（${v} 帧）`) || t.say('seconds', (v) => `（${v} 秒）`);
const between = (t: ToldLoss): string =>
  t.say('before', String) === '' && t.say('after', String) === ''
    ? ''
    : `（${t.quoted('before') || '开头'}与${t.quoted('after') || '结尾'}之间）`;
const at = (t: ToldLoss): string => {
  const { timecode, line } = t.place ?? {};
  return `${timecode === undefined ? '' : `，${timecode} 处`}${line === undefined ? '' : `（第 ${line} 行）`}`;
};
const speed = (t: ToldLoss): string =>
  t.say('frames_per_second', (v) => (Number(v) === 0 ? '以静帧' : `以每秒 ${v} 帧`)) ||
  t.say('speed', (v) => (Number(v) === 0 ? '以静帧' : `以 ${v} 倍速`)) ||
  '以其他速度';
