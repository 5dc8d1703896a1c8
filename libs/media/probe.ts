import { AppError } from '#libs/errors/app-error';
import { userFile } from './ffmpeg-input.js';
import type { MediaPrograms } from './media-programs.js';
import { rationalOf, type Rational } from './rational.js';
import { runProgram, type RunOptions } from './run-program.js';

/** What is known of a media file by looking at its head and its first packets. */
export interface MediaFacts {
  /** The names of the container, as `mov,mp4,m4a,3gp,3g2,mj2`. */
  format: string;
  /** What it is to a person: a still picture is an image, whatever its container. */
  kind: 'video' | 'audio' | 'image';
  duration_seconds: number | null;
  bit_rate: number | null;
  /** As it is to be shown: turned upright, pixels square or not. */
  width: number | null;
  height: number | null;
  frame_rate: Rational | null;
  variable_frame_rate: boolean;
  hdr: Hdr | null;
  streams: StreamFacts[];
}

export type Hdr = 'pq' | 'hlg' | 'dolby_vision';

export interface StreamFacts {
  index: number;
  kind: 'video' | 'audio' | 'subtitle' | 'other';
  codec: string;
  profile: string | null;
  duration_seconds: number | null;
  time_base: Rational | null;
  language: string | null;
  width: number | null;
  height: number | null;
  /** Degrees clockwise that a player turns the picture: 0, 90, 180 or 270. */
  rotation: number;
  pixel_format: string | null;
  pixel_aspect: Rational | null;
  frame_rate: Rational | null;
  average_rate: Rational | null;
  colour_transfer: string | null;
  hdr: Hdr | null;
  channels: number | null;
  sample_rate: number | null;
  /** A picture that is no film: the cover of a song, a thumbnail. */
  is_cover: boolean;
}

const PACKETS = 600;
const STILL = /^(png|jpeg|webp|bmp|tiff|qoi|exr|dpx|psd|jpegxl|j2k|image2)(_pipe)?$/;

/** Looks at a stranger's file; what is no media file that we read is `invalid`. */
export async function probe(
  { ffprobe }: MediaPrograms,
  path: string,
  options: Pick<RunOptions, 'signal' | 'timeLimitMs'> = {},
): Promise<MediaFacts> {
  const entries = ['format', 'stream', 'stream_disposition', 'stream_tags', 'stream_side_data'].join(':');
  const args = [
    ...['-v', 'error', '-print_format', 'json', '-show_streams', '-show_format'],
    ...['-show_entries', `${entries}:packet=stream_index,pts`, '-read_intervals', `%+#${PACKETS}`],
    ...userFile(path),
  ];
  const { output } = await runProgram(ffprobe, args, { timeLimitMs: 60_000, ...options }).catch((error: unknown) => {
    throw unreadable(error);
  });
  const seen = JSON.parse(output.toString()) as Seen;
  if (!seen.streams?.length) throw new AppError('invalid', 'The file has neither picture nor sound.', NOT_MEDIA);
  return factsOf(seen);
}

const NOT_MEDIA = { reason: 'not_media' };

function unreadable(error: unknown): unknown {
  const { code, details } = error as AppError;
  const failure = details as { exit_code?: number; complaints?: string } | undefined;
  if (code !== 'invalid' || failure?.exit_code === undefined) return error;
  return new AppError('invalid', 'The file is not a film, sound or picture of a kind that we read.', {
    ...NOT_MEDIA,
    complaints: failure.complaints,
  });
}

function factsOf({ format = {}, streams = [], packets = [] }: Seen): MediaFacts {
  const all = streams.map(streamFacts);
  const film = all.find(({ kind, is_cover }) => kind === 'video' && !is_cover);
  const name = format.format_name ?? 'unknown';
  const isImage = film !== undefined && (STILL.test(name) || (name === 'gif' && packets.length < 2));
  const turned = film !== undefined && film.rotation % 180 !== 0;
  return {
    format: name,
    kind: isImage ? 'image' : film ? 'video' : 'audio',
    duration_seconds: isImage ? null : (number(format.duration) ?? longest(all)),
    bit_rate: isImage ? null : number(format.bit_rate),
    width: film ? (turned ? film.height : film.width) : null,
    height: film ? (turned ? film.width : film.height) : null,
    frame_rate: isImage || !film ? null : (film.average_rate ?? film.frame_rate),
    variable_frame_rate: !isImage && film !== undefined && hasUnevenSteps(packets, film.index),
    hdr: film?.hdr ?? null,
    streams: all,
  };
}

