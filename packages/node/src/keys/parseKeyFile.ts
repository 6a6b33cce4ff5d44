import { archiveKeyBytes } from "@xmtp-backup/core";

const newline = 0x0a;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const digits = Buffer.from("0123456789abcdef");

/** One line of a key file: a key, or something else that stays where it is, since a person may be able to mend it. */
export type KeyLine = { key: Uint8Array } | { fault: string; bytes: Uint8Array };

/** What lies in a key file: one key a line in hex. No text is made of it, which could not be overwritten. */
export function parseKeyFile(file: Uint8Array): KeyLine[] {
  const lines: KeyLine[] = [];
  const start = byteOrderMark.every((byte, index) => file[index] === byte) ? byteOrderMark.length : 0;
  for (let from = start; from < file.length; ) {
    const end = file.indexOf(newline, from);
    const until = end === -1 ? file.length : end;
    const bytes = trimmed(file.subarray(from, until));
    from = until + 1;
    if (bytes.length > 0) lines.push(parseLine(bytes));
  }
  return lines;
}

/** The bytes of a key file with `added` in front of what is there; a key is there once. */
export function withKeyInFront(added: Uint8Array, lines: readonly KeyLine[]): Uint8Array {
  const others = lines.filter((line) => !("key" in line) || Buffer.compare(line.key, added) !== 0);
  const encoded = [toHex(added), ...others.map((line) => ("key" in line ? toHex(line.key) : new Uint8Array(line.bytes)))];
  const file = new Uint8Array(encoded.reduce((total, { length }) => total + length + 1, 0)).fill(newline);
  let offset = 0;
  for (const line of encoded) {
    file.set(line, offset);
    offset += line.length + 1;
    line.fill(0);
  }
  return file;
}

/** Overwrites the keys that were parsed. */
export function wipeLines(lines: readonly KeyLine[]): void {
  for (const line of lines) if ("key" in line) line.key.fill(0);
}

function parseLine(bytes: Uint8Array): KeyLine {
  const key = fromHex(bytes);
  if (!key) return { bytes, fault: `A line of the key file is not ${archiveKeyBytes * 2} hex digits.` };
  return key.some((byte) => byte !== 0)
    ? { key }
    : { bytes, fault: "A line of the key file is all zeros, as of a buffer that was overwritten." };
}

function trimmed(line: Uint8Array): Uint8Array {
  let [from, until] = [0, line.length];
  while (from < until && isSpace(line[from])) from += 1;
  while (until > from && isSpace(line[until - 1])) until -= 1;
  return line.subarray(from, until);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function fromHex(line: Uint8Array): Uint8Array | undefined {
  if (line.length !== archiveKeyBytes * 2) return undefined;
  const key = new Uint8Array(archiveKeyBytes);
  for (const [index, byte] of line.entries()) {
    const isCapital = byte >= 0x41 && byte <= 0x46;
    const digit = digits.indexOf(isCapital ? byte + 0x20 : byte);
    if (digit === -1) return undefined;
    key[index >> 1] = ((key[index >> 1] ?? 0) << 4) | digit;
  }
  return key;
}

function toHex(key: Uint8Array): Uint8Array {
  const hex = new Uint8Array(key.length * 2);
  for (const [index, byte] of key.entries()) {
    hex[index * 2] = digits[byte >> 4] ?? 0;
    hex[index * 2 + 1] = digits[byte & 15] ?? 0;
  }
  return hex;
}
