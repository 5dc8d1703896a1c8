import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { AppError } from '#libs/errors/app-error';

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);

const WORTH_PACKING = 256 * 1024;
/** What RabbitMQ 4 takes unless told otherwise; a larger message costs its sender the channel. */
const LARGEST = 16 * 1024 * 1024;
const PACKED = 'zstd';

export interface WireBody {
  readonly content: Buffer;
  readonly contentEncoding?: string;
}

/** JSON text as it goes over RabbitMQ, large ones packed; `invalid` when it is too large even so. */
export async function toWire(name: string, text: string): Promise<WireBody> {
  const plain = Buffer.from(text);
  if (plain.length < WORTH_PACKING) return { content: plain };
  const content = await compress(plain);
  if (content.length > LARGEST)
    throw new AppError(
      'invalid',
      `What ${name} carries is too large: ${mebibytes(content)} MiB packed, and ${LARGEST / 2 ** 20} MiB are possible.`,
    );
  return { content, contentEncoding: PACKED };
}

/** The JSON text that came over RabbitMQ. */
export async function fromWire(content: Buffer, contentEncoding: string | undefined): Promise<string> {
  return (contentEncoding === PACKED ? await decompress(content) : content).toString();
}

const mebibytes = (content: Buffer): string => (content.length / 2 ** 20).toFixed(1);
