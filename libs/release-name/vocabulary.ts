/** What a technical word says. A name of several fields is several entries. */
export type Fact =
  | 'resolution'
  | 'source'
  | 'remux'
  | 'network'
  | 'video_codec'
  | 'color_depth'
  | 'hdr'
  | 'audio_codec'
  | 'channels'
  | 'language'
  | 'subtitle'
  | 'edition'
  | 'proper'
  | 'form'
  | 'complete'
  | 'size'
  | 'id'
  | 'crc'
  | 'version'
  | 'other';

/** How sure a word is no part of a title: `firm` wherever it stands, `soft` only behind or beside firm ones. */
export type Grip = 'firm' | 'soft';

export interface Term {
  fact: Fact;
  value: string;
  grip: Grip;
  /** What else it says: "BDRemux" is a source and a remux. */
  also?: readonly { fact: Fact; value: string }[];
}

/** A term read at one place of a name. */
export interface Hit {
  term: Term;
  end: number;
}

/** Reads the technical term that begins at `at` of a lower-case name, the longest rule first; undefined when there is none. */
export function termAt(lower: string, at: number, wordEnd: number): Hit | undefined {
  const rules = RULES.get(lower.charCodeAt(at));
  if (rules !== undefined) {
    for (const { pattern, read } of rules) {
      pattern.lastIndex = at;
      const match = pattern.exec(lower);
      if (match === null) continue;
      const term = read(match);
      if (term !== undefined) return { term, end: at + match[0].length };
    }
  }
  const term = WORDS.get(lower.slice(at, wordEnd));
  return term === undefined ? undefined : { term, end: wordEnd };
}

interface Rule {
  pattern: RegExp;
  read: (match: RegExpExecArray) => Term | undefined;
}

const RULES = new Map<number, Rule[]>();
const WORDS = new Map<string, Term>();

/** A pattern stands at the beginning of a word and ends with one; `_` in it is at most one separator. */
function rule(first: string, pattern: string, read: Term | ((match: RegExpExecArray) => Term | undefined)): void {
  const made: Rule = {
    pattern: new RegExp(`(?:${withSeparators(pattern)})(?![a-z0-9])`, 'y'),
    read: typeof read === 'function' ? read : () => read,
  };
  for (const sign of first) {
    const list = RULES.get(sign.charCodeAt(0)) ?? [];
    list.push(made);
    RULES.set(sign.charCodeAt(0), list);
  }
}

/** Every `_` or `_?` that stands in no class of characters becomes one separator or none. */
const withSeparators = (pattern: string): string =>
  pattern.replace(/(\[[^\]]*\])|_\??/g, (_, characters: string | undefined) => characters ?? '[ ._-]?');

const term = (fact: Fact, value: string, grip: Grip, also?: Term['also']): Term => ({
  fact,
  value,
  grip,
  ...(also === undefined ? {} : { also }),
});
const firm = (fact: Fact, value: string, also?: Term['also']): Term => term(fact, value, 'firm', also);
const soft = (fact: Fact, value: string, also?: Term['also']): Term => term(fact, value, 'soft', also);
const REMUX = [{ fact: 'remux', value: 'remux' }] as const;

function words(list: string, make: (word: string) => Term): void {
  for (const word of list.split(' ')) WORDS.set(word, make(word));
}

