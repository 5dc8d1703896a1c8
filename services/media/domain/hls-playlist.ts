/** One quality of a film cut into pieces, as it is kept. */
export interface HlsVariant {
  name: string;
  width: number;
  height: number;
  /** The most bits per second that any piece needs. */
  bandwidth: number;
  segments: readonly HlsSegment[];
}

export interface HlsSegment {
  file: string;
  seconds: number;
  bytes: number;
}

/** The list of qualities, best first, each named by a playlist beside this one (RFC 8216, section 4.3.4). */
export function masterPlaylist(variants: readonly HlsVariant[]): string {
  const lines = variants.flatMap(({ name, width, height, bandwidth }) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=${width}x${height}`,
    `${name}.m3u8`,
  ]);
  return ['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n');
}

/** The pieces of one quality in order, each at the address given for it. */
export function variantPlaylist({ segments }: HlsVariant, urls: readonly string[]): string {
  const longest = Math.ceil(Math.max(1, ...segments.map(({ seconds }) => seconds)));
  const pieces = segments.flatMap(({ seconds }, index) => [`#EXTINF:${seconds.toFixed(6)},`, urls[index]!]);
  const head = ['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${longest}`, '#EXT-X-PLAYLIST-TYPE:VOD'];
  return [...head, ...pieces, '#EXT-X-ENDLIST', ''].join('\n');
}

/** Reads the pieces out of a playlist that ffmpeg wrote. */
export function segmentsIn(playlist: string): { file: string; seconds: number }[] {
  return [...playlist.matchAll(/^#EXTINF:([\d.]+),.*\n(?:#.*\n)*(.+)$/gm)].map(([, seconds, file]) => ({
    file: file!.trim(),
    seconds: Number(seconds),
  }));
}

/** The heights that a film is offered in: at most its own, and always one. Even, as the encoder wants them. */
export function ladder(height: number): number[] {
  const steps = [1080, 720, 480, 240].filter((step) => step <= height);
  const own = Math.max(2, Math.floor(height / 2) * 2);
  if (steps.length === 0) return [own];
  return height < 1080 && own - steps[0]! > 60 ? [own, ...steps] : steps;
}
