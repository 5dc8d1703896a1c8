import { AppError } from './app-error.js';

test('a failure crosses a wire and comes out the same error', () => {
  const error = new AppError('conflict', 'The branch moved.', { head: 'abc' });
  const arrived = AppError.from(JSON.parse(JSON.stringify(error.toFailure())));
  expect(arrived).toBeInstanceOf(AppError);
  expect(arrived).toMatchObject({ code: 'conflict', message: 'The branch moved.', details: { head: 'abc' } });
});

test('the message of an unforeseen error does not leave', () => {
  const error = AppError.from(new Error('db password is hunter2'));
  expect(error.code).toBe('internal');
  expect(JSON.stringify(error.toFailure())).not.toContain('hunter2');
  expect((error.cause as Error).message).toContain('hunter2');
});

test.each([
  ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
  ['a database shutting down', { driverError: { code: '57P01' } }],
  ['several refused addresses', new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])],
  ['a dead client', new Error('Connection terminated unexpectedly')],
  ['a deadlock', { driverError: { code: '40P01' } }],
])('%s is unavailable, so it may be tried again', (_name, thrown) => {
  expect(AppError.from(thrown).code).toBe('unavailable');
});

test.each([null, undefined, 'text', 7, {}, { code: 'nonsense', message: 'x' }])('%p becomes internal', (thrown) => {
  expect(AppError.from(thrown).code).toBe('internal');
});
