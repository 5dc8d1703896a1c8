import type { LossCode } from './loss-codes.js';
import type { ToldLoss } from './told-loss.js';

/** Each loss in one English sentence, without how often it happened. */
export const ENGLISH: Record<LossCode, (told: ToldLoss) => string> = {
  section: (t) => `${t.Who} is left out.`,
  idea: () => 'A version of the idea is left out.',
  unused: (t) => `${t.Who} that no shot shows is left out.`,
  left_out: (t) => `${t.Who} has no place in the format and is left out.`,
  details: (t) => `Of ${t.who} this is left out: ${t.fields}.`,
  other_row: (t) => `${t.Who} lies on another row when the file is read again.`,
  new_id: (t) => `The id of ${t.who} cannot be kept: read again, it has a new one.`,
  row_name: (t) =>
    `The name of ${t.who} is left out; it is the channel${t.say('channel', (v) => ` ${v}`) || ' that says which it is'}.`,
  shot_without_row: () => 'A shot that lies on no row is left out.',
  shot_without_time: (t) => `${t.Who} has no place in time and is left out.`,
  shot_without_clip: (t) => `${t.Who} shows no clip; only its place is kept.`,
  shot_off: (t) => `${t.Who} is switched off and is left out.`,
  shot_too_short: (t) => `${t.Who} is shorter than half a frame and is left out.`,
  shot_too_late: (t) => `${t.Who} lies beyond the last timecode of the day and is left out.`,
  between_frames: (t) => `${t.Who} has times between two frames of the file, which became the nearest.`,
  source_without_timecode: (t) => `${t.Who} plays from a time in its media that has no timecode.`,
  overlap: (t) => `${t.Who} overlaps another on ${row(t)}; other programs may cut one of them.`,
  overlap_moved: (t) =>
    `${t.Who} overlaps another on ${row(t)} and goes onto a ${t.say('onto', String) || 'track'} of its own.`,
  picture_rows: (t) =>
    `There are ${t.say('rows', String)} rows of pictures (V, V2 …); many programs read only the first.`,
  sound_rows: (t) =>
    `There are ${t.say('rows', String)} rows of sound; many programs read only the first ${t.say('most', String)}.`,
  text_unfit: (t) =>
    `${t.Who} has characters that ${t.say('format', String) || 'the file'} cannot hold; marks stand in their place.`,
  film_start: (t) =>
    `${t.place ? t.Who : 'The list'} starts at ${t.say('start', String)}; here every film starts at 0.`,
  drop_frame_ignored: (t) => `${t.Who} says that frame numbers are dropped, which this rate does not do; none are.`,
  length_differs: (t) =>
    t.say(
      'frames',
      (frames) =>
        `${t.Who} is ${frames} frames long, but ${t.say('source_frames', String)} in its source; the film counts.`,
    ) || `${t.Who} is longer or shorter than in its source; the film counts.`,
  speed: (t) => `${t.Who} is played ${speed(t)}; here it plays at its own speed.`,
  transition: (t) => {
    const kind = t.say('transition', String) || 'transition';
    return t.place
      ? `The ${kind}${name(t)}${length(t)}${between(t)}${at(t)} becomes a cut.`
      : `A ${kind} becomes a cut.`;
  },
  effect: (t) => `The effect${t.quoted('effect') || ' without a name'} on ${t.who} is left out.`,
  marker: (t) => {
    const kind = t.say('marker', String) || 'marker';
    const where = t.say('seconds', (v) => `, ${v} s into ${t.who},`) || ` on ${t.who}`;
    return t.place
      ? `The ${kind}${t.quoted('text') || ' without a name'}${where} is left out.`
      : `A ${kind} on ${t.who} is left out.`;
  },
  note: (t) => `The note on ${t.who} is left out.`,
  caption: (t) => `${t.Who} is a caption and is left out.`,
  title: (t) => `${t.Who} is left out; its place stays empty.`,
  generator: (t) =>
    `${t.Who} is made by the generator${t.quoted('generator') || ' of another program'}, which is left out; its place stays empty.`,
  multicam: (t) => `${t.Who} is a clip of several cameras and is left out; its place stays empty.`,
  takes: (t) => `Of ${t.say('takes', String) || 'several'} takes of ${t.who} only the one in use is kept.`,
  sound_settings: (t) => `The sound settings of ${t.who} are left out.`,
  image_sequence: (t) => `${t.Who} is a sequence of images; only the first is kept.`,
  no_media: (t) =>
    t.say('reel', (reel) => `The list names no file for the reel "${reel}" of ${t.who}; its place stays empty.`) ||
    `${t.Who} has no media in the file; its place stays empty.`,
  compound_missing: (t) => `What ${t.who} holds is not in the file; its place stays empty.`,
  empty_stack: (t) => `There is nothing in ${t.who}; its time stays empty.`,
  no_length: (t) => `${t.Who} has no length and is left out.`,
  out_of_sight: (t) => `${t.Who} is out of sight in the film and is left out.`,
  range_ignored: (t) => `The source range of ${t.who} shows nothing of what it contains; it is taken whole.`,
  track_kind: (t) => `${t.Who} is of kind${t.quoted('track_kind') || ' unknown here'}; here it is a video track.`,
  row_added: (t) => `${t.Who} lies over another on ${row(t)} and gets a row of its own.`,
  too_many_layers: (t) => `${t.Who} lies over too many others at once and is left out.`,
  several_films: (t) => `The ${t.say('films', String)} films of the file follow one another in one.`,
  no_project: () => 'The file has no project; its clips follow one another.',
  unknown_kind: (t) => `${t.Who} is of a kind unknown here and is left out.`,
  foreign_notes: (t) => `Notes of other programs${t.say('programs', (v) => ` (${v})`)} are left out.`,
  comment: (t) =>
    t.place
      ? `The comment in ${t.who} is left out: ${t.quoted('text').trim() || 'it is empty'}.`
      : 'A comment is left out.',
  line_unknown: (t) => unread(t, 'says something unknown here'),
  line_too_long: (t) => unread(t, 'is too long to be read'),
  event_unreadable: (t) => unread(t, 'is no event that can be read'),
  time_unreadable: (t) => unread(t, 'has a time that is none'),
  event_backwards: (t) => unread(t, 'ends before it starts'),
  speed_of_nothing: (t) => unread(t, 'changes the speed of nothing'),
  hdr_tones: (t) =>
    t.say('reason', String) === 'dolby_vision'
      ? `The picture of ${t.who} is Dolby Vision without a layer for other screens: what is made of it has wrong colours.`
      : `The picture of ${t.who} is HDR, and this ffmpeg has no zscale and tonemap: what is made of it looks dull. Install an ffmpeg with libzimg.`,
  more: (t) => `There is more that is not listed (${t.count} times).`,
};

