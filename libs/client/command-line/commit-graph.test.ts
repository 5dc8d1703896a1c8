import { graphOf } from './commit-graph.js';

const draw = (...commits: string[]) =>
  graphOf(commits.map((one) => ({ id: one[0]!, parents: [...one.slice(2)] })))
    .join('\n')
    .split('\n');

describe('the drawing of a history', () => {
  it('is one line of stars where nothing parted', () => {
    expect(draw('c b', 'b a', 'a')).toEqual(['*', '*', '*']);
  });

  it('shows where a branch was merged and where it began', () => {
    expect(draw('m ab', 'b z', 'a z', 'z')).toEqual(['*', '|\\', '| *', '* |', '|/', '*']);
  });

  it('shows a branch that began and was never merged', () => {
    expect(draw('b z', 'a z', 'z')).toEqual(['*', '| *', '|/', '*']);
  });

  it('leads a merged branch past others', () => {
    expect(draw('m abc', 'c z', 'b z', 'a z', 'z')).toEqual([
      '*',
      '|\\',
      '|\\ \\',
      '| * |',
      '| | *',
      '| |/',
      '* |',
      '|/',
      '*',
    ]);
  });

  it('goes over a lane that stands between', () => {
    expect(draw('a z', 'b y', 'c z', 'y x', 'z x', 'x')).toEqual([
      '*',
      '| *',
      '| | *',
      '|_|/',
      '| *',
      '* |',
      '|/',
      '*',
    ]);
  });

  it('ends the lane of a first commit', () => {
    expect(draw('m ab', 'a', 'b')).toEqual(['*', '|\\', '* |', ' /', '*']);
  });
});
