import { withoutSecrets } from '../credentials.js';
import { filledCommand } from './douyin.js';

test('a command is taken apart before it is filled in, so that no title becomes an argument', () => {
  const template = '/opt/up --video {video_path} "--say it" --title={title} {unknown}';
  expect(filledCommand(template, { video_path: '/tmp/a film.mp4', title: 'x" --delete all; rm {video_path}' })).toEqual(
    ['/opt/up', '--video', '/tmp/a film.mp4', '--say it', '--title=x" --delete all; rm {video_path}', '{unknown}'],
  );
});

test('what a program says is kept without any secret, however deep it lies in the credential', () => {
  const credential = { user: { cookies: { SESSDATA: 'abcdef', bili_jct: 'abcdefghi' } }, list: ['tokentoken'] };
  expect(withoutSecrets('abcdefghi abcdef tokentoken end', credential)).toBe('*** *** *** end');
});
