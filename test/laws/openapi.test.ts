import { readFileSync } from 'node:fs';
import { openApiText } from '../../scripts/openapi/text.js';

test('docs/openapi.json is what the routes and contracts say; npm run openapi writes it anew', () => {
  expect(JSON.parse(openApiText())).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
});