// Resolution
const LINES = [
  240, 288, 360, 368, 400, 404, 406, 432, 450, 464, 480, 540, 544, 576, 640, 704, 720, 800, 900, 1036, 1040, 1044, 1048,
  1072, 1080, 1200, 1280, 1440, 1600, 1800, 1920, 2160, 4320,
];
/** The standard a picture of so many lines is sold as. */
function standardOf(width: number, height: number): string {
  if (width >= 7000) return '4320p';
  if (width >= 3200 || height >= 1700) return '2160p';
  if (width >= 2300 && height >= 1200) return '1440p';
  if (width >= 1800 || height >= 900) return '1080p';
  if (width >= 1200 || height >= 630) return '720p';
  if (height >= 560) return '576p';
  return height >= 440 || width >= 700 ? '480p' : '360p';
}
rule('123456789', '(\\d{3,4}) ?[x*] ?(\\d{3,4})([pi])?', (m) => {
  const [width, height] = [Number(m[1]), Number(m[2])];
  return width < 300 || height < 200 ? undefined : firm('resolution', standardOf(width, height));
});
rule('123456789', '([0-9o]{3,4})([pi])(?:_?(?:\\d{2}(?:\\.\\d{1,3})?)_?(?:fps)?|hd|[x+])?', (m) => {
  const lines = Number(m[1]!.replaceAll('o', '0'));
  return lines >= 200 && lines <= 4400 ? firm('resolution', `${nearestLines(lines)}${m[2]}`) : undefined;
});
rule('17', '(720|1080)(?:0p|hd)', (m) => firm('resolution', `${m[1]}p`));
rule('4', '4k_?to_?(1080|720)p', (m) => firm('resolution', `${m[1]}p`));
rule('m', 'm(\\d{3,4})p', (m) => firm('resolution', `${m[1]}p`));
rule('48', '([48])k', (m) => firm('resolution', m[1] === '4' ? '2160p' : '4320p'));
rule('6', '60fps', firm('other', '60fps'));
rule('1234', '(\\d{2,3})(?:\\.\\d{1,3})?_?fps', (m) => firm('other', `${m[1]}fps`));
function nearestLines(lines: number): number {
  return LINES.includes(lines) && [1036, 1040, 1044, 1048, 1072].includes(lines) ? 1080 : lines;
}
rule('1247', '(1080|720|2160|480)(?=[ ._](?:bd|web|hi10|hevc|blu|x26|10bit))', (m) => firm('resolution', `${m[1]}p`));
words('fhd fullhd', () => soft('resolution', '1080p'));
words('qhd', () => soft('resolution', '1440p'));

