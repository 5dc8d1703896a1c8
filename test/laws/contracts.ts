import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { SERVICES, type Event, type Operation, type ServiceName } from '#libs/contracts/contract';

/** What the contract files of a service define: `<service>.ts` and every `<service>-<topic>.ts`. */
export function contractOf(service: ServiceName): { operations: Operation[]; events: Event[] } {
  const files = readdirSync(join(packageRoot(), 'libs', 'contracts')).filter((file) => file.endsWith('.ts'));
  const own = files.filter((file) => file === `${service}.ts` || file.startsWith(`${service}-`));
  const defined = own
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => Object.values(jest.requireActual<object>(`#libs/contracts/${file.slice(0, -3)}`)) as unknown[]);
  return { operations: distinct(defined.filter(isOperation)), events: distinct(defined.filter(isEvent)) };
}

/** Every operation that any service promises. */
export const allOperations = (): Operation[] => SERVICES.flatMap((service) => contractOf(service).operations);

const distinct = <T extends { name: string }>(found: T[]): T[] => [...new Set(found)];
const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'name' in value && 'input' in value && 'output' in value;
const isEvent = (value: unknown): value is Event =>
  typeof value === 'object' && value !== null && 'name' in value && 'payload' in value;
