import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Thread } from '#libs/threads/thread';
import { readTimeline, type TimelineQuestion, type TimelineRead } from './timeline-file.js';

/** Below this a film is read faster than a thread could be told of it. */
const SHORT = 100_000;

/** Reads films of other editors without holding the event loop up: long ones in a thread, which is ended when one takes too long. */
@Injectable()
export class TimelineReader implements OnApplicationShutdown {
  private readonly thread = new Thread<TimelineQuestion, TimelineRead>({
    module: 'services/projects/transfer/read-thread.js',
    timeLimitMs: 20_000,
    tooLong: 'This film takes too long to read. Export fewer tracks, or as EDL.',
  });

  async read(question: TimelineQuestion): Promise<TimelineRead> {
    return question.content.length < SHORT ? readTimeline(question) : this.thread.ask(question);
  }

  onApplicationShutdown(): Promise<void> {
    return this.thread.close();
  }
}