function streamFacts(stream: SeenStream): StreamFacts {
  const sides = stream.side_data_list ?? [];
  const turn = number(sides.find(({ rotation }) => rotation !== undefined)?.rotation ?? stream.tags?.rotate) ?? 0;
  // A display matrix counts anticlockwise, the old tag clockwise.
  const clockwise = sides.some(({ rotation }) => rotation !== undefined) ? -turn : turn;
  const kind = stream.codec_type;
  return {
    index: stream.index,
    kind: kind === 'video' || kind === 'audio' || kind === 'subtitle' ? kind : 'other',
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile ?? null,
    duration_seconds: number(stream.duration),
    time_base: rationalOf(stream.time_base),
    language: stream.tags?.language ?? null,
    width: stream.width ?? null,
    height: stream.height ?? null,
    rotation: (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360,
    pixel_format: stream.pix_fmt ?? null,
    pixel_aspect: rationalOf(stream.sample_aspect_ratio?.replace(':', '/')),
    frame_rate: rationalOf(stream.r_frame_rate),
    average_rate: rationalOf(stream.avg_frame_rate),
    colour_transfer: stream.color_transfer ?? null,
    hdr: hdrOf(stream),
    channels: stream.channels ?? null,
    sample_rate: number(stream.sample_rate),
    is_cover: stream.disposition?.attached_pic === 1 || stream.disposition?.timed_thumbnails === 1,
  };
}

function hdrOf({ color_transfer, side_data_list = [] }: SeenStream): Hdr | null {
  if (side_data_list.some(({ side_data_type = '' }) => side_data_type.startsWith('DOVI'))) return 'dolby_vision';
  if (color_transfer === 'smpte2084') return 'pq';
  return color_transfer === 'arib-std-b67' ? 'hlg' : null;
}

/**
 * Whether the frames of the beginning come at uneven steps. Containers round times to their ticks, so steps that differ by
 * a tick are even; the packets are in coding order, and those at the cut may miss neighbours.
 */
function hasUnevenSteps(packets: SeenPacket[], stream: number): boolean {
  const times = packets
    .filter(({ stream_index, pts }) => stream_index === stream && pts !== undefined)
    .map(({ pts }) => pts!)
    .sort((a, b) => a - b)
    .slice(0, packets.length >= PACKETS ? -16 : undefined);
  const steps = times.slice(1).map((time, index) => time - times[index]!);
  if (steps.length < 3) return false;
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  return most - least > Math.max(2, most * 0.05);
}

function longest(streams: StreamFacts[]): number | null {
  const lengths = streams.map(({ duration_seconds }) => duration_seconds ?? 0);
  return Math.max(...lengths) || null;
}

function number(value: string | number | undefined): number | null {
  const read = Number(value);
  return value === undefined || !Number.isFinite(read) ? null : read;
}

interface Seen {
  format?: { format_name?: string; duration?: string; bit_rate?: string };
  streams?: SeenStream[];
  packets?: SeenPacket[];
}

interface SeenPacket {
  stream_index: number;
  pts?: number;
}

interface SeenStream {
  index: number;
  codec_type?: string;
  codec_name?: string;
  profile?: string;
  duration?: string;
  time_base?: string;
  width?: number;
  height?: number;
  pix_fmt?: string;
  sample_aspect_ratio?: string;
  r_frame_rate?: string;
  avg_frame_rate?: string;
  color_transfer?: string;
  channels?: number;
  sample_rate?: string;
  tags?: { language?: string; rotate?: string };
  disposition?: { attached_pic?: number; timed_thumbnails?: number };
  side_data_list?: { side_data_type?: string; rotation?: number }[];
}
