import fc from 'fast-check';
import { sortedKeys } from './sorted-keys.js';

const unit = fc.constantFrom('', 'a', 'b', '\u0000', '\uffff', '\ud83d', '\ude00', 'é', 'ab', 'abab');
const key = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));

test('many keys come in the order that sorting them has, whatever they are made of and how far they are alike', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400 }), fc.string({ maxLength: 5, unit: 'binary' }), (keys, before) => {
      const all = [...keys, ...keys.map((one) => before + one)];
      expect(sortedKeys(all)).toEqual([...all].sort());
    }),
  );
});
