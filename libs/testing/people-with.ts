import { runServices, type RunningServices } from './running.js';
import { person } from './seeds/people.js';

type Person = Awaited<ReturnType<typeof person>>;
type Services = Parameters<typeof runServices>[0];

/** What a file of tests has for itself: services, whom to ask, and people with accounts there, each by their name in small letters. */
export type PeopleForTests<Name extends string> = Record<Lowercase<Name>, Person> & {
  readonly running: Pick<RunningServices, 'broker' | 'databaseUrl'>;
  readonly call: RunningServices['broker']['call'];
};

/** Runs services from before the first test of a file to after its last, with these people signed in. */
export function peopleWith<const Name extends string>(
  services: Services,
  names: readonly Name[],
  settings: Record<string, string> = {},
): PeopleForTests<Name> {
  let running: RunningServices;
  // They are handed out before they have accounts, and filled in when they do.
  const people = names.map((name) => [name.toLowerCase(), {} as Person] as const);
  beforeAll(async () => {
    running = await runServices(services, settings);
    await Promise.all(names.map(async (name, at) => Object.assign(people[at]![1], await person(running.broker, name))));
  });
  afterAll(() => running.close());
  return {
    ...(Object.fromEntries(people) as Record<Lowercase<Name>, Person>),
    running: {
      get broker() {
        return running.broker;
      },
      get databaseUrl() {
        return running.databaseUrl;
      },
    },
    call: (...args) => running.broker.call(...args),
  } as PeopleForTests<Name>;
}
