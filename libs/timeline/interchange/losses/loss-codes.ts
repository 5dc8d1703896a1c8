/**
 * How bad a loss is. `lost`: it is not there afterwards. `changed`: it is there, but otherwise than it was. `guessed`: the file
 * does not say, and something was taken for true. `at_risk`: it is carried, but other programs may not read it.
 */
export const SEVERITIES = ['lost', 'changed', 'guessed', 'at_risk'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The closed list of what may become of a film between two formats: the severity of each, and what it means. Codes never change. */
export const LOSS_CODES = {
  section: ['lost', 'A section of the document is no part of the film.'],
  idea: ['lost', 'A version of the idea is kept in the project alone.'],
  unused: ['lost', 'Something that no shot in the file uses stays behind.'],
  left_out: ['lost', 'The format has no place for things of a kind, though shots make use of them.'],
  details: ['lost', 'Fields of something that is carried are not carried with it.'],
  other_row: ['changed', 'Read again, a shot lies on another row than it did.'],
  new_id: ['changed', 'The format cannot hold the id of something: read again, it has a new one.'],
  row_name: ['lost', 'The name of a row cannot be written; the row is known by its channel.'],
  shot_without_row: ['lost', 'A shot lies on no row.'],
  shot_without_time: ['lost', 'A shot has no place in time.'],
  shot_without_clip: ['changed', 'A shot shows no clip; only its place is kept.'],
  shot_off: ['lost', 'A shot is switched off, which the format cannot say.'],
  shot_too_short: ['lost', 'A shot is shorter than half a frame of the file.'],
  shot_too_late: ['lost', 'A shot lies beyond the last timecode of the day.'],
  between_frames: [
    'changed',
    'A shot begins, ends or plays from between two frames of the file, and does so at the nearest.',
  ],
  source_without_timecode: ['changed', 'A shot plays from a time in its media that has no timecode.'],
  overlap: ['at_risk', 'Shots overlap on one row; other programs may cut one of them.'],
  overlap_moved: [
    'changed',
    'A shot overlaps another on its row, and goes onto a track or lane of its own in the file.',
  ],
  picture_rows: ['at_risk', 'There are several rows of pictures; many programs read only the first.'],
  sound_rows: ['at_risk', 'There are more rows of sound than the format knows; many programs read only these.'],
  text_unfit: ['changed', 'A text has characters that the format cannot hold; marks stand in their place.'],
  film_start: ['changed', 'The film of the file begins at another time than 0.'],
  drop_frame_ignored: [
    'guessed',
    'The file says that frame numbers are dropped, which its rate does not do; none are.',
  ],
  length_differs: ['changed', 'A shot is longer or shorter in the film than in its source; the film counts.'],
  speed: ['changed', 'A shot is played at another speed than its own, as a still or backwards.'],
  transition: ['changed', 'A dissolve, a wipe or another transition becomes a cut.'],
  effect: ['lost', 'An effect on a shot is left out.'],
  marker: ['lost', 'A marker, keyword or rating is left out.'],
  note: ['lost', 'A note that somebody wrote on a shot is left out.'],
  caption: ['lost', 'A caption is left out.'],
  title: ['lost', 'A title made in the other editor is left out; its place stays empty.'],
  generator: ['lost', 'A picture that the other editor makes itself is left out; its place stays empty.'],
  multicam: ['lost', 'A clip of several cameras is left out; its place stays empty.'],
  takes: ['lost', 'Of several takes, or several media of one clip, only the one in use is kept.'],
  sound_settings: ['lost', 'Settings of the sound of a clip are left out.'],
  image_sequence: ['lost', 'Of a sequence of images only the first is kept.'],
  no_media: ['lost', 'The file does not say where the media of a shot are; its place stays empty.'],
  compound_missing: ['lost', 'A compound clip is not in the file; its place stays empty.'],
  empty_stack: ['changed', 'There is nothing in a stack; its time stays empty.'],
  no_length: ['lost', 'Something without a length is left out.'],
  out_of_sight: ['lost', 'Something is never seen in the film of the file, and is left out.'],
  range_ignored: ['guessed', 'A source range shows nothing of what it is of, which is taken whole.'],
  track_kind: ['changed', 'A track is neither of pictures nor of sound; here it is one of pictures.'],
  row_added: ['changed', 'A shot lies over another on its row, and gets a row of its own.'],
  too_many_layers: ['lost', 'A shot lies over too many others at once.'],
  several_films: ['changed', 'The file holds several films; they follow one another in one.'],
  no_project: ['guessed', 'The file holds clips but no film; they follow one another.'],
  unknown_kind: ['lost', 'Something is of a kind that is unknown here.'],
  foreign_notes: ['lost', 'Notes of other programs are left out.'],
  comment: ['lost', 'A comment of a list that means nothing here is left out.'],
  line_unknown: ['lost', 'A line of a list says something unknown.'],
  line_too_long: ['lost', 'A line of a list is too long to be read.'],
  event_unreadable: ['lost', 'A line of a list looks like an event, but is none.'],
  time_unreadable: ['lost', 'An event of a list has a time that is none.'],
  event_backwards: ['lost', 'An event of a list ends before it starts.'],
  speed_of_nothing: ['lost', 'A line of a list changes the speed of no event, or to none.'],
  hdr_tones: ['changed', 'The colours of a picture could not be brought to ordinary screens.'],
  more: ['lost', 'There are more losses than are listed.'],
} as const satisfies Record<string, readonly [Severity, string]>;

export type LossCode = keyof typeof LOSS_CODES;
