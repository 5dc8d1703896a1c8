import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { SERVICES, type Event, type Operation, type ServiceName } from '#libs/contracts/contract';
import { HANDLES, HEARS } from '#libs/messaging/handles';
import { IntelModule } from '../../services/intel/intel.module.js';
import { MediaModule } from '../../services/media/media.module.js';
import { MeshModule } from '../../services/mesh/mesh.module.js';
import { ProjectsModule } from '../../services/projects/projects.module.js';
import { TasksModule } from '../../services/tasks/tasks.module.js';
import { contractOf } from './contracts.js';

const MODULES: Record<ServiceName, Type> = {
  projects: ProjectsModule,
  media: MediaModule,
  tasks: TasksModule,
  mesh: MeshModule,
  intel: IntelModule,
};

/** What the methods of a module's controllers were decorated with. */
function decorated<T>(module: Type, symbol: symbol): T[] {
  const controllers = (Reflect.getMetadata('controllers', module) ?? []) as Type<object>[];
  return controllers.flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
      const found = typeof method === 'function' ? (Reflect.getMetadata(symbol, method) as T | undefined) : undefined;
      return found === undefined ? [] : [found];
    }),
  );
}

describe.each(SERVICES)('%s', (service) => {
  const module = MODULES[service];
  const { operations, events } = contractOf(service);

  test('answers every operation of its contract with exactly one handler, and no other', () => {
    const answered = decorated<Operation>(module, HANDLES).map(({ name }) => name);
    expect(answered.sort()).toEqual(operations.map(({ name }) => name).sort());
  });

  test('owns what its contract defines, each under a name of its own', () => {
    const defined = [...operations, ...events];
    for (const { name, owner } of defined) expect([name, owner]).toEqual([name, service]);
    expect(new Set(defined.map(({ name }) => name)).size).toBe(defined.length);
  });

  test('hears only events that somebody tells', () => {
    const told = new Set(SERVICES.flatMap((other) => contractOf(other).events).map(({ name }) => name));
    for (const { name } of decorated<Event>(module, HEARS)) expect(told).toContain(name);
  });
});
