import { z } from 'zod';

/** What becomes of a film on its way between formats, for programs: test/laws/timeline-losses.test.ts holds it against what finds the losses. */

/** Each code and what it means is in docs/timeline-losses.md; a code never changes its meaning. */
export const LossCode = z
  .enum([
    'section',
    'idea',
    'unused',
    'left_out',
    'details',
    'other_row',
    'new_id',
    'row_name',
    'shot_without_row',
    'shot_without_time',
    'shot_without_clip',
    'shot_off',
    'shot_too_short',
    'shot_too_late',
    'between_frames',
    'source_without_timecode',
    'overlap',
    'overlap_moved',
    'picture_rows',
    'sound_rows',
    'text_unfit',
    'film_start',
    'drop_frame_ignored',
    'length_differs',
    'speed',
    'transition',
    'effect',
    'marker',
    'note',
    'caption',
    'title',
    'generator',
    'multicam',
    'takes',
    'sound_settings',
    'image_sequence',
    'no_media',
    'compound_missing',
    'empty_stack',
    'no_length',
    'out_of_sight',
    'range_ignored',
    'track_kind',
    'row_added',
    'too_many_layers',
    'several_films',
    'no_project',
    'unknown_kind',
    'foreign_notes',
    'comment',
    'line_unknown',
    'line_too_long',
    'event_unreadable',
    'time_unreadable',
    'event_backwards',
    'speed_of_nothing',
    'hdr_tones',
    'more',
  ])
  .meta({ id: 'LossCode', description: 'What was lost; docs/timeline-losses.md says what each code means.' });

/** Not there afterwards; there, but otherwise; taken for true because the file does not say; carried, but maybe not read elsewhere. */
export const LossSeverity = z.enum(['lost', 'changed', 'guessed', 'at_risk']).meta({ id: 'LossSeverity' });

const Values = z.record(z.string(), z.union([z.string(), z.number()]));

export const LossPlace = z
  .object({
    kind: z.enum([
      'section',
      'idea',
      'track',
      'shot',
      'scene',
      'beat',
      'character',
      'asset',
      'effect',
      'timeline_item',
      'clip',
      'item',
      'event',
      'line',
    ]),
    /** The id in the film, of a shot that of its timeline item. */
    id: z.string().optional(),
    name: z.string().optional(),
    /** The name of the row. */
    row: z.string().optional(),
    /** When in the film: `value` whole frames of `rate`, a fraction of frames per second. */
    at: z.object({ value: z.number(), rate: z.tuple([z.number(), z.number()]) }).optional(),
    timecode: z.string().optional(),
    /** The line of the file, from 1. */
    line: z.number().int().optional(),
    /** What it is in the format: an element of XML, a schema of OTIO, the number of an event. */
    element: z.string().optional(),
    /** Where it stands in the file, as a path of keys. */
    path: z.string().optional(),
    /** What is true of this place alone. */
    values: Values.optional(),
  })
  .meta({ id: 'LossPlace' });

export const Loss = z
  .object({
    code: LossCode,
    severity: LossSeverity,
    /** How often it happened. */
    count: z.number().int(),
    /** What is true everywhere: the name of the effect, the fields. */
    values: Values,
    /** Where it happened: the first 25 places, each once. */
    places: z.array(LossPlace),
  })
  .meta({ id: 'Loss' });
export type Loss = z.output<typeof Loss>;

/** What of a film could not be carried: in sentences, and in the same order as records for programs. */
export const Lost = {
  losses: z.array(z.string()),
  loss_report: z.array(Loss),
};
