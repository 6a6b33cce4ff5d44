/** A value of the package as JSON: numbers of 64 bits as decimal strings, bytes as hex. */
export const toJson = (value: unknown): string =>
  `${JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner instanceof Uint8Array ? toHex(inner) : inner),
    1,
  )}\n`;

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
