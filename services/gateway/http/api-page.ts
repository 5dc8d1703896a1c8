import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { packageRoot } from '#libs/config/package-root';
import { API, chapters } from '../routes/route-table.js';
import { openApi, type OpenApi } from './openapi.js';

/** The document of our whole HTTP surface, with the version of this package. */
export function apiDocument(url: string): OpenApi {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return openApi(chapters, { version, url });
}

/** Serves the page about the API at /docs, from our own files, and the document at /api/v1/openapi.json. */
export function serveApiPage(app: INestApplication, url: string): void {
  const document = apiDocument(url) as unknown as OpenAPIObject;
  SwaggerModule.setup('docs', app, document, {
    raw: ['json'],
    jsonDocumentUrl: `${API}/openapi.json`,
    customSiteTitle: 'Evidverse API',
  });
}