// Source
rule('w', 'web_?dl_?(?:rip|mux)|web_?rip', firm('source', 'webrip'));
rule('w', 'web_dl|webdl', firm('source', 'web-dl'));
rule('w', 'web_?(?:hd|uhd|cap|mux)', firm('source', 'webrip'));
rule('w', 'web_?x?(?:26[45])', firm('source', 'web', [{ fact: 'video_codec', value: 'h264' }]));
rule('bu', '(uhd_)?(?:blu_?ray|bluray)_?(?:rip)?', (m) =>
  firm('source', 'bluray', m[1] === undefined ? undefined : [{ fact: 'resolution', value: '2160p' }]),
);
rule('b', '(?:bd|blu_?ray)(2160|1080|720)p', (m) =>
  firm('source', 'bluray', [{ fact: 'resolution', value: `${m[1]}p` }]),
);
rule('b', 'bd_?remux', firm('source', 'bluray', REMUX));
rule('b', 'b[dr]_?(?:rip_?mux|rip|mux)|bd_?(?:25|50|66|100|iso|mv)', firm('source', 'bluray'));
rule('u', 'uhd_?(?:remux)', firm('source', 'bluray', REMUX));
rule('u', 'uhd_?(?:bd)?_?rip|uhd_?bd', firm('source', 'bluray'));
rule('m', 'm(?:icro)?_?bd|mhd(?:bd)?', firm('source', 'bluray'));
rule('h', 'hd_?dvd_?(?:rip)?', firm('source', 'hddvd'));
rule('hup', '(?:a?hd|uhd|pd|p)_?tv_?(?:rip|mux)?', firm('source', 'hdtv'));
rule('h', 'hdtv_?[xh]?\\.?26[45]', firm('source', 'hdtv', [{ fact: 'video_codec', value: 'h264' }]));
rule('h', 'hd_?(?:light|mux)', firm('source', 'bluray'));
rule('h', 'hd_?rip', firm('source', 'hdrip'));
rule('h', 'hd_?cam(?:_?rip)?', firm('source', 'cam'));
rule('h', 'hd_?(?:ts|tele_?sync)', firm('source', 'telesync'));
rule('h', 'hd_?(?:tc|tele_?cine)', firm('source', 'telecine'));
rule('h', 'hd_720p?', firm('resolution', '720p'));
rule('h', 'hd_1080p?', firm('resolution', '1080p'));
rule('t', 'tele_?sync', firm('source', 'telesync'));
rule('t', 'tele_?cine', firm('source', 'telecine'));
rule('t', 't[sc]_?rip', (m) => firm('source', m[0][1] === 's' ? 'telesync' : 'telecine'));
rule('t', 'tc_?(1080|720)p', (m) => firm('source', 'telecine', [{ fact: 'resolution', value: `${m[1]}p` }]));
rule('ts', '(?:tv|sat|dth|dsr|sd_?tv)_?rip|sd_?tv|tv_?dub', firm('source', 'tv'));
rule('d', 'ds_?r(?:ip)?|dth(?:_?rip)?|dvb(?:_?rip|_?[st])?|digital_?tv', firm('source', 'tv'));
rule('d', 'dvd_?scr(?:eener)?', firm('source', 'screener'));
rule('dn', '(?:ntsc_|pal_)?dvd_?(?:rip|mux|r|[59])?(?:_?\\d{3,4}p)?', firm('source', 'dvd'));
rule('d', 'dvd(?=divx)', firm('source', 'dvd'));
rule('s', 'scr(?:eener)?', (m) => term('source', 'screener', m[0].length > 3 ? 'firm' : 'soft'));
rule('bw', '(?:bd|web)_?scr(?:eener)?', firm('source', 'screener'));
rule('pq', '(?:pre|p)_?dvd(?:_?rip)?|pre_?dvd', firm('source', 'telesync'));
rule('c', 'cam_?rip', firm('source', 'cam'));
rule('v', 'vhs(?:_?rip)?', firm('source', 'vhs'));
rule('l', 'laser_?disc|ld_?rip', firm('source', 'vhs'));
rule('w', 'work_?print', firm('source', 'workprint'));
rule('p', 'ppv_?(?:rip)?', soft('source', 'ppv'));
rule('v', 'vod_?rip', firm('source', 'webrip'));
rule('d', 'dm_?rip|dl_?mux', firm('source', 'webrip'));
rule('in', '(?:itunes|netflix|amazon)_?(?:u?hd)(?:_?rip)?', (m) =>
  firm('source', 'web', [{ fact: 'network', value: m[0] }]),
);
words('cam', () => soft('source', 'cam'));
words('ts', () => soft('source', 'telesync'));
words('tc', () => soft('source', 'telecine'));
words('r5 r6', () => soft('source', 'r5'));
words('bd bdmv', () => soft('source', 'bluray'));
words('uhd', () => soft('resolution', '2160p'));
words('web', () => soft('source', 'web'));
words('wp', () => soft('source', 'workprint'));
words('tvrip', () => firm('source', 'tv'));
rule('r', 're_?mux', firm('remux', 'remux'));

