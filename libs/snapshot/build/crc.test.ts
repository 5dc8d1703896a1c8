import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { crcOfBoth } from './crc.js';

test('the checksum of two stretches comes of theirs, however long they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 70_000 }), (one, other) => {
      expect(crcOfBoth(crc32(one), crc32(other), other.length)).toBe(crc32(Buffer.concat([one, other])));
    }),
  );
});
