import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runProgram } from '#libs/media/run-program';

const SPEAKERS = ['espeak-ng', 'espeak'] as const;
let found: Promise<string | undefined> | undefined;

/** The words as a sound file, if this machine has a program that speaks; which one it was is told. */
export async function speak(
  words: string,
  directory: string,
  signal: AbortSignal,
): Promise<{ path: string; by: string } | undefined> {
  const speaker = await (found ??= firstThatRuns());
  if (speaker === undefined || words.trim() === '') return undefined;
  const [said, path] = [join(directory, 'said.txt'), join(directory, 'said.wav')];
  await writeFile(said, words);
  const language = /[\u4e00-\u9fff]/u.test(words) ? 'cmn' : 'en';
  try {
    await runProgram(speaker, ['-v', language, '-s', '150', '-f', said, '-w', path], { signal, timeLimitMs: 60_000 });
    return { path, by: speaker };
  } catch (thrown) {
    signal.throwIfAborted();
    if (language === 'en') throw thrown;
    return undefined;
  }
}

async function firstThatRuns(): Promise<string | undefined> {
  for (const speaker of SPEAKERS) {
    const runs = await promisify(execFile)(speaker, ['--version'], { timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (runs) return speaker;
  }
  return undefined;
}
