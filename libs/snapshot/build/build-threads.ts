import { Threads } from '#libs/threads/threads';
import type { ChangeQuestion, PackedPart } from './parts.js';
import type { PackAnswer, PackQuestion } from './pack-pieces.js';
import type { EditAnswer, EditQuestion } from './edit-pieces.js';
import type { UnpackQuestion } from './unpack-pieces.js';
import type { PackedSome, SomeQuestion } from './packed-some.js';

/** What can be asked of the threads that build, and what comes back. */
export interface BuildWork {
  pack: [PackQuestion, PackAnswer];
  unpack: [UnpackQuestion, boolean];
  edit: [EditQuestion, EditAnswer];
  some: [SomeQuestion, PackedSome];
  change: [ChangeQuestion, PackedPart | undefined];
}

export type BuildQuestion = { [What in keyof BuildWork]: { what: What; asked: BuildWork[What][0] } }[keyof BuildWork];
export type BuildAnswer = BuildWork[keyof BuildWork][1];

/** Has all of these done on two threads, which all building shares; each question is made when one of them is free. The text of a map comes before its parts. */
export async function doAside<What extends keyof BuildWork>(
  what: What,
  questions: readonly (() => BuildWork[What][0] | Promise<BuildWork[What][0]>)[],
): Promise<BuildWork[What][1][]> {
  const asked = questions.map((make) => async () => ({ what, asked: await make() }) as BuildQuestion);
  return (await threads.askAll(asked, { urgent: what !== 'some' && what !== 'change' })) as BuildWork[What][1][];
}

const threads = new Threads<BuildQuestion, BuildAnswer>(
  {
    module: 'libs/snapshot/build/build-thread.js',
    timeLimitMs: 120_000,
    tooLong: 'A part of a snapshot takes too long.',
  },
  2,
);