const row = (t: ToldLoss): string => t.place?.row ?? 'its row';
const at = (t: ToldLoss): string => {
  const { timecode, line } = t.place ?? {};
  return `${timecode === undefined ? '' : ` at ${timecode}`}${line === undefined ? '' : ` (line ${line})`}`;
};
const unread = (t: ToldLoss, problem: string): string =>
  `${t.Who} ${problem} and is left out${t.place ? t.say('text', (text) => `: "${text}"`) : ''}.`;
const length = (t: ToldLoss): string =>
  t.say('frames', (v) => ` of ${v} frames`) || t.say('seconds', (v) => ` of ${v} s`);
const between = (t: ToldLoss): string =>
  t.say('before', String) === '' && t.say('after', String) === ''
    ? ''
    : ` between ${t.quoted('before').trim() || 'the start'} and ${t.quoted('after').trim() || 'the end'}`;
const name = (t: ToldLoss): string => (t.place?.name ? ` "${t.place.name}"` : '');
const speed = (t: ToldLoss): string =>
  t.say('frames_per_second', (v) => (Number(v) === 0 ? 'as a still' : `at ${v} frames a second`)) ||
  t.say('speed', (v) => (Number(v) === 0 ? 'as a still' : `at ${v} times its speed`)) ||
  'at another speed';