// Pictures
rule('x', 'x_?\\.?(26[456])', (m) => firm('video_codec', `x${m[1]}`));
rule('x', 'xvid(?:hd)?|x_vid', firm('video_codec', 'xvid'));
rule('h', 'h_?\\.? ?(26[2345])', (m) => firm('video_codec', `h${m[1]}`));
rule('h', 'hevc_?10(?:_?bits?)?', firm('video_codec', 'h265', [{ fact: 'color_depth', value: '10-bit' }]));
rule('h', 'hevc|hvec', firm('video_codec', 'h265'));
rule('a', 'avc_?(?:hd)?', firm('video_codec', 'h264'));
rule('a', 'av1', firm('video_codec', 'av1'));
rule('d', 'div_?x', firm('video_codec', 'divx'));
rule('m', 'mpe?g_?[24]|mpeg', firm('video_codec', 'mpeg2'));
rule('v', 'vc_?1', firm('video_codec', 'vc1'));
rule('v', 'vp_?([789])(?:0)?', (m) => firm('video_codec', `vp${m[1]}`));
rule('n', 'nvenc', firm('other', 'nvenc'));
rule('h', 'hi_?10(?:p|pp|_?bits?)?', firm('color_depth', '10-bit'));
rule('h', 'hi_?(422|444)p?p?', firm('color_depth', '10-bit'));
rule('1', '1(0|2)_?bits?|10b', (m) => firm('color_depth', m[1] === '2' ? '12-bit' : '10-bit'));
rule('8', '8_?bits?|8b', firm('color_depth', '8-bit'));
rule('y', 'yuv4[0-9]{2}p(?:10|12)?(?:le)?', (m) => firm('color_depth', m[0].includes('10') ? '10-bit' : '8-bit'));
rule('v', 'vfr', soft('other', 'vfr'));
rule('h', 'hdr_?10_?(?:\\+|p|plus)', firm('hdr', 'HDR10+'));
rule('h', 'hdr_?10', firm('hdr', 'HDR10'));
rule('h', 'hdr(?:_?vivid)?', firm('hdr', 'HDR'));
rule('d', 'dolby_?vision|do_?vi(?:_?p[5-8])?|d_v(?=[ ._-])', firm('hdr', 'DV'));
rule('d', 'dv(?:_?p[5-8])?', soft('hdr', 'DV'));
rule('d', 'dv_hdr(?:10)?\\+?', firm('hdr', 'DV'));
rule('h', 'hlg', firm('hdr', 'HLG'));
rule('s', 'sdr', firm('hdr', 'SDR'));
rule('b', 'bt_?\\.? ?(?:2020|709)', firm('other', 'bt2020'));

// Sound
const CHANNELS = '(?:[ ._-]{0,2}([1-9])[ ._]([0-4])(?:[ ._]?ch)?|[ ._-]?([2-9])ch)?(?:x\\d|[²³])?';
const sound =
  (value: string) =>
  (m: RegExpExecArray): Term => {
    const channels = m[1] !== undefined ? `${m[1]}.${m[2]}` : m[3] !== undefined ? CHANNELS_OF[m[3]] : undefined;
    return firm('audio_codec', value, channels === undefined ? undefined : [{ fact: 'channels', value: channels }]);
  };
const CHANNELS_OF: Record<string, string> = { '2': '2.0', '6': '5.1', '7': '6.1', '8': '7.1' };
rule('ah', '(?:h[eq]_)?aac(?:_?lc|_?2)?' + CHANNELS + '(?:_?\\d{2,3})?', sound('AAC'));
rule('e', 'e_?ac_?3' + CHANNELS, sound('EAC3'));
rule('d', 'ddp?(?:[+]|p|_plus)?_?a?' + CHANNELS + '|dd[+]', (m) => {
  const plus = /^dd(?:p|\+|a)/.test(m[0]);
  return m[1] === undefined && m[3] === undefined && !plus
    ? soft('audio_codec', 'AC3')
    : sound(plus ? 'EAC3' : 'AC3')(m);
});
rule('d', 'dd_?ex' + CHANNELS, sound('AC3'));
rule('d', 'dolby_?d(?:igital)?_?(?:plus|p|\\+)?' + CHANNELS, sound('AC3'));
rule('d', 'dolby_?atmos|dolby' + CHANNELS, sound('AC3'));
rule('a', 'ac_?3d?' + CHANNELS, sound('AC3'));
rule('a', 'atmos' + CHANNELS, sound('Atmos'));
rule('d', 'dts_?(?:hd)?_?(?:ma|master_?audio)' + CHANNELS, sound('DTS-HD MA'));
rule('d', 'dts_?hd_?(?:hra?|ma?)?' + CHANNELS, sound('DTS-HD'));
rule('d', 'dts_?x' + CHANNELS, sound('DTS:X'));
rule('d', 'dts_?(?:es|ex)?' + CHANNELS, sound('DTS'));
rule('td', '(?:dolby_?)?true_?hd' + CHANNELS, sound('TrueHD'));
rule('f2', '(?:\\dx)?flac' + CHANNELS + '(?:x\\d)?', sound('FLAC'));
rule('o', 'opus' + CHANNELS, sound('Opus'));
rule('o', 'ogg', firm('audio_codec', 'Vorbis'));
rule('v', 'vorbis', firm('audio_codec', 'Vorbis'));
rule('lp', 'l?pcm' + CHANNELS, sound('PCM'));
rule('m', 'mp[23a]' + CHANNELS, sound('MP3'));
rule('1234567', '([1-9])[.]([0-4])(?:_?ch)?(?:x\\d)?', (m) =>
  m[2] === '0' || m[2] === '1' ? soft('channels', `${m[1]}.${m[2]}`) : undefined,
);
rule('2678', '([2678])_?ch', (m) => firm('channels', CHANNELS_OF[m[1]!]!));
rule('123456789', '(\\d{1,2})_?audios?', firm('language', 'multi'));
rule('123456789', '\\d{2,5}_?kbps|\\d{2,3}_?mbps|\\d{1,3}\\.\\d_?mbits', firm('other', 'bitrate'));
rule('123456789', '(\\d{1,4}(?:\\.\\d{1,3})?)_?([gmt])i?b', (m) => firm('size', `${m[1]}${m[2]!.toUpperCase()}B`));

