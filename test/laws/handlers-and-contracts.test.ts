import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import * as intelContract from '#libs/contracts/intel';
import * as mediaContract from '#libs/contracts/media';
import * as meshContract from '#libs/contracts/mesh';
import * as projectsContract from '#libs/contracts/projects';
import * as tasksContract from '#libs/contracts/tasks';
import type { Event, Operation, ServiceName } from '#libs/contracts/contract';
import { HANDLES, HEARS } from '#libs/messaging/handles';
import { IntelModule } from '../../services/intel/intel.module.js';
import { MediaModule } from '../../services/media/media.module.js';
import { MeshModule } from '../../services/mesh/mesh.module.js';
import { ProjectsModule } from '../../services/projects/projects.module.js';
import { TasksModule } from '../../services/tasks/tasks.module.js';

const SERVICES = {
  projects: { contract: projectsContract, module: ProjectsModule },
  media: { contract: mediaContract, module: MediaModule },
  tasks: { contract: tasksContract, module: TasksModule },
  mesh: { contract: meshContract, module: MeshModule },
  intel: { contract: intelContract, module: IntelModule },
} satisfies Record<ServiceName, { contract: object; module: Type }>;

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'name' in value && 'input' in value && 'output' in value;
const isEvent = (value: unknown): value is Event =>
  typeof value === 'object' && value !== null && 'name' in value && 'payload' in value;

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

describe.each(Object.entries(SERVICES))('%s', (service, { contract, module }) => {
  test('answers every operation of its contract with exactly one handler, and no other', () => {
    const promised = Object.values(contract)
      .filter(isOperation)
      .map(({ name }) => name);
    const answered = decorated<Operation>(module, HANDLES).map(({ name }) => name);
    expect(answered.sort()).toEqual(promised.sort());
  });

  test('owns what its contract defines', () => {
    const defined = Object.values(contract).filter(
      (value): value is Operation | Event => isOperation(value) || isEvent(value),
    );
    for (const { name, owner } of defined) expect([name, owner]).toEqual([name, service]);
    expect(new Set(defined.map(({ name }) => name)).size).toBe(defined.length);
  });

  test('hears only events that somebody tells', () => {
    const told = new Set(
      Object.values(SERVICES).flatMap(({ contract: other }) =>
        Object.values(other)
          .filter(isEvent)
          .map(({ name }) => name),
      ),
    );
    for (const { name } of decorated<Event>(module, HEARS)) expect(told).toContain(name);
  });
});
