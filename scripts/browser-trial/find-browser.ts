import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium or Chrome of this machine: as BROWSER says, on the path, or where it usually is; undefined when there is none. */
export function findBrowser({ BROWSER, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...(BROWSER ? [BROWSER] : []), ...onPath, ...PLACES].find((path) => existsSync(path));
}