// Languages
const LANGUAGES: Record<string, string> = {
  english: 'en',
  eng: 'en',
  ingles: 'en',
  inglês: 'en',
  ing: 'en',
  anglais: 'en',
  french: 'fr',
  francais: 'fr',
  français: 'fr',
  truefrench: 'fr',
  vff: 'fr',
  vfq: 'fr',
  vfi: 'fr',
  vf2: 'fr',
  subfrench: 'fr',
  fra: 'fr',
  fre: 'fr',
  german: 'de',
  deutsch: 'de',
  ger: 'de',
  videomann: 'de',
  flemish: 'nl',
  dutch: 'nl',
  nederlands: 'nl',
  spanish: 'es',
  espanol: 'es',
  español: 'es',
  castellano: 'es',
  esp: 'es',
  spa: 'es',
  latino: 'es-419',
  italian: 'it',
  ita: 'it',
  italiano: 'it',
  portuguese: 'pt',
  dublado: 'pt',
  legendado: 'pt',
  brazilian: 'pt-BR',
  portugues: 'pt',
  português: 'pt',
  russian: 'ru',
  rus: 'ru',
  ukrainian: 'uk',
  ukr: 'uk',
  polish: 'pl',
  pldub: 'pl',
  dubpl: 'pl',
  czech: 'cs',
  cze: 'cs',
  slovak: 'sk',
  hungarian: 'hu',
  hun: 'hu',
  romanian: 'ro',
  rum: 'ro',
  bulgarian: 'bg',
  bulgaro: 'bg',
  greek: 'el',
  hebrew: 'he',
  turkish: 'tr',
  arabic: 'ar',
  persian: 'fa',
  thai: 'th',
  vietnamese: 'vi',
  swedish: 'sv',
  norwegian: 'no',
  danish: 'da',
  finnish: 'fi',
  nordic: 'no',
  icelandic: 'is',
  lithuanian: 'lt',
  latvian: 'lv',
  estonian: 'et',
  japanese: 'ja',
  jpn: 'ja',
  jap: 'ja',
  korean: 'ko',
  kor: 'ko',
  chinese: 'zh',
  mandarin: 'zh',
  cantonese: 'zh',
  chi: 'zh',
  hindi: 'hi',
  hin: 'hi',
  tamil: 'ta',
  tam: 'ta',
  telugu: 'te',
  tel: 'te',
  malayalam: 'ml',
  mal: 'ml',
  kannada: 'kn',
  bengali: 'bn',
  marathi: 'mr',
  punjabi: 'pa',
  catalan: 'ca',
  catala: 'ca',
  croatian: 'hr',
  serbian: 'sr',
  slovenian: 'sl',
  indonesian: 'id',
};
for (const [word, code] of Object.entries(LANGUAGES)) WORDS.set(word, soft('language', code));
words('multi multilang multilanguage ml', (word) => soft('language', word === 'ml' ? 'multi' : 'multi'));
WORDS.delete('ml');
rule('d', 'dual_?(?:audio|lang(?:uage)?|dub)', firm('language', 'dual'));
rule('t', 'triple_?audio', firm('language', 'multi'));
rule('m', 'multi_?(?:audio|lang(?:uage)?s?|dub)', firm('language', 'multi'));
rule('m', 'multi(?:ple)?_?sub(?:s|titles?)?', firm('subtitle', 'multi'));
words('dual dl vf vo vostf', (word) => soft('language', word === 'dual' || word === 'dl' ? 'dual' : 'fr'));
rule('v', 'vost_?(?:fr|f)?|vostfr_?\\w{0,2}', firm('subtitle', 'fr'));
rule('p', 'pt_br', soft('language', 'pt-BR'));
rule('e', '(?:eng?|e)_?(?:soft_?)?sub(?:s|bed|titles?)?(?:x\\d)?', soft('subtitle', 'en'));
rule(
  'fgsiprnh',
  '(fr|ger|german|swe|ita|spa|pl|ro|ru|rus|nl|heb|esp|spanish|russian|hindi)_?(?:custom_?)?sub(?:s|bed|force[sd]?)?',
  (m) =>
    soft(
      'subtitle',
      LANGUAGES[m[1]!] ??
        ({ fr: 'fr', swe: 'sv', pl: 'pl', ro: 'ro', ru: 'ru', nl: 'nl', heb: 'he' } as Record<string, string>)[m[1]!] ??
        'und',
    ),
);
rule('n', 'nl_?subs?', soft('subtitle', 'nl'));
rule('n', 'napisy_?pl', soft('subtitle', 'pl'));
rule(
  's',
  'sub(?:s|bed|titles?|forced|titulado|pack)|sub_?(?:fr|ita|eng|french|rus)|soft_?subs?|hard_?subs?|legendas?|legenda(?:do)?',
  soft('subtitle', 'und'),
);
rule('l', 'legendas?|lektor_?(?:pl)?', soft('subtitle', 'und'));
rule('a', 'ass_?x\\d', firm('subtitle', 'und'));
words('sub subs', () => soft('subtitle', 'und'));
words('dxva', () => soft('other', 'dxva'));
words('dubbed dub doublage dubs', () => soft('other', 'dubbed'));
words('chs gb gb_cn big5 cht jpsc jptc', (word) =>
  soft('subtitle', word.startsWith('b') || word === 'cht' || word === 'jptc' ? 'zh-Hant' : 'zh-Hans'),
);
words('big', () => soft('subtitle', 'zh-Hant'));

