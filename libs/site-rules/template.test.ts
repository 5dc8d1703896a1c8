import { Budget } from './budget.js';
import { filledIn, namesIn, type Value } from './template.js';

const values: Record<string, Value> = {
  '.A': 'a b',
  '.B': '',
  '.C': null,
  '.Config.cat-id': '7',
  '.List': ['x', 'y&'],
  '.None': [],
};
const fill = (template: string, escape?: (value: string) => string) =>
  filledIn(template, {
    lookup: (name) => values[name] ?? null,
    ...(escape && { escape }),
    replace: (text, source, by) => text.replaceAll(new RegExp(source, 'g'), by),
  });

test.each([
  ['plain', 'plain'],
  ['{{ .A }}-{{.Config.cat-id}}', 'a b-7'],
  ['{{ if .A }}yes{{ else }}no{{ end }}{{if .B}}yes{{else}}no{{end}}', 'yesno'],
  ['{{ if .A }}{{ if .B }}1{{ else }}2{{ end }}{{ end }}', '2'],
  ['{{ or .B .C .A }}|{{ and .A .B }}|{{ or .B .C }}', 'a b||'],
  ['{{ if and (.A) (eq .Config.cat-id "7") }}1{{ else }}2{{ end }}', '1'],
  ['{{ if and (eq .A "x") (.A) }}1{{ else }}2{{ end }}{{ if and .A .C .A }}1{{ else }}2{{ end }}', '22'],
  ['{{ if and eq .A "a b" ne (.B) "x" }}1{{ else }}2{{ end }}', '1'],
  ['{{ range .List }}&c[]={{.}}{{end}}', '&c[]=x&c[]=y&'],
  ['{{ range $i, $e := .List }}{{$i}}:{{.}};{{end}}{{ range .None }}!{{ end }}', '0:x;1:y&;'],
  ['{{ join .List "," }}', 'x,y&'],
  ['{{ re_replace .A "[^a-z]+" "%" }}', 'a%b'],
  ['{{ if .B }}1{{ else if eq .A "x" }}2{{ else if .A }}{{ if .B }}3{{ else }}4{{ end }}{{ else }}5{{ end }}|', '4|'],
  [
    '{{ if .B }}1{{ else if or (eq .A "x") (eq .A "y") }}2{{ else }}3{{ end }}{{ if .A }}1{{ else if .B }}2{{ end }}',
    '31',
  ],
  ['{{ if .B }}1{{ else if .C }}2{{ end }}|', '|'],
])('%s', (template, expected) => expect(fill(template)).toBe(expected));

test('only what is put in is escaped', () => {
  expect(fill('a b?{{ .A }}&{{ join .List "," }}', encodeURIComponent)).toBe('a b?a%20b&x%2Cy%26');
});

test.each(['{{ if .A }}', '{{ end }}', '{{ if .A }}1{{ else if .B }}2', '{{ if .A }}1{{ else .B }}2{{ end }}', '{{ if .A }}1{{ else }}2{{ else if .B }}3{{ end }}', '{{ .A .B }}', '{{ eq .A }}', '{{ system "x" }}', '{{ range .A }}', '{{ (.A }}', '{{ }}', '{{ a = 1 }}', '{{ .A }}'.repeat(5000)])(
  'what is no template is refused: %s',
  (template) => expect(() => fill(template)).toThrow('cannot be read'),
); // prettier-ignore

test('the names a template asks for are known before it is filled', () => {
  expect(namesIn('{{ if and .A (eq .B "x") }}{{ range .List }}{{ .C }}{{ end }}{{ else }}{{ join .None "" }}{{ end }}')).toEqual(
    ['.A', '.B', '.List', '.C', '.None'],
  ); // prettier-ignore
});

test('every round of a range is paid for, and what stands in it', () => {
  const budget = new Budget();
  const tools = { lookup: () => Array<string>(2000).fill('x'), replace: (text: string) => text, spend: (steps: number) => budget.spend(steps) };
  const range = (depth: number) => `${'{{ range .A }}'.repeat(depth)}{{.}}${'{{ end }}'.repeat(depth)}`;
  expect(filledIn(range(1), tools)).toHaveLength(2000);
  expect(() => filledIn(range(3), tools)).toThrow(/steps/);
}); // prettier-ignore

test('braces that never close are words', () => {
  expect(fill(`{{ .A }}${'{'.repeat(19_000)}`)).toBe(`a b${'{'.repeat(19_000)}`);
});
