import { AppError } from '#libs/errors/app-error';
import { readTemplate, type Term, type Part } from './read-template.js';

/** What a name in a template stands for: a text, several, or nothing. */
export type Value = string | readonly string[] | null;
export type Lookup = (name: string) => Value;

export interface TemplateTools {
  lookup: Lookup;
  /** What is done to each value before it is put in, as to escape it; not to the words around it. */
  escape?: (value: string) => string;
  /** Replaces by a pattern; counted by whoever owns the budget. */
  replace: (text: string, pattern: string, replacement: string) => string;
  /** Counts what filling in takes: a step for each part, each value of a list and a few characters. */
  spend?: (steps: number) => void;
}

/** A text with what stands in `{{ }}` filled in; a text without any is itself. */
export function filledIn(template: string, tools: TemplateTools): string {
  if (!template.includes('{{')) return template;
  tools.spend?.(template.length / 16);
  return textOf(readTemplate(template), tools, []);
}

/** The names a template asks for, as `.Config.sort`; throws when it cannot be read. */
export function namesIn(template: string): string[] {
  if (!template.includes('{{')) return [];
  const names: string[] = [];
  const ofTerm = (term: Term): void => {
    if ('name' in term) names.push(term.name);
    if ('given' in term) term.given.forEach(ofTerm);
  };
  const ofParts = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      if ('put' in part) ofTerm(part.put);
      if ('when' in part) (ofTerm(part.when), ofParts(part.then), ofParts(part.otherwise));
      if ('each' in part) (names.push(part.each), ofParts(part.body));
      if ('joined' in part) names.push(part.joined);
      if ('replaced' in part) names.push(part.replaced);
    }
  };
  ofParts(readTemplate(template));
  return names;
}

interface Round {
  value: string;
  at: number;
  index: string | undefined;
}

function textOf(parts: readonly Part[], tools: TemplateTools, rounds: readonly Round[]): string {
  const put = (value: string) => {
    tools.spend?.(value.length / 4);
    return tools.escape?.(value) ?? value;
  };
  const listOf = (name: string) => {
    const list = asList(tools.lookup(name));
    tools.spend?.(list.length);
    return list;
  };
  tools.spend?.(parts.length);
  return parts
    .map((part): string => {
      if (typeof part === 'string') return (tools.spend?.(part.length / 16), part);
      if ('put' in part) return put(asText(valueOf(part.put, tools, rounds)));
      if ('when' in part)
        return textOf(holds(valueOf(part.when, tools, rounds)) ? part.then : part.otherwise, tools, rounds);
      if ('each' in part)
        return listOf(part.each)
          .map((value, at) => textOf(part.body, tools, [{ value, at, index: part.index }, ...rounds]))
          .join('');
      if ('joined' in part) return put(listOf(part.joined).join(part.by));
      return put(tools.replace(asText(tools.lookup(part.replaced)), part.pattern, part.with));
    })
    .join('');
}

function valueOf(term: Term, tools: TemplateTools, rounds: readonly Round[]): Value {
  if ('text' in term) return term.text;
  if ('name' in term) return tools.lookup(term.name);
  if ('element' in term) return roundOf(rounds, () => true).value;
  if ('index' in term) return String(roundOf(rounds, ({ index }) => index === term.index).at);
  const given = term.given.map((one) => valueOf(one, tools, rounds));
  if (term.call === 'and') return given.every(holds) ? (given.at(-1) ?? null) : null;
  if (term.call === 'or') return given.find(holds) ?? given.at(-1) ?? null;
  return (asText(given[0]!) === asText(given[1]!)) === (term.call === 'eq') ? 'True' : null;
}

function roundOf(rounds: readonly Round[], fits: (round: Round) => boolean): Round {
  const round = rounds.find(fits);
  if (!round) throw new AppError('invalid', 'A template speaks of the element of a range outside of it.');
  return round;
}

const asText = (value: Value): string => (value === null ? '' : typeof value === 'string' ? value : value.join(','));
const asList = (value: Value): readonly string[] => (value === null ? [] : typeof value === 'string' ? [value] : value);
const holds = (value: Value): boolean =>
  value !== null && (typeof value === 'string' ? value.trim() !== '' : value.length > 0);
