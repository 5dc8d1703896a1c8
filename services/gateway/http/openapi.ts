import { z } from 'zod';
import { ERROR_CODES } from '#libs/errors/app-error';
import type { Auth, Chapter, Route } from './route.js';
import { API } from '../routes/route-table.js';

type Json = Record<string, unknown>;

/** The parts of an OpenAPI 3.1 document that we write. */
export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json };
}

/** Writes the document of the HTTP surface, chapter by chapter; schemas with an id become components. */
export function openApi(chapters: readonly Chapter[], { version, url }: { version: string; url: string }): OpenApi {
  const components = new Components();
  const paths: Record<string, Record<string, Json>> = {
    '/': { get: plain('welcome', 'A greeting', { message: 'Welcome to Evidverse API' }) },
    [`${API}/health`]: { get: plain('health', 'Whether this process is alive', { status: 'ok' }) },
  };
  const ids = new Set<string>();
  for (const chapter of chapters)
    for (const route of chapter.routes) {
      const path = chapter.prefix + route.path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
      const method = route.method.toLowerCase();
      const { name } = route.operation;
      const operationId = ids.has(name) ? `${name}.${method}` : name;
      ids.add(operationId);
      paths[path] = { ...paths[path], [method]: { operationId, tags: [chapter.name], ...describe(route, components) } };
    }
  return {
    openapi: '3.1.0',
    info: { title: 'Evidverse API', version, description: DESCRIPTION },
    servers: [{ url }],
    tags: ['platform', ...chapters.map(({ name }) => name)].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...components.schemas, Failure: FAILURE, ValidationFailure: VALIDATION_FAILURE },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

const DESCRIPTION = `Sign in at \`/auth/login\`, then send \`Authorization: Bearer <access_token>\`.
Every error is JSON: \`{"detail", "code"}\`, where \`code\` is one of ${ERROR_CODES.join(', ')}; what is wrong with a
request is a list in \`detail\` (422). Every answer carries \`X-Request-Id\`.
Every path answers with and without a trailing slash.`;

function describe(route: Route, components: Components): Json {
  const { properties = {}, required = [] } = inputSchema(route);
  const header = ([name, called]: [string, string]) => ({
    name: called,
    in: 'header',
    required: required.includes(name),
    schema: properties[name] ?? {},
  });
  const parameter = (place: 'path' | 'query') => (name: string) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: properties[name] ?? {},
  });
  const pick = (names: readonly string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? {}])),
    required: names.filter((name) => required.includes(name)),
  });
  return {
    summary: route.summary,
    security: SECURITY[route.auth],
    parameters: [
      ...route.params.map(parameter('path')),
      ...route.query.map(parameter('query')),
      ...Object.entries(route.headers).map(header),
    ],
    ...requestBody(route, properties, pick),
    responses: {
      [route.status]: route.streams
        ? { description: 'Events, for as long as they are read', content: { 'text/event-stream': { schema: {} } } }
        : { description: 'Done', content: json(components.refer(route.answers)) },
      ...failures(route),
    },
  };
}

function requestBody(
  { body }: Route,
  properties: Record<string, Json>,
  pick: (names: readonly string[]) => Json,
): Json {
  switch (body.kind) {
    case 'none':
      return {};
    case 'fields':
      return { requestBody: { required: !body.isOptional, content: json(pick(body.names)) } };
    case 'file': {
      const schema = {
        type: 'object',
        properties: { [body.field]: { type: 'string', format: 'binary' } },
        required: [body.field],
      };
      return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
    }
    case 'whole':
      return { requestBody: { required: true, content: json(properties[body.name] ?? {}) } };
    case 'form': {
      const schema = pick(body.names);
      const fixed = Object.entries(body.fixed).map(([name, value]) => [name, { type: 'string', enum: [value] }]);
      const form = {
        schema: { ...schema, properties: { ...(schema.properties as Json), ...Object.fromEntries(fixed) } },
      };
      const content = { 'application/x-www-form-urlencoded': form, 'multipart/form-data': form };
      return { requestBody: { required: true, content } };
    }
  }
}

