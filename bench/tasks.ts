import 'reflect-metadata';
import { drainBeside } from './tasks/drain.js';
import { lifeOverHttp } from './tasks/life.js';
import { parseBeside } from './tasks/parse.js';
import { renderBeside } from './tasks/render.js';

/**
 * Tasks beside plain Bull, a task's life over HTTP, a render beside ffmpeg alone, the readers of scripts beside a mere look at every line; each
 * pair in one run. `npm run bench -- tasks render` runs one of them.
 */
const parts = { drain: drainBeside, life: lifeOverHttp, render: renderBeside, parse: parseBeside };
const wished = process.argv.slice(2);
for (const [name, part] of Object.entries(parts)) {
  if (wished.length > 0 && !wished.includes(name)) continue;
  console.log(`\n${name}`);
  for (const line of await part()) console.log(`  ${line}`);
}
process.exit(0);
