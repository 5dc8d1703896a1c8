import { chapters } from '../routes/route-table.js';
import { openApi } from './openapi.js';

type Json = Record<string, unknown>;
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  requestBody?: { content: Json };
  responses: Record<string, { content: Json }>;
  security: Json[];
}
const document = openApi(chapters, { version: '1.2.3', url: '/' });
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as unknown as Operation) })),
);
const routes = chapters.flatMap(({ prefix, routes }) =>
  routes.map((route) => ({ ...route, path: prefix + route.path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}') })),
);

test('every route is there once, and nothing else but the greeting and the health', () => {
  const told = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const expected = routes.map(({ method, path }) => `${method} ${path}`);
  expect(told.sort()).toEqual([...expected, 'GET /', 'GET /api/v1/health'].sort());
});

test('every operation has a name of its own, a summary and a chapter', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const chapters = document.tags.map(({ name }) => name);
  for (const { summary, tags } of operations) {
    expect(summary).not.toBe('');
    expect(chapters).toEqual(expect.arrayContaining(tags));
  }
});

test('every parameter of a path is declared, required, and of a known shape', () => {
  for (const { path, parameters } of operations) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => `{${name}}`).sort()).toEqual((path.match(/\{\w+\}/g) ?? []).sort());
    for (const parameter of inPath) expect(parameter.required).toBe(true);
    for (const { schema } of parameters) expect(Object.keys(schema)).not.toEqual([]);
  }
});

test('every reference leads somewhere, and every component is led to', () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference as string);
  const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(new Set(references)).toEqual(new Set(components));
  expect(text).not.toContain('$defs');
  expect(text).not.toContain('"$schema"');
});

test('every operation says what it answers, in success and in failure, and whom', () => {
  for (const { path, method, responses, security } of operations) {
    const route = routes.find((one) => one.path === path && one.method.toLowerCase() === method);
    const success = responses[String(route?.status ?? 200)];
    expect(success?.content).toHaveProperty([
      route?.streams === true ? 'text/event-stream' : 'application/json',
      'schema',
    ]);
    if (!route) continue;
    expect(responses).toHaveProperty('503');
    expect('401' in responses).toBe(route.auth !== 'none');
    expect(security).toEqual(
      { required: [{ bearer: [] }], optional: [{}, { bearer: [] }], own: [{}, { bearer: [] }], none: [] }[route.auth],
    );
  }
});

test('what is read from a body is told where it is read', () => {
  const save = operations.find(({ operationId }) => operationId === 'projects.saveWorkspace');
  expect(save?.requestBody?.content).toEqual({
    'application/json': { schema: { type: 'object', additionalProperties: true } },
  });
  const login = operations.find(({ operationId }) => operationId === 'projects.login');
  expect(Object.keys(login?.requestBody?.content ?? {})).toEqual([
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ]);
  const create = operations.find(({ operationId }) => operationId === 'projects.create');
  expect(create?.requestBody?.content).toMatchObject({ 'application/json': { schema: { required: ['name'] } } });
});

test('a body is told field by field, also when its schema has a name of its own', () => {
  for (const { method, path, requestBody } of operations) {
    const route = routes.find((one) => one.path === path && one.method.toLowerCase() === method);
    if (route?.body.kind !== 'fields' && route?.body.kind !== 'form') continue;
    const [content] = Object.values(requestBody!.content) as { schema: { properties: Json } }[];
    expect(Object.keys(content!.schema.properties)).toEqual(expect.arrayContaining([...route.body.names]));
    for (const field of Object.values(content!.schema.properties)) expect(Object.keys(field as Json)).not.toEqual([]);
  }
});
