import { buildTitleIndex } from '#libs/titles/build-title-index';
import { benchAges } from './snapshots/ages.js';
import { benchHour } from './snapshots/hour.js';
import { benchLegs } from './snapshots/legs.js';
import { benchOverHttp } from './snapshots/over-http.js';
import { benchPublish } from './snapshots/publish.js';
import { benchSeries } from './snapshots/series.js';
import { madeUpWorks } from './snapshots/made-up-works.js';
import { benchStarts } from './snapshots/starts.js';

/**
 * `npm run bench snapshots`: an hour of a made-up catalogue (`hour 1000000` for a large one), then the answers over HTTP (`http`).
 * `ages` is ten days of hours, and what clients of each age ask for; `legs 1000000` is what they take in bytes, without any scale. `start 1000000` is the start of an offline client alone; `series <folder>` measures deltas between the versions of a real file.
 */
const [only, argument] = process.argv.slice(2);
if (only === undefined || only === 'hour') await benchHour(Number(argument ?? process.env.ALIASES ?? 100_000));
if (only === undefined || only === 'http') await benchOverHttp();
if (only === 'start') {
  const works = madeUpWorks(Number(argument ?? 100_000));
  await benchStarts(works, buildTitleIndex(works));
}
if (only === 'publish') await benchPublish(Number(argument ?? 100_000));
if (only === 'series') await benchSeries(argument!);
if (only === 'ages') await benchAges();
if (only === 'legs') await benchLegs(Number(argument ?? 100_000));
