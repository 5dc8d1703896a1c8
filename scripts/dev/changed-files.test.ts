import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedFiles } from './changed-files.js';

const folder = mkdtempSync(join(tmpdir(), 'changed-files-'));
const write = (name: string, content: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
};

beforeEach(() => {
  write('libs/a.js', 'a');
  write('services/media/main.js', 'main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what changed is named once', () => {
  const changed = changedFiles(folder);
  expect(changed()).toEqual([]);
  write('services/media/main.js', 'another main');
  write('libs/new.js', 'new');
  write('libs/a.js.map', 'of no interest');
  expect(changed().sort()).toEqual(['libs/new.js', 'services/media/main.js']);
  expect(changed()).toEqual([]);
});

test('a file compiled anew to the same code has not changed', () => {
  const changed = changedFiles(folder);
  utimesSync(join(folder, 'libs/a.js'), new Date(), new Date(Date.now() + 5000));
  expect(changed()).toEqual([]);
});

test('a build that removes everything and brings it back changes only what it changed', () => {
  const changed = changedFiles(folder);
  rmSync(folder, { recursive: true });
  expect(changed()).toEqual([]);
  write('libs/a.js', 'a');
  write('services/media/main.js', 'changed');
  expect(changed()).toEqual(['services/media/main.js']);
});
