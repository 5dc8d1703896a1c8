import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { browserTrial } from './browser-trial/browser-trial.js';
import { findBrowser } from './browser-trial/find-browser.js';

/** `npm run trial:browser [-- 20000]`: the published client in a real browser, against a whole platform with so many works. */
const browser = findBrowser(process.env);
if (browser === undefined) {
  console.error('There is no Chromium or Chrome here. Install one, or name it: BROWSER=/path/to/chrome');
  process.exitCode = 1;
} else process.exitCode = await tryIn(browser);

async function tryIn(program: NonNullable<typeof browser>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'evidverse-browser-'));
  // PostgreSQL may run as another account here.
  chmodSync(folder, 0o711);
  const pictures = join(packageRoot(), '.cache', 'browser-trial');
  mkdirSync(pictures, { recursive: true });
  try {
    const works = Number(process.argv[2] ?? 20_000);
    const failed = await browserTrial({ browser: program, folder, pictures, works, say: (line) => console.log(line) });
    console.log(
      failed === 0 ? `All as it should be. Pictures are in ${pictures}.` : `${failed} not as they should be.`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
