import { Transform, type Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';

/** The stream, until it is longer than `maxBytes` or the signal says that it took too long: then it ends with an error. */
export function limited(source: Readable, maxBytes: number, signal: AbortSignal, name: string): Readable {
  let size = 0;
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= maxBytes) return done(null, chunk);
      done(new AppError('invalid', `The answer of ${name} is longer than ${maxBytes} bytes.`, { reason: 'too_large' }));
    },
  });
  const stop = () => passing.destroy(signal.reason as Error);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  source.once('error', (error) => passing.destroy(error));
  passing.once('close', () => {
    signal.removeEventListener('abort', stop);
    source.destroy();
  });
  return source.pipe(passing);
}
