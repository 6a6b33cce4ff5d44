const numbers = new Intl.NumberFormat("en");

/** A number as people read it: `12,000`. */
export function numberText(count: number): string {
  return numbers.format(count);
}

/** How many there are of something: `1 message`, `12,000 messages`. */
export function countText(count: number, one: string, other = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : other}`;
}
