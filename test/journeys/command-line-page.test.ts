import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCommand, type BuiltCommand } from '../client/built-command.js';
import { runPlatform, type RunningPlatform } from './running-platform.js';

/** What docs/command-line.md shows is played, line by line, and must be answered as it says. */
let platform: RunningPlatform;
let command: BuiltCommand;
const folder = mkdtempSync(join(tmpdir(), 'page-'));
beforeAll(async () => {
  [platform, command] = await Promise.all([runPlatform(), buildCommand()]);
});
afterAll(async () => {
  await platform?.close();
  command?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('the page of the command shows what it really does', async () => {
  const page = readFileSync('docs/command-line.md', 'utf8');
  const session = [...page.matchAll(/```console\n(.*?)```/gs)].map(([, text]) => text).join('');
  const steps = session.split(/^\$ /m).slice(1);
  const ada = command.person('ada', platform.url);
  writeFileSync(join(folder, 'password'), 'secret words\n');
  let cwd = folder;
  let played = '';
  for (const step of steps) {
    const line = step.split('\n', 1)[0]!;
    const to = /^cd (.+)$/.exec(line)?.[1];
    if (to !== undefined) cwd = join(cwd, to);
    // As on a terminal, where both come in their turn.
    const { out } = to === undefined ? await ada.shell(cwd, `{ ${line}\n} 2>&1`) : { out: '' };
    played += `$ ${line}\n${out}`;
  }
  expect(asAnybody(played)).toBe(asAnybody(session));
  expect(steps.length).toBeGreaterThan(15);
});

/** Without what is different each time: where, and which names things were given. */
function asAnybody(text: string): string {
  return text
    .replaceAll(folder, '/home/ada')
    .replaceAll(platform.url, 'http://localhost:8000')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\b[0-9a-f]{10}\b/g, '<commit>');
}
