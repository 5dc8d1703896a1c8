import { Transform } from 'node:stream';
import { AppError } from '#libs/errors/app-error';

/** How many bytes one attempt at a task may still bring into its folder, whoever it brings them from. */
export class DiskRoom {
  private left: number;

  constructor(private readonly most: number) {
    this.left = most;
  }

  /** Passes bytes on for as long as there is room; what needs more than that is `invalid`. */
  filling(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.left -= chunk.length;
        if (this.left >= 0) return done(null, chunk);
        const mib = Math.floor(this.most / 1024 ** 2);
        done(
          new AppError(
            'invalid',
            `The files of this task have more than ${mib} MiB together. Name fewer or smaller ones.`,
          ),
        );
      },
    });
  }
}
