/** A script of a visual novel, read: what happens, in the order of the source, and what could not be understood. */
export interface Script {
  readonly engine: Engine;
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
}

export type Engine = 'KIRIKIRI' | 'RENPY';

/** Something wrong in a script; lines count from 1. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** A label is a point, not a scope: what its block holds follows it in the same list, as it does when played. */
export type Statement =
  | LabelStatement
  | SayStatement
  | TextStatement
  | MenuStatement
  | JumpStatement
  | CallStatement
  | IfStatement
  | LoopStatement
  | StageStatement
  | ReturnStatement
  | SkippedStatement;

export interface LabelStatement {
  readonly kind: 'label';
  readonly line: number;
  /** The name that jumps use; of a local label, with the label it belongs to. */
  readonly name: string;
  /** What stands in the source: with parameters, a caption, or a leading dot. */
  readonly written: string;
  readonly parameters?: string;
  readonly caption?: string;
}

export interface SayStatement {
  readonly kind: 'say';
  readonly line: number;
  readonly speaker: string;
  /** The name is written out in the script, rather than being the identifier of a character. */
  readonly quoted: boolean;
  readonly attributes: readonly string[];
  readonly text: string;
  readonly transition?: string;
}

/** Words that nobody in particular says: `narration` where the script says so, `text` where it merely stands there. */
export interface TextStatement {
  readonly kind: 'narration' | 'text';
  readonly line: number;
  readonly text: string;
  readonly transition?: string;
}

export interface MenuStatement {
  readonly kind: 'menu';
  readonly line: number;
  readonly captions: readonly (SayStatement | TextStatement)[];
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly line: number;
  readonly text: string;
  readonly condition?: string;
  /** Where choosing leads by itself; in Ren'Py that is a jump in the body instead. */
  readonly goto?: Destination;
  readonly body: readonly Statement[];
}

/** A label of this script, a label of another file, or the beginning of another file. */
export interface Destination {
  readonly label?: string;
  readonly storage?: string;
  /** The place is computed while playing; `label` is then the expression. */
  readonly computed?: boolean;
}

export interface JumpStatement extends Destination {
  readonly kind: 'jump';
  readonly line: number;
  readonly written: string;
  readonly condition?: string;
}

export interface CallStatement extends Destination {
  readonly kind: 'call';
  readonly line: number;
  readonly condition?: string;
}

export interface IfStatement {
  readonly kind: 'if';
  readonly line: number;
  readonly branches: readonly Branch[];
}

/** The branch without a condition is the `else`. */
export interface Branch {
  readonly line: number;
  readonly condition?: string;
  readonly body: readonly Statement[];
}

export interface LoopStatement {
  readonly kind: 'loop';
  readonly line: number;
  readonly condition: string;
  readonly body: readonly Statement[];
}

/** A direction to the stage: scenes, figures, music, and every tag that is not text, choice or flow. */
export interface StageStatement {
  readonly kind: 'stage';
  readonly line: number;
  readonly command: string;
  readonly rest: string;
}

export interface ReturnStatement {
  readonly kind: 'return';
  readonly line: number;
  readonly condition?: string;
}

/** Code and definitions, which are no part of the story. */
export interface SkippedStatement {
  readonly kind: 'skipped';
  readonly line: number;
  readonly what: string;
}
