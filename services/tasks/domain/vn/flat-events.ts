import type { VNEvent } from '#libs/contracts/tasks-vn';
import type { Choice, Destination, JumpStatement, Script, Statement } from './script.js';

/**
 * The events of a script in the order of its source. The fields that every client knows hold what they always held
 * (a speaker with the attributes, a label with its parameters or caption); the parts are in fields of their own.
 */
export function flatEvents(script: Script): VNEvent[] {
  const events: VNEvent[] = [];
  for (const statement of script.statements) add(events, statement);
  return events;
}

function add(events: VNEvent[], statement: Statement): void {
  const { line } = statement;
  switch (statement.kind) {
    case 'label': {
      const { name, written, caption } = statement;
      events.push({ type: 'LABEL', name: written, ...label(name, written), ...(caption && { caption }), line });
      break;
    }
    case 'say': {
      const { speaker, attributes, text } = statement;
      const whole = [speaker, ...(statement.quoted ? [] : attributes)].join(' ');
      const character = whole !== speaker && { character: speaker };
      const extra = attributes.length > 0 && { attributes: [...attributes] };
      events.push({ type: 'SAY', speaker: whole, text, ...character, ...extra, line });
      break;
    }
    case 'narration':
      events.push({ type: 'NARRATION', text: statement.text, line });
      break;
    case 'text':
      events.push({ type: 'TEXT', text: statement.text, line });
      break;
    case 'menu': {
      for (const caption of statement.captions) add(events, caption);
      const choices = statement.choices.map((choice) => ({
        text: choice.text,
        ...target(leadsTo(choice)),
        ...(choice.condition !== undefined && { condition: choice.condition }),
        line: choice.line,
      }));
      if (choices.length > 0) events.push({ type: 'CHOICE', choices, line });
      for (const { body } of statement.choices) for (const inner of body) add(events, inner);
      break;
    }
    case 'jump': {
      const { written, condition } = statement;
      const where = !statement.computed && label(statement.label, written);
      const storage = statement.storage !== undefined && { storage: statement.storage };
      events.push({ type: 'JUMP', target: written, ...where, ...storage, ...(condition && { condition }), line });
      break;
    }
    case 'if':
      for (const { body } of statement.branches) for (const inner of body) add(events, inner);
      break;
    case 'loop':
      for (const inner of statement.body) add(events, inner);
      break;
    case 'call':
    case 'stage':
    case 'return':
    case 'skipped':
      break;
  }
}

const label = (name: string | undefined, written: string) => name !== undefined && name !== written && { label: name };

/** Where choosing leads: by itself, or by the first jump of its body that nothing holds back. */
function leadsTo({ goto, body }: Choice): Destination | undefined {
  return goto ?? body.find((one): one is JumpStatement => one.kind === 'jump' && one.condition === undefined);
}

function target(destination: Destination | undefined) {
  const to = destination?.label ?? destination?.storage;
  if (to === undefined) return false;
  return { target: to, ...(destination?.storage !== undefined && { storage: destination.storage }) };
}
