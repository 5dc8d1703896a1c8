import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const printed = execFileSync(process.execPath, ['scripts/help.mjs'], { encoding: 'utf8' }).trim().split('\n');

describe('npm run help', () => {
  it('names every command of package.json once, but for itself and the parts of others', () => {
    const named = printed.map((line) => line.split(/\s+/)[2] ?? '');
    const meant = Object.keys(scripts).filter(
      (name) => name !== 'help' && !name.includes(':') && !name.startsWith('pre'),
    );
    expect(named.sort()).toEqual(meant.sort());
  });

  it('gives each command one line that fits a terminal', () => {
    for (const line of printed) expect(line).toMatch(/^npm run \w+ {3,}\S.{10,}$/);
    expect(Math.max(...printed.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
