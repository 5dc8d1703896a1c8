import { goLayoutAsFormat } from './cardigann/go-layout.js';
import { dateIn } from './date-in.js';

const NOW = new Date('2026-03-10T12:00:00Z');
const read = (text: string, format: string) => dateIn(text, format, NOW)?.toISOString();

test.each([
  ['2026-03-04 05:06:07 +08:00', 'yyyy-MM-dd HH:mm:ss zzz', '2026-03-03T21:06:07.000Z'],
  ['7am Sep. 14', 'htt MMM. d', '2026-09-14T07:00:00.000Z'],
  ['Apr. 18 11', 'MMM. d yy', '2011-04-18T00:00:00.000Z'],
  ['Sun, 18 Jan 2026 04:05:41 +0000', 'ddd, dd MMM yyyy HH:mm:ss zzz', '2026-01-18T04:05:41.000Z'],
  ['2026-03-04T05:06:07.250Z', 'yyyy-MM-ddTHH:mm:ss.fffZ', '2026-03-04T05:06:07.250Z'],
  ['12:30 PM', 'hh:mm tt', '2026-03-10T12:30:00.000Z'],
  ['12:30 am', 'h:mm tt', '2026-03-10T00:30:00.000Z'],
  ['3 February 2020 at 1', "d MMMM yyyy 'at' H", '2020-02-03T01:00:00.000Z'],
  ['04/03/2026 05:06', 'dd/MM/yyyyHH:mm', '2026-03-04T05:06:00.000Z'],
  ['2026-13-01', 'yyyy-MM-dd', undefined],
  ['2026-03-04 more', 'yyyy-MM-dd', undefined],
  ['x', 'yyyy', undefined],
])('%s is read by %s', (text, format, expected) => expect(read(text, format)).toBe(expected));

test.each([
  ['now', '2026-03-10T12:00:00.000Z'],
  ['Today, 06:46:17', '2026-03-10T06:46:17.000Z'],
  ['yesterday 11:05 pm', '2026-03-09T23:05:00.000Z'],
  ['Sunday at 10:00', '2026-03-08T10:00:00.000Z'],
  ['3 hours 5 min ago', '2026-03-10T08:55:00.000Z'],
  ['an hour ago', '2026-03-10T11:00:00.000Z'],
  ['2天前', '2026-03-08T12:00:00.000Z'],
  ['1772712000', '2026-03-05T12:00:00.000Z'],
  ['2021-10-18T00:34:50.000000Z +00:00', '2021-10-18T00:34:50.000Z'],
  ['2022-08-07T20:56:06+0200', '2022-08-07T18:56:06.000Z'],
  ['12 Dec 14:00', '2025-12-12T14:00:00.000Z'],
  ['Feb 3rd 2020', '2020-02-03T00:00:00.000Z'],
  ['Tue, 10 Mar 2026 01:02:03 +0100', '2026-03-10T00:02:03.000Z'],
  ['31/12/2025 10:00', '2025-12-31T10:00:00.000Z'],
  ['02-28 10:15', '2026-02-28T10:15:00.000Z'],
  ['', undefined],
  ['soon', undefined],
])('%j is read as people write', (text, expected) => expect(read(text, 'fuzzy')).toBe(expected));

test.each([
  ['2006-01-02 15:04:05 -0700', 'yyyy-M-d HH:m:s zzz'],
  ['Mon, 02 Jan 2006 15:04:05 MST', 'ddd, d MMM yyyy HH:m:s zzz'],
  ['2006-01-0215:04:05', 'yyyy-M-dHH:m:s'],
  ['02.01.2006', 'd.M.yyyy'],
  ['Jan _2, 3:04PM', 'MMM d, h:mtt'],
  ['2006-01-02T15:04:05.000Z07:00', "yyyy-M-d'T'HH:m:s.fffK"],
  ['Apr 04 2020', undefined],
])('the example %s is a layout of Go', (layout, expected) => expect(goLayoutAsFormat(layout)).toBe(expected));

test.each(['99999999999 years ago', '5 constructor', '3 toString ago', '1e9 __proto__'])(
  'what names no moment that there is stays a text: %s',
  (text) => {
    expect(dateIn(text, 'fuzzy', new Date('2026-01-01T00:00:00Z'))).toBeUndefined();
  },
);
