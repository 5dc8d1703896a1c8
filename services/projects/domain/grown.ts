interface Numbers {
  readonly length: number;
  set(from: this): void;
}

/** The array itself when it is long enough, else one of twice the length or more that begins with it. */
export function grown<A extends Numbers>(array: A, length: number, make: (length: number) => A): A {
  if (length <= array.length) return array;
  const larger = make(Math.max(2 * array.length, length));
  larger.set(array);
  return larger;
}
