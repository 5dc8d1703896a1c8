import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreDrill } from './drill/restore-drill.js';

/** `npm run drill:restore`: loses a database with its disk, and brings it back to the second before. */
const directory = mkdtempSync(join(tmpdir(), 'evidverse-drill-'));
try {
  const { projects, restoredInMs } = await restoreDrill(directory, (line) => console.log(line));
  console.log(
    `its owner signs in and finds: ${projects.join(', ')} (restored in ${(restoredInMs / 1000).toFixed(1)} s)`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
