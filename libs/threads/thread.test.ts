import { Thread } from './thread.js';

const odd = 'libs/testing/odd-thread.js';
const threads: Thread<string, string>[] = [];
function thread(timeLimitMs = 10_000): Thread<string, string> {
  const one = new Thread<string, string>({ module: odd, timeLimitMs, tooLong: 'This takes too long.' });
  threads.push(one);
  return one;
}
afterEach(() => Promise.all(threads.splice(0).map((one) => one.close())));

test('questions are answered in their order, and what is thrown at one is thrown at its asker', async () => {
  const asker = thread();
  const all = await Promise.allSettled(['a', 'refuse', 'break', 'b'].map((asked) => asker.ask(asked)));
  expect(all).toMatchObject([
    { value: 'a!' },
    { reason: { code: 'conflict', message: 'Not this one.', details: { at: 3 } } },
    { reason: { code: 'internal', message: 'Something went wrong on our side.' } },
    { value: 'b!' },
  ]);
});

test('a question without end costs the thread, and no other question', async () => {
  const asker = thread(300);
  const all = await Promise.allSettled(['endless', 'a', 'endless', 'b'].map((asked) => asker.ask(asked)));
  expect(all).toMatchObject([
    { reason: { code: 'invalid', message: 'This takes too long.' } },
    { value: 'a!' },
    { reason: { code: 'invalid' } },
    { value: 'b!' },
  ]);
});

test('one that waits for ever without doing anything is told that it was not its turn', async () => {
  const asker = thread(50);
  const all = await Promise.allSettled(['silent', 'a'].map((asked) => asker.ask(asked)));
  expect(all).toMatchObject([{ reason: { code: 'unavailable' } }, { value: 'a!' }]);
});

test('a thread that breaks down is begun again for the next question', async () => {
  const asker = thread();
  const all = await Promise.allSettled(['die', 'a'].map((asked) => asker.ask(asked)));
  expect(all).toMatchObject([{ reason: { code: 'unavailable' } }, { value: 'a!' }]);
});

test('what is not answered when it closes is unavailable, and what comes after waits for a new thread', async () => {
  const asker = thread();
  const asked = Promise.allSettled(['endless', 'a'].map((one) => asker.ask(one)));
  await asker.close();
  expect(await asked).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }]);
});

test('who asks much more than is answered is told to come again', async () => {
  const asker = thread();
  const asked = Promise.allSettled(Array.from({ length: 102 }, () => asker.ask('endless')));
  await asker.close();
  const messages = (await asked).map((one) => (one as PromiseRejectedResult).reason.message as string);
  expect(messages.filter((message) => message.startsWith('Too much of this kind'))).toHaveLength(1);
});
