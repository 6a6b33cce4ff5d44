/** As many arguments as every engine takes in one call. */
const partBytes = 8_192;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += partBytes) parts.push(String.fromCharCode(...bytes.subarray(at, at + partBytes)));
  return btoa(parts.join(""));
}

/** @throws an `InvalidCharacterError` when the text is not Base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
