import { readFileSync } from 'node:fs';
import { APP_MODES, type ConfigShape } from '#libs/config/read-config';
import { gateway } from '../../services/gateway/gateway.js';
import { intel } from '../../services/intel/service.js';
import { localConfig } from '../../services/local/config.js';
import { media } from '../../services/media/service.js';
import { mesh } from '../../services/mesh/service.js';
import { projects } from '../../services/projects/service.js';
import { tasks, tasksWorker } from '../../services/tasks/service.js';

const SHAPES: ConfigShape[] = [
  ...[gateway, projects, media, tasks, tasksWorker, mesh, intel].map(({ config }) => config),
  localConfig,
];
const settings = new Set(SHAPES.flatMap((shape) => APP_MODES.flatMap((mode) => Object.keys(shape(mode)))));
const [general, compose] = readFileSync('.env.example', 'utf8').split('# --- docker compose only');
const names = (text: string) => [...text.matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!);

test('.env.example names every setting of every process, once, and nothing that nobody reads', () => {
  expect(names(general!).sort()).toEqual([...settings].sort());
});

test('docker-compose.yml sets nothing that nobody reads', () => {
  const text = readFileSync('docker-compose.yml', 'utf8');
  const own = text.slice(text.indexOf('APP_MODE'));
  const given = [...own.matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name!);
  const others = given.filter(
    (name) => !settings.has(name) && !/^(POSTGRES|RABBITMQ_DEFAULT|MINIO|REDISCLI)_/.test(name),
  );
  expect(given).toContain('DATABASE_URL');
  expect(others).toEqual([]);
  for (const name of names(compose!)) expect(text).toContain(`\${${name}`);
});
