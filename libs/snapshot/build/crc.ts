/**
 * The CRC-32 of two stretches of bytes, one behind the other, from the CRC-32 of each and the length of the second: multiplication
 * by powers of x modulo the polynomial of CRC-32, as in zlib's `crc32_combine` (crc32.c, since 1.2.12).
 */
export function crcOfBoth(first: number, second: number, length: number): number {
  return (multiplied(powerOfX(length), first) ^ second) >>> 0;
}

const POLYNOMIAL = 0xedb88320;
const ONE = 2 ** 31;

/** x to the power of eight times so many, modulo the polynomial; bits are reflected. */
function powerOfX(bytes: number): number {
  let power = ONE;
  for (let [rest, at] = [bytes, 3]; rest > 0; rest = Math.floor(rest / 2), at++)
    if (rest % 2 === 1) power = multiplied(DOUBLED[at & 31]!, power);
  return power;
}

function multiplied(a: number, b: number): number {
  let product = 0;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= b;
    b = (b & 1) !== 0 ? (b >>> 1) ^ POLYNOMIAL : b >>> 1;
  }
  return product;
}

/** x to the power of 1, 2, 4, 8, …; these repeat after 32. */
const DOUBLED: readonly number[] = (() => {
  const powers = [2 ** 30];
  while (powers.length < 32) powers.push(multiplied(powers.at(-1)!, powers.at(-1)!));
  return powers;
})();
