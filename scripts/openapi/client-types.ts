import generator, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { openApiText } from './text.js';

/** A CommonJS reader, as the tests are, finds it one step further in. */
const openapiTS = (generator as { default?: typeof generator }).default ?? generator;

const HEAD = `/** What the HTTP interface takes and gives, path by path; written by \`npm run openapi\` from docs/openapi.json. */\n\n`;

/** The types of the client: the public interface as TypeScript, of answers only those that were hoped for. */
export async function clientTypesText(): Promise<string> {
  const document = JSON.parse(openApiText()) as OpenAPI3;
  const tree = await openapiTS(onlyGoodAnswers(document), { defaultNonNullable: false });
  return HEAD + astToString(tree);
}

/** How things go wrong is the same everywhere: `ApiError` says it. */
function onlyGoodAnswers(document: OpenAPI3): OpenAPI3 {
  for (const path of Object.values(document.paths ?? {}))
    for (const operation of Object.values(path) as { responses?: Record<string, unknown> }[])
      for (const status of Object.keys(operation.responses ?? {}))
        if (!status.startsWith('2')) delete operation.responses![status];
  return document;
}
