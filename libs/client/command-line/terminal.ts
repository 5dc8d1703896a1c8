import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';
import { AppError } from '#libs/errors/app-error';

/** What commands a terminal, or turns the order of what is read around: all but line ends and tabs. */
const COMMANDING = /[\0-\b\v-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * What a person or a program sees of a command, and says to it. What others wrote (messages, names, titles) commands no
 * terminal: such characters are shown as JSON writes them.
 */
export class Terminal {
  constructor(
    private readonly input: Readable & { isTTY?: boolean },
    private readonly output: Writable,
    private readonly errors: Writable & { isTTY?: boolean },
  ) {}

  /** The result, which pipes carry on. */
  say(text: string): void {
    this.output.write(harmless(text === '' || text.endsWith('\n') ? text : `${text}\n`));
  }

  /** What goes on meanwhile, which is no part of the result. */
  note(text: string): void {
    this.errors.write(harmless(`${text}\n`));
  }

  /** Asks a person; nobody sees what is typed where it is `secret`. */
  async ask(question: string, { secret = false } = {}): Promise<string> {
    if (this.input.isTTY !== true)
      throw new AppError(
        'invalid',
        `${question.replace(/:\s*$/, '')} is needed, and there is nobody to ask. See --help.`,
      );
    const shown = secret ? new Writable({ write: (_bytes, _encoding, done) => done() }) : this.errors;
    if (secret) this.errors.write(question);
    const reader = createInterface({ input: this.input, output: shown, terminal: true });
    try {
      return (await reader.question(secret ? '' : question)).trim();
    } finally {
      reader.close();
      if (secret) this.errors.write('\n');
    }
  }

  /** All that is piped in. */
  async readAll(): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of this.input) parts.push(Buffer.from(part as Uint8Array));
    return Buffer.concat(parts).toString('utf8');
  }

  /** A bar for a person who watches; nothing for a program that reads. */
  bar(title: string, unit: 'bytes' | 'percent'): Bar {
    if (this.errors.isTTY !== true) return { to: () => undefined, end: () => undefined };
    const bar = new SingleBar(
      {
        format:
          unit === 'bytes'
            ? `${title} [{bar}] {percentage}% · {done} of {all} · {eta_formatted}`
            : `${title} [{bar}] {percentage}% {note}`,
        stream: this.errors as NodeJS.WritableStream,
        hideCursor: true,
      },
      Presets.shades_classic,
    );
    bar.start(1, 0, { done: '', all: '', note: '' });
    return {
      to: (at, of, note = '') => {
        bar.setTotal(of || 1);
        bar.update(of === 0 ? 1 : at, { done: inBytes(at), all: inBytes(of), note: harmless(note.split('\n', 1)[0]!) });
      },
      end: () => bar.stop(),
    };
  }
}

const harmless = (text: string): string =>
  text.replace(COMMANDING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** How far something has come. */
export interface Bar {
  to(at: number, of: number, note?: string): void;
  end(): void;
}

/** A size as people say it. */
export function inBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** Rows in columns, each as wide as its widest. */
export function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat(widths[at]! - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** Wide characters take two places in a terminal. */
const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character)
        ? 2
        : 1),
    0,
  );
