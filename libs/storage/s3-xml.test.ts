import { element, elements, escape } from './s3-xml.js';

test('what stands in elements is text, never a number', () => {
  const xml =
    '<R xmlns="x"><KeyMarker/><C><Key>007</Key><ETag>&quot;1e5&#34;</ETag></C><C><Key>a&amp;lt;&#x1F600;</Key></C></R>';
  expect(elements(xml, 'C').map((one) => element(one, 'Key'))).toEqual(['007', 'a&lt;😀']);
  expect(element(xml, 'ETag')).toBe('"1e5"');
  expect(element(xml, 'KeyMarker')).toBeUndefined();
});

test('text comes back from XML as it went in', () => {
  const text = `a & <b> "c" 'd' &amp; 日`;
  expect(element(`<Key>${escape(text)}</Key>`, 'Key')).toBe(text);
});
