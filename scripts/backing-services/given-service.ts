import type { BackingService, Environment } from './backing-service.js';

/** Whether the environment names a running server of this kind. */
export function isGiven({ address }: BackingService, environment: Environment): boolean {
  return (environment[address] ?? '') !== '';
}

/** The variables of the server that the environment names; throws what is wrong with it when it does not answer. */
export async function useGiven(
  service: BackingService,
  environment: Environment,
  say: (line: string) => void,
): Promise<Record<string, string>> {
  const { name, title, address, credentials, variables } = service;
  const absent = credentials.filter((variable) => (environment[variable] ?? '') === '');
  if (absent.length > 0)
    throw new Error(`${address} is set without ${absent.join(' and ')}. Set that too, or unset ${address}.`);
  const value = environment[address] ?? '';
  await service.check(value).catch((cause: Error) => {
    const advice = `Start it, correct the address, or unset ${address} to have one started.`;
    throw new Error(
      `${address} is set, but no ${title} can be used at ${placeOf(value)} (${cause.message}). ${advice}`,
      { cause },
    );
  });
  say(`${name}: using the one at ${placeOf(value)}`);
  return Object.fromEntries(
    variables.flatMap((variable) => (environment[variable] ? [[variable, environment[variable]]] : [])),
  );
}

/** Without the password. */
function placeOf(address: string): string {
  return (URL.canParse(address) && new URL(address).host) || 'an address that cannot be read';
}