// Editions
rule('e', 'extended_?(?:cut|edition|version)?', soft('edition', 'Extended'));
rule('dt', "(?:the_)?director'?s?_?cut", firm('edition', "Director's Cut"));
rule('t', 'theatrical_?(?:cut|edition|version)?', firm('edition', 'Theatrical'));
rule('f', 'final_cut', soft('edition', 'Final Cut'));
rule('r', 're_?mastered', firm('edition', 'Remastered'));
rule('4', '4k_?re_?mastered', firm('edition', 'Remastered'));
rule('c', 'criterion(?:_collection|_edition)?', soft('edition', 'Criterion'));
rule('sclu', '(special|collectors?|limited|ultimate|deluxe)_?(?:fan_)?edition', (m) =>
  firm('edition', m[1]![0]!.toUpperCase() + m[1]!.slice(1)),
);
rule('123456789', '\\d{2}th_?anniversary(?:_edition)?', firm('edition', 'Anniversary'));
rule('i', 'imax(?:_edition)?', soft('edition', 'IMAX'));
rule('o', 'open_?matte', firm('edition', 'Open Matte'));
rule('u', 'un_?rated(?:_?(?:cut|edition|version))?', firm('edition', 'Unrated'));
rule('u', 'un_?censored', soft('edition', 'Uncensored'));
rule('u', 'un_?cut(?:_?(?:edition|version))?', soft('edition', 'Uncut'));
rule('d', 'despeciali[sz]ed(?:_edition)?', firm('edition', 'Despecialized'));
rule('导導', '[导導]演剪[辑輯]版', firm('edition', "Director's Cut"));
rule('加', '加[长長]版', firm('edition', 'Extended'));
rule('数數修', '(?:[数數][码碼位])?修[复復]版', firm('edition', 'Remastered'));
rule('未', '未[删刪][减減节節]版', firm('edition', 'Uncut'));
words('recut redux', (word) => soft('edition', word[0]!.toUpperCase() + word.slice(1)));
words('dc', () => soft('edition', "Director's Cut"));
words('limited', () => soft('edition', 'Limited'));

