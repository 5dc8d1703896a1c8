/** A probability, or another number, as it is told: to four places. */
export const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
