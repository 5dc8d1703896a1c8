/** Puts all of these at the end of a list; spread as arguments, a few hundred thousand would be too many for the stack. */
export function append<One>(list: One[], more: Iterable<One>): void {
  for (const one of more) list.push(one);
}