// The rest
words('proper repack rerip', (word) => soft('proper', word));
rule('r', 'repack_?\\d', firm('proper', 'repack'));
words('real', () => soft('proper', 'real'));
words(
  'internal readnfo read nfofix dirfix nfo proof sample samplefix subfix syncfix hybrid retail ws fs oar hq hqc hc om ld md line mic obfuscated scrambled asrequested postbot xpost rartv upscaled upscale converted convert regraded pal ntsc nfofix festival stv anime ppvrip doku docu fastsub chaps chap extras bonus uncensored reencoded mux muxed hsbs hou sbs ou r2j r2 custom preair hfr',
  (word) => soft('other', word),
);
WORDS.delete('uncensored');
for (const word of [
  'read',
  'line',
  'anime',
  'bonus',
  'ou',
  'real',
  'mic',
  'mal',
  'tel',
  'tam',
  'chi',
  'ing',
  'esp',
  'spa',

  'festival',
  'custom',
  'nfo',
]) {
  const known = WORDS.get(word);
  if (known !== undefined && known.fact === 'other') WORDS.delete(word);
}
rule('h3', '(?:half_?)?(?:h_?)?(?:sbs|ou)|3d_?(?:half_?)?(?:h_?)?(?:sbs|ou|bd)', soft('other', '3D'));
words('3d', () => soft('other', '3D'));
words('complete completa completas integrale intégrale batch', () => soft('complete', 'complete'));
rule('cf', '(?:complete|full|entire)_(?:batch|series|collection|version|pack|set)', firm('complete', 'complete'));
rule('cb', '(?:complete|batch)(?=_\\d{2,4}_?[-~]_?\\d{2,4}(?!\\d))', firm('complete', 'complete'));
words('collection', () => soft('complete', 'complete'));
rule('e', 'edition_collector', firm('edition', 'Collector'));
rule('a', 'audio_latino', firm('language', 'es-419'));
rule('v', 'v[0-9]', (m) => soft('version', m[0].slice(1)));

rule('ht', 'hd|true_?hd_only', soft('other', 'HD'));
words('sd fansub hdtvx mkv mp4 avi ac pgs srt tvs mpa2 vyndros softsubs hardsubs', (word) => soft('other', word));
for (const word of ['ac', 'tvs', 'vyndros', 'hdtvx']) WORDS.delete(word);
rule('m', 'mpa_?2' + CHANNELS, sound('MP3'));
rule('e', 'end|fin', soft('other', 'end'));
rule('b', 'by(?=[ ._-])', soft('other', 'by'));

/** Words of a web service between title and source; only believed when they stand before a source or in capitals beside one. */
export const NETWORKS = new Set(
  'amzn amazon nf netflix dsnp dsny hmax max hulu atvp aptv appletv pcok peacock pmtp cr crav stan itunes it ip iplayer bbciplayer red vrv funi wakanim hidive adn baha bglobal viki iqiyi youku yk tver viu viutv unext abema dmm bili bilibili tx wetv mgtv crkl tubi roku hbo hbogo cbs nbc abc fox cw amc syfy hist disc snet all4 itv now sho starz vice nick natg pbs cc cmax dplus mubi bcore ma play 4od epix fubo dazn espn nba wwen nhl mlb gpla vudu rkten hoichoi zee5 sonyliv sony hs aha'.split(
    ' ',
  ),
);

/** Endings of files that hold films, sounds of films, subtitles and parts of them. */
export const CONTAINERS = new Set(
  'mkv mp4 avi ts m2ts m4v mov wmv webm flv mpg mpeg ogm ogv iso img vob rmvb rm divx 3gp mk3d srt ass ssa sub idx sup nfo torrent nzb strm 7z zip rar par2 jpg ac3 dts flac mka'.split(
    ' ',
  ),
);
