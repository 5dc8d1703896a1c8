import fc from 'fast-check';

/** Which examples properties are tried on: the same in every run, others with FUZZ_SEED=<a number>, new ones each time with FUZZ_SEED=random. */
const wanted = process.env.FUZZ_SEED ?? '1';
export const SEED = wanted === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(wanted);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
export { fc };
