/** A random number from 0 to 1, from the one source of chance that core uses. */
export function randomPart(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32;
}
