import type { MediaPrograms } from './media-programs.js';
import type { MediaFacts } from './probe.js';

type Seen = Pick<MediaFacts, 'hdr' | 'streams'>;

/**
 * Filters (with a comma before them) that bring the light of an HDR picture into that of ordinary screens (BT.709, Hable's
 * curve); none for other pictures, and none where `toneNote` says why. They stand after scaling, where there is least to do.
 */
export function toneMap(facts: Seen, programs: Pick<MediaPrograms, 'toneMaps'>): string {
  const curve = curveOf(facts);
  if (curve === undefined || !programs.toneMaps) return '';
  // Told, because many files tell the transfer alone, and zscale guesses nothing.
  const linear = `zscale=tin=${curve}:pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=100,format=gbrpf32le`;
  return `,${linear},zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p`;
}

/** Why what is made of this picture shows its HDR colours as they are, dull and grey; undefined where that is not so. */
export function toneFault(
  facts: Seen,
  { toneMaps }: Pick<MediaPrograms, 'toneMaps'>,
): 'dolby_vision' | 'no_tone_mapping' | undefined {
  if (facts.hdr === null) return undefined;
  if (curveOf(facts) === undefined) return 'dolby_vision';
  return toneMaps ? undefined : 'no_tone_mapping';
}

/** The same in words. */
export function toneNote(facts: Seen, programs: Pick<MediaPrograms, 'toneMaps'>): string | undefined {
  const fault = toneFault(facts, programs);
  return fault && TONE_NOTES[fault];
}

const TONE_NOTES = {
  dolby_vision: 'It is Dolby Vision without a layer for other screens: what is made of it has wrong colours.',
  no_tone_mapping:
    'It is HDR, and this ffmpeg has no zscale and tonemap: what is made of it looks dull. Install an ffmpeg with libzimg.',
};

/** The transfer curve that the samples have by themselves; Dolby Vision often lies on top of one that all can read. */
function curveOf({ hdr, streams }: Seen): 'smpte2084' | 'arib-std-b67' | undefined {
  if (hdr === null) return undefined;
  const said = streams.find((stream) => stream.hdr !== null)?.colour_transfer;
  return said === 'smpte2084' || said === 'arib-std-b67' ? said : undefined;
}
