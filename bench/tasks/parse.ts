import { previewScript } from '../../services/tasks/vn/read-script.js';

const BYTES = 10_000_000;
const RENPY = `label scene_%:
    scene bg street with fade
    e happy "The rain has \\"stopped\\", I think." with dissolve
    "Nobody answers."
    menu:
        "Where now?"
        "Home" if money > %:
            $ money -= 1
            jump scene_1
        "On":
            e "On, then."
`;
const KIRIKIRI = `*scene_%|The street
[bg storage="street" time=500]
#Mara
The rain has stopped, I think.[l][r]
Nobody answers.[p]
[link target=*scene_1]Home[endlink][link target=*scene_%]On[endlink]
@jump target=*scene_1 cond="f.money > %"
`;

/** How fast ten million characters of script are read, beside a plain look at each line for words in quotes. */
export async function parseBeside(): Promise<string[]> {
  const texts = { RENPY: repeated(RENPY), KIRIKIRI: repeated(KIRIKIRI) } as const;
  return Object.entries(texts).flatMap(([engine, text]) => {
    const read = best(() => previewScript(engine as keyof typeof texts, text).events.length);
    const looked = best(() => text.split('\n').filter((line) => /"(?:[^"\\]|\\.)*"/.test(line)).length);
    const speed = (ms: number) => `${(text.length / 1000 / ms).toFixed(0)} MB/s`;
    return [
      `${engine}: read at ${speed(read)}, lines looked at with ${speed(looked)} (${(read / looked).toFixed(1)}x the time)`,
    ];
  });
}

function repeated(piece: string): string {
  let [text, number] = ['', 0];
  while (text.length < BYTES) text += piece.replaceAll('%', String(++number % 15_000));
  return text;
}

function best(work: () => number): number {
  const times = [1, 2, 3].map(() => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return Math.min(...times);
}
