import { readFileSync } from 'node:fs';
import { clientTypesText } from '../../scripts/openapi/client-types.js';

test('libs/client/api/paths.ts is what docs/openapi.json says; npm run openapi writes it anew', async () => {
  const written = readFileSync('libs/client/api/paths.ts', 'utf8');
  expect((await clientTypesText()) === written).toBe(true);
});
