import fc from 'fast-check';
import { documentOfShots } from '#libs/timeline/interchange/document-of-shots';
import { fraction, over, plus, ZERO, type Fraction } from '#libs/timeline/interchange/fraction';
import type { Row, Shot } from '#libs/timeline/interchange/shot';

/** The rates that films are counted in. */
export const RATES: Fraction[] = [
  fraction(24n),
  fraction(25n),
  fraction(30n),
  fraction(60n),
  fraction(24000n, 1001n),
  fraction(30000n, 1001n),
];

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const media = fc.record({
  type: fc.constantFrom('video' as const, 'image' as const),
  url: fc.constantFrom('', 'https://media.test/a.mp4', 'https://media.test/b%20c', 'file:///d/e.png'),
  name: fc.constantFrom('', 'A001'),
  start: fc.nat(90_000),
  duration: fc.nat(500),
});
const shot = fc.record({
  gap: fc.constantFrom(0, 0, 0, 1, 30),
  /** Three frames of the fastest rate are more than one of the slowest: no list loses such a shot. */
  frames: fc.integer({ min: 3, max: 400 }),
  source: fc.nat(200_000),
  name: text,
  isOff: fc.boolean(),
  media,
  scene: fc.constantFrom('The storm', 'Light', 'Scene 1'),
  narration: fc.option(text, { nil: undefined }),
  characters: fc.uniqueArray(fc.constantFrom('Mara', 'Pip', '__proto__'), { maxLength: 2 }),
  rate: fc.nat(RATES.length - 1),
});
const row = fc.record({
  kind: fc.constantFrom('video' as const, 'audio' as const),
  shots: fc.array(shot, { maxLength: 6 }),
});

/** A film as the editor keeps it; its shots are counted all in one rate, or each in its own. */
export function generatedFilm() {
  return fc
    .record({
      rows: fc.array(row, { minLength: 1, maxLength: 4 }),
      common: fc.option(fc.constantFrom(...RATES), { nil: undefined }),
    })
    .map(({ rows: generated, common }) => {
      const shots: Shot[] = [];
      const rows = generated.map(({ kind, shots: inRow }, at): Row => {
        const own: Row = { id: `row${at}`, kind, name: `${kind} ${at}` };
        let at0 = ZERO;
        for (const {
          gap,
          frames,
          source,
          name,
          isOff,
          rate: nth,
          scene,
          narration,
          characters,
          media: shown,
        } of inRow) {
          const rate = common ?? RATES[nth]!;
          const frame = (count: number) => over(fraction(BigInt(count)), rate);
          const start = plus(at0, frame(gap));
          const duration = frame(frames);
          at0 = plus(start, duration);
          shots.push({
            row: own,
            name,
            start,
            duration,
            sourceStart: frame(source),
            rate,
            isOff,
            media: {
              ...shown,
              type: kind === 'audio' ? 'audio' : shown.type,
              start: frame(shown.start),
              duration: frame(shown.duration),
            },
            story: { scene, ...(narration !== undefined && { narration }), characters },
            ids: {},
          });
        }
        return own;
      });
      let minted = 0;
      return documentOfShots({ rows, shots }, { newId: (prefix) => `${prefix}_${(++minted).toString(36)}` });
    });
}
