import { hash } from 'node:crypto';
import { doAside } from './build-threads.js';
import type { Changes } from '../bare-map.js';
import { notAsKept } from './pieced-gzip.js';
import type { PieceTable } from './piece.js';
import { PiecedMap } from './pieced-map.js';

/** What is kept of a packed map beside its file: the hash of that, and where its pieces are. */
export interface PartMemo {
  sha256: string;
  table: PieceTable;
}

/** A packed map: of one that was read, the bytes are fetched when they are asked for. */
export class Part {
  private map: PiecedMap | undefined;
  private opening: Promise<PiecedMap> | undefined;
  private packed: Buffer | undefined;

  private constructor(
    private told: PartMemo | undefined,
    private readonly fetch: () => Promise<Buffer | undefined>,
  ) {}

  static of(map: PiecedMap): Part {
    const part = new Part(undefined, async () => undefined);
    part.map = map;
    return part;
  }

  /** A part of which the packed file alone is held, and not its text. */
  static packed(gz: Buffer, told: PartMemo): Part {
    const part = new Part(told, async () => gz);
    part.packed = gz;
    return part;
  }

  static kept(told: PartMemo, fetch: () => Promise<Buffer | undefined>): Part {
    return new Part(told, fetch);
  }

  /** The map; a packed file that is not there, or not what was kept of it, is a RangeError. */
  async open(): Promise<PiecedMap> {
    return this.map ?? (this.opening ??= this.read());
  }

  /** Its text; like the map, of nothing else than what was kept. */
  async text(): Promise<Buffer> {
    return (await this.open()).text();
  }

  private async read(): Promise<PiecedMap> {
    this.map = opened(await this.file());
    if (!this.map) throw notAsKept();
    return this.map;
  }

  /** The packed file with what is told of it, as it was kept: whether that is so is seen when it is opened. */
  async file(): Promise<PackedPart> {
    const gz = this.packed ?? (await this.fetch());
    if (!gz) throw notAsKept();
    return { gz, ...this.told! };
  }

  /** The packed file of a map that is open or was just made. */
  gz(): Buffer {
    return (this.packed ??= this.map!.gz());
  }

  get memo(): PartMemo {
    return (this.told ??= { sha256: hash('sha256', this.gz()), table: this.map!.table() });
  }
}

/** A packed map as a file. */
export interface PackedPart extends PartMemo {
  gz: Uint8Array;
}

export interface ChangeQuestion {
  part: PackedPart;
  changes: Changes;
}

/** Is given parts as soon as some are packed, by the paths of their files. */
export type OnParts = (parts: ReadonlyMap<string, Part>) => void;

/** These parts after the changes of each, by the same names: a few made here, many on two threads. */
export async function changedParts(
  parts: ReadonlyMap<string, Part>,
  changes: ReadonlyMap<string, Changes>,
  onParts?: OnParts,
): Promise<Map<string, Part>> {
  const questions = [...changes].map(([path, some]) => async () => ({
    part: await parts.get(path)!.file(),
    changes: some,
  }));
  const partOf = (packed: PackedPart | undefined) => {
    if (!packed) throw notAsKept();
    const { gz, sha256, table } = packed;
    return Part.packed(Buffer.from(gz.buffer, gz.byteOffset, gz.byteLength), { sha256, table });
  };
  if (questions.length >= WORTH_THREADS)
    return inBatches([...changes.keys()], (from, to) => doAside('change', questions.slice(from, to)), partOf, onParts);
  const few = new Map<string, Part>();
  for (const [at, path] of [...changes.keys()].entries())
    few.set(path, partOf(await changeAside(await questions[at]!())));
  return few;
}

/** Parts whose answers come in batches; each batch is given away when it is there, while threads are at the next. */
export async function inBatches<Answer>(
  paths: readonly string[],
  ask: (from: number, to: number) => Promise<Answer[]>,
  partOf: (answer: Answer) => Part,
  onParts?: OnParts,
): Promise<Map<string, Part>> {
  const starts = Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, batch) => batch * BATCH);
  const batches = await Promise.all(
    starts.map(async (from) => {
      const answers = await ask(from, from + BATCH);
      const parts = new Map(answers.map((answer, at) => [paths[from + at]!, partOf(answer)]));
      onParts?.(parts);
      return parts;
    }),
  );
  return new Map(batches.flatMap((parts) => [...parts]));
}

/** What a thread does: opens a part, changes it and packs it again; undefined when it is not as it was kept. */
export async function changeAside({ part, changes }: ChangeQuestion): Promise<PackedPart | undefined> {
  const map = opened(part);
  return map && packedOf(await (await map.with(changes)).map());
}

/** So many parts are given away together. */
const BATCH = 32;
/** Fewer parts are changed here sooner than there. */
const WORTH_THREADS = 64;

const opened = ({ gz, sha256, table }: PackedPart): PiecedMap | undefined =>
  hash('sha256', gz) === sha256
    ? PiecedMap.read(Buffer.from(gz.buffer, gz.byteOffset, gz.byteLength), table)
    : undefined;

function packedOf(map: PiecedMap): PackedPart & { gz: Buffer } {
  const gz = map.gz();
  return { gz, sha256: hash('sha256', gz), table: map.table() };
}
