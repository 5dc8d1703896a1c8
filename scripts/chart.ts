import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { generatedFiles } from './chart/generated-files.js';

/** `npm run chart`: writes the chart's schema, dashboards and alerts anew from what the code says. */
const chart = join(packageRoot(), 'helm', 'evidverse');
for (const folder of ['alerts', 'dashboards'])
  for (const file of readdirSync(join(chart, folder), { withFileTypes: true }))
    if (file.isFile()) rmSync(join(chart, folder, file.name));
for (const [path, text] of Object.entries(generatedFiles())) {
  mkdirSync(dirname(join(chart, path)), { recursive: true });
  writeFileSync(join(chart, path), text);
}
