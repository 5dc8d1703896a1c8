import { readFileSync } from 'node:fs';
import { timelineFromOtio } from '#libs/timeline/interchange/otio';
import { Api } from '../../scripts/demo/api.js';
import { playJourney } from '../../scripts/demo/journey.js';
import { runPlatform, type RunningPlatform } from './running-platform.js';

/** The whole platform in this process, reached over HTTP only, as by anybody. */
let platform: RunningPlatform;
beforeAll(async () => {
  platform = await runPlatform();
});
afterAll(() => platform?.close());

test('two people make a film together, from first cut to import elsewhere', async () => {
  let number = 0;
  const { document } = timelineFromOtio(JSON.parse(readFileSync('scripts/demo-film.otio', 'utf8')), {
    newId: (prefix) => `${prefix}_${++number}`,
  });
  const told: string[] = [];
  await playJourney(new Api(platform.url), { name: 'demo', document, losses: [] }, (line) => told.push(line));
  expect(told.at(-1)).toContain('Everything held.');
});

test('the platform says that it is ready, and names all its parts', async () => {
  const ready = await fetch(`${platform.url}/readyz`);
  expect(ready.status).toBe(200);
  const { checks } = (await ready.json()) as { checks: Record<string, string> };
  for (const part of ['broker', 'projects', 'media', 'tasks', 'tasks-worker', 'mesh', 'intel'])
    expect(checks[part]).toBe('ok');
});

test('all figures of all services are in one place', async () => {
  const text = await (await fetch(`${platform.url}/metrics`)).text();
  expect(text).toMatch(/evidverse_http_request_duration_seconds_count\{.*route="\/api\/v1\/commits"/);
  expect(text).toMatch(
    /evidverse_operation_duration_seconds_count\{service="projects",operation="projects.createCommit",outcome="ok"/,
  );
});
