import fc from 'fast-check';

/** Property tests take the same way each time, so that what passed once passes again; PROPERTY_SEED=<number> takes another way. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
