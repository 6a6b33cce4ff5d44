/** Hex of a fixed length that stands for a text: tests read the same ids in every run. */
export function hexOf(text: string, bytes: number): string {
  let hash = 0x811c9dc5;
  let hex = "";
  for (let index = 0; hex.length < bytes * 2; index += 1) {
    for (const character of `${text}/${index}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    hex += hash.toString(16).padStart(8, "0");
  }
  return hex.slice(0, bytes * 2);
}
