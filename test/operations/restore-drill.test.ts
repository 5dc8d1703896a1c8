import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreDrill } from '../../scripts/drill/restore-drill.js';

test('a lost database comes back as it was a second before it was destroyed, with what was there and without what was not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'evidverse-drill-'));
  try {
    const { projects } = await restoreDrill(directory, () => undefined);
    expect(projects).toEqual(['after the backup', 'before the backup']);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
