import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Gzip whose header tells neither time nor system, so that equal content is equal bytes everywhere. */
export async function plainGzip(bytes: Uint8Array, level = 6): Promise<Buffer> {
  const packed = await promisify(gzip)(bytes, { level });
  packed.fill(0, 4, 8);
  packed[9] = 255;
  return packed;
}

/** Brotli, as tightly as a text of this length is worth it: a long one in two thirds or in a tenth of the time, and a hundredth or a tenth longer. */
export function brotli(text: Uint8Array): Promise<Buffer> {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT, BROTLI_PARAM_SIZE_HINT } =
    constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: text.length < BEST ? 11 : text.length < GOOD ? 10 : 9,
    [BROTLI_PARAM_LGWIN]: 24,
    [BROTLI_PARAM_MODE]: BROTLI_MODE_TEXT,
    [BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return promisify(brotliCompress)(text, { params });
}

const [BEST, GOOD] = [2 ** 17, 2 ** 21];
