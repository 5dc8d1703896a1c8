/** One fact read out of a name: what it means, where it stands (`name.slice(...span)`), and how likely it is right. */
export interface Field<T> {
  value: T;
  span: [start: number, end: number];
  confidence: number;
}

/** Everything a release name says. What it does not say is absent, or an empty list. */
export interface ParsedName {
  name: string;
  /** The name of the work, then its other names, each as it stands, dots and underscores read as spaces. */
  titles: Field<string>[];
  year?: Field<number>;
  /** Every season it holds, ascending. */
  seasons?: Field<number[]>;
  /** Every episode it holds, ascending; in the count of the season, or of the show when no season is named; 12.5 is a number too. */
  episodes?: Field<number[]>;
  /** The same episodes in the count of the whole show, when the name gives both. */
  absolute_episodes?: Field<number[]>;
  /** The day of a daily show, ISO 8601. */
  date?: Field<string>;
  /** "Part 2" of a film or an episode. */
  part?: Field<number>;
  episode_title?: Field<string>;
  /** 1080p, 2160p, 480i: the number of lines and how they are sent. */
  resolution?: Field<string>;
  source?: Field<Source>;
  /** True when the pictures were copied and not encoded again. */
  remux?: Field<true>;
  /** The service a web release came from, as it is written. */
  network?: Field<string>;
  video_codec?: Field<string>;
  color_depth?: Field<string>;
  hdr: Field<string>[];
  audio_codecs: Field<string>[];
  channels?: Field<string>;
  /** Languages heard, ISO 639-1; `multi` and `dual` when it only says how many. */
  languages: Field<string>[];
  /** Languages read, ISO 639-1; `multi`, or `und` when it does not say which. */
  subtitles: Field<string>[];
  group?: Field<string>;
  editions: Field<string>[];
  /** 2 for "v2". */
  version?: Field<number>;
  /** How often it was put right: PROPER, REPACK, RERIP. */
  proper?: Field<number>;
  /** What it is when it is neither the work nor an episode of it: opening, ending, trailer, special, ova, movie. */
  form?: Field<Form>;
  complete?: Field<true>;
  crc?: Field<string>;
  container?: Field<string>;
  size?: Field<string>;
  site?: Field<string>;
  ids: Field<string>[];
  /** Other words that are no part of a title: INTERNAL, HYBRID, 3D. */
  other: Field<string>[];
}

export type Source =
  | 'bluray'
  | 'web-dl'
  | 'webrip'
  | 'web'
  | 'hdtv'
  | 'tv'
  | 'dvd'
  | 'hddvd'
  | 'hdrip'
  | 'cam'
  | 'telesync'
  | 'telecine'
  | 'screener'
  | 'workprint'
  | 'vhs'
  | 'r5'
  | 'ppv';
export type Form = 'movie' | 'ova' | 'special' | 'opening' | 'ending' | 'trailer' | 'extra';
