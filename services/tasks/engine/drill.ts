import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors/app-error';
import type { TaskHandler, TaskRun } from './task-handler.js';

/**
 * Work that only drills and benchmarks ask for: takes `ms`, fails `failures` times as something unavailable would, and
 * answers with its number. No route leads to it.
 */
@Injectable()
export class Drill implements TaskHandler {
  readonly kind = 'drill';

  async run({ task, signal, progress }: TaskRun): Promise<unknown> {
    const { ms = 0, failures = 0, fatal } = task.input as { ms?: number; failures?: number; fatal?: string };
    const end = Date.now() + ms;
    for (let left = ms; left > 0; left = end - Date.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, 20)));
      signal.throwIfAborted();
      progress(1 - left / ms, `${left} ms to go`);
    }
    if (fatal !== undefined) throw new AppError('invalid', fatal);
    if (task.attempts - task.deaths <= failures) throw new AppError('unavailable', 'The drill fails as it was told.');
    return { number: task.input.number ?? null };
  }
}
