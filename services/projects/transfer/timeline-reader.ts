import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Thread } from '#libs/threads/thread';
import { bringFilmBack, type FilmBack, type FilmBackQuestion } from './bring-film-back.js';
import { readTimeline, type TimelineQuestion, type TimelineRead } from './timeline-file.js';
import { writeFilm, type FilmQuestion, type FilmWritten } from './write-film.js';

/** Below this a film is read faster than a thread could be told of it. */
const SHORT = 100_000;

const THREAD = {
  module: 'services/projects/transfer/read-thread.js',
  timeLimitMs: 20_000,
  tooLong: 'This film takes too long to read or to write. Export fewer tracks, or as EDL.',
};

/** Reads and writes films of other editors without holding the event loop up: long ones in a thread, which is ended when one takes too long. */
@Injectable()
export class TimelineReader implements OnApplicationShutdown {
  private readonly reading = new Thread<TimelineQuestion | FilmBackQuestion, TimelineRead | FilmBack>(THREAD);
  /** Whoever exports does not wait for what others bring. */
  private readonly writing = new Thread<FilmQuestion, FilmWritten>(THREAD);

  async read(question: TimelineQuestion): Promise<TimelineRead> {
    return question.content.length < SHORT
      ? readTimeline(question)
      : (this.reading.ask(question) as Promise<TimelineRead>);
  }

  /** Reads a film that comes back into the one that it was made from. */
  async bringBack(question: FilmBackQuestion): Promise<FilmBack> {
    const length = question.content.length + question.film.length;
    return length < SHORT ? bringFilmBack(question) : (this.reading.ask(question) as Promise<FilmBack>);
  }

  /** Writes a film for another editor. */
  async write(question: FilmQuestion): Promise<FilmWritten> {
    return question.film.length < SHORT ? writeFilm(question) : this.writing.ask(question);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.reading.close(), this.writing.close()]);
  }
}