/** The input of an operation field by field, with whatever has a name of its own written out in place. */
function inputSchema({ operation }: Route): { properties?: Record<string, Json>; required?: string[] } {
  const fields = z.object(operation.input.shape);
  const { $defs = {}, ...schema } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return writtenOut(schema as Json, $defs as Record<string, Json>) as never;
}

function writtenOut(value: Json, definitions: Record<string, Json>): Json {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => {
    const name = /^#\/\$defs\/(.+)$/.exec(String((part as { $ref?: unknown } | null)?.$ref ?? ''))?.[1];
    return name === undefined ? part : writtenOut(definitions[name] ?? {}, definitions);
  }) as Json;
}

/** Schemas by their id, each written once; the same id for two shapes is a mistake. */
class Components {
  readonly schemas: Record<string, Json> = {};

  refer(schema: z.ZodType): Json {
    const {
      $schema: _,
      $defs = {},
      ...shape
    } = hoisted(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Json) as Json & {
      $defs?: Record<string, Json>;
    };
    for (const [id, definition] of Object.entries($defs)) {
      const known = this.schemas[id];
      if (known && JSON.stringify(known) !== JSON.stringify(definition))
        throw new Error(`Two different schemas are called ${id}.`);
      this.schemas[id] = definition;
    }
    return shape;
  }
}

/** References that lead to our components; no limits that only say how a double is made; answers may grow. */
function hoisted(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') return value.replace('#/$defs/', '#/components/schemas/');
    if (key === 'additionalProperties' && value === false) return undefined;
    return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER ? undefined : value;
  }) as Json;
}

const SECURITY: Record<Auth, Json[]> = {
  required: [{ bearer: [] }],
  optional: [{}, { bearer: [] }],
  own: [{}, { bearer: [] }],
  none: [],
};

const json = (schema: Json) => ({ 'application/json': { schema } });
const failure = (description: string, name = 'Failure') => ({
  description,
  content: json({ $ref: `#/components/schemas/${name}` }),
});

function failures({ auth, params, body, query }: Route): Json {
  const takes = params.length + query.length > 0 || body.kind !== 'none';
  return {
    ...(body.kind !== 'none' && { 400: failure('The request cannot be done as it stands'), 413: failure('Too large') }),
    ...(auth !== 'none' && { 401: failure('Sign in first'), 403: failure('Not yours to do') }),
    ...(params.length > 0 && { 404: failure('There is no such thing') }),
    ...(takes && { 422: failure('The request is not valid', 'ValidationFailure') }),
    429: failure('Too many requests; Retry-After says when to come back'),
    503: failure('A part of the platform is away; Retry-After says when to come back'),
  };
}

function plain(operationId: string, summary: string, example: Record<string, string>): Json {
  const properties = Object.fromEntries(Object.entries(example).map(([name, value]) => [name, { const: value }]));
  const schema = { type: 'object', properties, required: Object.keys(example) };
  const responses = { 200: { description: 'Done', content: json(schema) } };
  return { operationId, tags: ['platform'], summary, security: [], parameters: [], responses };
}

const CODE = { type: 'string', enum: [...ERROR_CODES] };
const FAILURE: Json = {
  type: 'object',
  properties: { detail: { type: 'string' }, code: CODE, details: {} },
  required: ['detail', 'code'],
};
const VALIDATION_FAILURE: Json = {
  type: 'object',
  properties: {
    detail: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          loc: { type: 'array', items: { type: ['string', 'integer'] } },
          msg: { type: 'string' },
          input: {},
          ctx: { type: 'object', additionalProperties: true },
        },
        required: ['type', 'loc', 'msg', 'input'],
      },
    },
    code: { type: 'string', const: 'invalid' },
  },
  required: ['detail', 'code'],
};
