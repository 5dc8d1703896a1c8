/** Something of a definition that the rules do not say. */
export interface Loss {
  /** Where it stands in the definition. */
  path: string;
  code: LossCode;
  message: string;
}

/**
 * `unknown`: nothing here knows it · `pattern`, `selector`, `date`, `template`: cannot be read · `secret`: would carry what only
 * a client may hold · `mixed_formats`: several kinds of answers ·
 * `refused`: the schema of rules does not take it.
 */
export type LossCode =
  'unknown' | 'pattern' | 'selector' | 'date' | 'template' | 'secret' | 'mixed_formats' | 'refused';

/** Collects what is lost, and what is left out without anything being missed. */
export class Losses {
  readonly losses: Loss[] = [];
  readonly notes: { path: string; message: string }[] = [];

  lose(path: string, code: LossCode, message: string): void {
    this.losses.push({ path, code, message });
  }

  note(path: string, message: string): void {
    this.notes.push({ path, message });
  }
}
