import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { eventually } from '#libs/testing/child-process';

/** A headless browser with a profile of its own, which can be closed, or killed as by a power cut. */
export interface RealBrowser {
  readonly browser: Browser;
  kill(): Promise<void>;
  close(): Promise<void>;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--remote-debugging-port=0',
];

/** Starts the program at `path` on a profile, which is made when it is not there; a killed one is started anew on the same. */
export async function startBrowser(path: string, profile: string): Promise<RealBrowser> {
  const port = join(profile, 'DevToolsActivePort');
  await rm(port, { force: true });
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async () => {
    // The whole group: what draws pages are processes of their own.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
  };
  try {
    const [at = '', socket = ''] = await eventually(async () => {
      const lines = (await readFile(port, 'utf8')).trim().split('\n');
      return lines.length === 2 && lines;
    }, 60_000);
    const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${at}${socket}`);
    const close = async () => {
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.close').catch(() => undefined);
      await ended;
    };
    return { browser, kill, close };
  } catch (error) {
    await kill();
    throw error;
  }
}
