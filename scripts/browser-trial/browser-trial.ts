import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { freePort } from '#libs/database/free-port';
import { startPlatform } from '../../services/local/start-platform.js';
import { buildClient } from '../client/build-client.js';
import { ADMIN, administratorOf, teachOne, teachTitles } from './known-titles.js';
import { servePage } from './page-server.js';
import { startBrowser, type RealBrowser } from './real-browser.js';

export interface BrowserTrial {
  /** The program of the browser. */
  browser: string;
  /** A folder of the trial's own. */
  folder: string;
  /** Where pictures go. */
  pictures: string;
  works: number;
  say: (line: string) => void;
}

/** What the page answers: what it is, or the code it failed with. */
interface Told {
  is?: Record<string, unknown> & { ms?: number };
  failed?: string;
}

/**
 * Syncs in a page of another origin, in two at once, and in one that is killed again and again; then the platform goes, and the page
 * still answers everything. Tells each thing that was tried, and how many were not as they should be.
 */
export async function browserTrial({ browser: program, folder, pictures, works, say }: BrowserTrial): Promise<number> {
  let failed = 0;
  const see = (what: string, isSo: boolean, figures = '') => {
    if (!isSo) failed++;
    say(`${isSo ? 'yes' : 'NO '}  ${what}${figures === '' ? '' : ` (${figures})`}`);
  };
  const client = join(folder, 'client');
  await buildClient(client);
  const platform = await startPlatform({
    ...ADMIN,
    DATA_DIR: join(folder, 'data'),
    PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    INTEL_SNAPSHOT_MINUTES: '0',
    INTEL_MIN_CONTRIBUTORS: '1',
  });
  const pages = await servePage(client);
  let browser: RealBrowser | undefined;
  const anew = async () => (browser = await startBrowser(program, join(folder, 'profile')));
  const open = async () => {
    const page = await browser!.browser.contexts()[0]!.newPage();
    page.on('pageerror', (error) => see(`the page goes on without an error: ${error.message}`, false));
    await page.goto(`${pages.url}/?host=${encodeURIComponent(platform.url)}`);
    await page.waitForFunction(() => 'trial' in globalThis);
    return page;
  };
  let isUp = true;
  try {
    const admin = await administratorOf(platform.url);
    const began = performance.now();
    await teachTitles(admin, works, say);
    say(`     taught and published in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    await anew();
    say(`${browser!.browser.version()}, ${works} works`);

    const page = await open();
    see('a page without a snapshot says so', (await ask(page, 'resolve', 'Iron Man')).failed === 'unavailable');
    const first = await ask(page, 'sync');
    see('a page of another origin syncs', first.is?.outcome === 'updated', figuresOf(first));
    const opening = await ask(page, 'resolve', '钢铁侠');
    see('the first answer', keyOf(opening) === 'iron-man-2008-movie', inMs(opening));
    const next = await ask(page, 'resolve', 'Iron.Man.2008.1080p.BluRay.x264-GRP');
    see('the next one', keyOf(next) === 'iron-man-2008-movie', inMs(next));
    const same = await ask(page, 'sync');
    see('a sync without news', same.is?.outcome === 'unchanged', figuresOf(same));
    see('the cloud is asked from there too', (await ask(page, 'hybrid', '钢铁侠')).is?.by === 'cloud');

    await teachOne(admin, 'Brand New Harbour');
    const other = await open();
    const both = await Promise.all([ask(page, 'sync'), ask(other, 'sync')]);
    const outcomes = both.map(({ is }) => is?.outcome).sort();
    see(
      'of two pages that sync at once, one fetches',
      outcomes.join() === 'unchanged,updated',
      figuresOf(both.find(({ is }) => is?.outcome === 'updated')!),
    );
    for (const one of [page, other])
      see(
        'both answer with the new one',
        keyOf(await ask(one, 'resolve', 'Brand New Harbour')) === 'brand-new-harbour-2026-movie',
      );

    for (let n = 0; n < 8; n++) {
      await teachOne(admin, `Killed Harbour ${n}`);
      const victim = await open();
      const before = (await ask(victim, 'age')).is?.seq as number;
      // It may be killed before it has even been asked.
      victim.evaluate(() => void (globalThis as never as Pages).trial.sync!()).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 60 * n));
      await browser!.kill();
      await anew();
      const after = await open();
      const answer = await ask(after, 'resolve', 'Iron Man');
      const seq = (answer.is?.snapshot as { seq: number } | undefined)?.seq;
      const isWhole = keyOf(answer) === 'iron-man-2008-movie' && (seq === before || seq === before + 1);
      see(`killed ${60 * n} ms into a sync: the old one or the new one answers`, isWhole, `${before} → ${seq}`);
      see('and the next sync is not kept waiting', (await ask(after, 'sync')).failed === undefined);
    }

    await platform.close();
    isUp = false;
    await browser!.close();
    await anew();
    const late = await open();
    see('with the platform gone, a sync says so', (await ask(late, 'sync')).failed === 'unavailable');
    const cold = await ask(late, 'resolve', '灯塔之子 第二季');
    see('a browser started anew resolves', keyOf(cold) === 'lighthouse-child-season-2-2022-anime', inMs(cold));
    const found = (await ask(late, 'search', 'lighthouse')).is as { answer: { results: unknown[] } } | undefined;
    see('searches', (found?.answer.results.length ?? 0) >= 2);
    const listed = (await ask(late, 'sites', 'iron-man-2008-movie')).is as { answer: { sites: { site: string }[] } };
    see(
      'lists sites',
      listed.answer.sites
        .map(({ site }) => site)
        .sort()
        .join() === 'hdsky,ttg',
    );
    see(
      'knows what is near',
      JSON.stringify(await ask(late, 'similar', 'lighthouse-child-2021-anime')).includes('next season'),
    );
    const html = '<table><tr class="row"><td>B</td></tr></table>';
    const read = await ask(late, 'readPage', 'hdsky', { page: 'list', url: 'https://hdsky.example/', html });
    see('reads a page by the rules', JSON.stringify(read.is?.answer) === '{"rows":[{"title_raw":"B"}]}');
    see(
      'parses',
      JSON.stringify(await ask(late, 'parse', 'Lighthouse.Child.S02E05.1080p.WEB-DL-GRP')).includes('"GRP"'),
    );
    see('and says why it was not the cloud', (await ask(late, 'hybrid', '钢铁侠')).is?.because === 'unreachable');
    const { usage = 0 } = (await ask(late, 'usage')).is as { usage?: number };
    say(
      `     ${(usage / 2 ** 20).toFixed(1)} MiB kept in the browser, its pages in ${await memoryOf(browser!)} MiB of memory`,
    );
    await ask(late, 'show', 'iron man');
    await late.screenshot({ path: join(pictures, 'offline.png') });
  } finally {
    await browser?.kill();
    pages.close();
    if (isUp) await platform.close();
  }
  return failed;
}

/** The memory of the largest process that has pages; unknown on systems that do not tell. */
async function memoryOf({ browser }: RealBrowser): Promise<string> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const sizes = pages.map(async (id) => {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  });
  return Math.max(...(await Promise.all(sizes))).toFixed(0);
}

interface Pages {
  trial: Record<string, (...given: unknown[]) => Promise<Told>>;
}

/** Asks the page by one of the names it has. */
const ask = (page: Page, name: string, ...given: unknown[]): Promise<Told> =>
  page.evaluate(([one, all]) => (globalThis as never as Pages).trial[one as string]!(...(all as unknown[])), [
    name,
    given,
  ] as const);

const keyOf = ({ is }: Told) => (is?.answer as { release_key?: string } | undefined)?.release_key;
const inMs = ({ is }: Told) => `${is?.ms?.toFixed(1)} ms`;
const figuresOf = ({ is, failed }: Told) =>
  failed ?? `${is?.requests as number} requests, ${is?.bytes as number} bytes, ${is?.ms?.toFixed(0)} ms`;
