import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Gzip whose header tells neither time nor system, so that equal content is equal bytes everywhere. */
export async function plainGzip(bytes: Uint8Array, level = 6): Promise<Buffer> {
  const packed = await promisify(gzip)(bytes, { level });
  packed.fill(0, 4, 8);
  packed[9] = 255;
  return packed;
}

/** Up to which length a text is packed as tightly as can be, and up to which at a third of the cost and a hundredth longer; beyond, at a tenth, and a twentieth longer. */
export interface Effort {
  best: number;
  good: number;
}

/** For what nobody waits for. */
export const THOROUGH: Effort = { best: 2 ** 17, good: 2 ** 21 };
/** For what an hour waits for. */
export const QUICK: Effort = { best: 2 ** 15, good: 2 ** 18 };

/** Brotli, as tightly as a text of this length is worth it. */
export function brotli(text: Uint8Array, { best, good }: Effort = THOROUGH): Promise<Buffer> {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT, BROTLI_PARAM_SIZE_HINT } =
    constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: text.length < best ? 11 : text.length < good ? 10 : 9,
    [BROTLI_PARAM_LGWIN]: 24,
    [BROTLI_PARAM_MODE]: BROTLI_MODE_TEXT,
    [BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return promisify(brotliCompress)(text, { params });
}
