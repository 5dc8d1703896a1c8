import { sentencesOf } from './storyboard.js';

/** Words on the picture for a while; times are in seconds. */
export interface Cue {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** How long it takes to say this, in seconds: fourteen Latin signs or four and a half Chinese ones a second. */
export function speakingSeconds(text: string): number {
  const wide = (text.match(/[\u2e80-\u9fff\uac00-\ud7af]/gu) ?? []).length;
  return wide / 4.5 + ([...text].length - wide) / 14;
}

/** One cue for each sentence, each as long as its share of what is said. */
export function cuesOf(narration: string, seconds: number): Cue[] {
  const sentences = sentencesOf(narration);
  const weights = sentences.map((sentence) => Math.max(0.5, speakingSeconds(sentence)));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let at = 0;
  return sentences.map((text, index) => {
    const from = at;
    at += (weights[index]! / whole) * seconds;
    return { from, to: at, text };
  });
}

/** The cues as an SRT file. */
export function srtOf(cues: readonly Cue[]): string {
  return cues.map(({ from, to, text }, at) => `${at + 1}\n${clock(from)} --> ${clock(to)}\n${text}\n`).join('\n');
}

function clock(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const rest = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)},${rest}`;
}
