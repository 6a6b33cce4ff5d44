const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** So many bytes are joined at a time: one string that grows by each byte would keep a node for each of them. */
const PART_BYTES = 1024;

/** Lower-case hex, as in docs/sdk-facts.md#ids-are-lower-case-hex. */
export const toHex = (bytes: Uint8Array): string => {
  if (bytes.length > PART_BYTES) {
    const parts: string[] = [];
    for (let at = 0; at < bytes.length; at += PART_BYTES) parts.push(toHex(bytes.subarray(at, at + PART_BYTES)));
    return parts.join("");
  }
  let hex = "";
  for (const byte of bytes) hex += digits[byte];
  return hex;
};

/** Bytes of a hex string, or undefined if it is not one. */
export const fromHex = (hex: string): Uint8Array | undefined => {
  if (hex.length % 2 !== 0 || /[^0-9a-f]/i.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
};
