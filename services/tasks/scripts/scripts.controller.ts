import { Controller } from '@nestjs/common';
import type { InputOf } from '#libs/contracts/contract';
import { parsePreview } from '#libs/contracts/tasks-vn';
import { AppError } from '#libs/errors/app-error';
import { Handles } from '#libs/messaging/handles';
import { flatEvents } from '../domain/vn/flat-events.js';
import { parseScript } from '../domain/vn/parse-script.js';

/** Scripts of visual novels, read at once. */
@Controller()
export class ScriptsController {
  @Handles(parsePreview)
  preview({ engine, script_text }: InputOf<typeof parsePreview>) {
    if (script_text.trim() === '') throw new AppError('invalid', 'script_text is required');
    const script = parseScript(engine, script_text);
    return { engine, events: flatEvents(script), problems: [...script.problems] };
  }
}
