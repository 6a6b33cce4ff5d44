/** A vector of fewer than 16,384 bytes with its length in front, as RFC 9420 writes it. */
export function vector(bytes: Uint8Array): Uint8Array {
  const prefix = bytes.length < 64 ? [bytes.length] : [0x40 | (bytes.length >> 8), bytes.length & 0xff];
  return Uint8Array.from([...prefix, ...bytes]);
}

/** What a group message is to be. */
export type GroupMessageParts = {
  groupId?: Uint8Array;
  /** @default 1 (application) */
  contentType?: number;
  text?: string;
  /** @default 2 (private) */
  wireFormat?: number;
  version?: number;
};

/** An MLSMessage that is a private message, with nothing encrypted in it. */
export function privateMessage(parts: GroupMessageParts = {}): Uint8Array {
  const { groupId = groupIdOf("group"), contentType = 1, text = "hello", wireFormat = 2, version = 1 } = parts;
  return Buffer.concat([
    Uint8Array.from([0, version, 0, wireFormat]),
    vector(groupId),
    new Uint8Array(8),
    Uint8Array.from([contentType]),
    vector(new Uint8Array()),
    vector(new Uint8Array(28)),
    vector(new TextEncoder().encode(text)),
  ]);
}

/** An MLSMessage that is a public message, up to and with its content type. */
export function publicMessage(sender: number[], { groupId = groupIdOf("group"), contentType = 3 } = {}): Uint8Array {
  return Buffer.concat([
    Uint8Array.from([0, 1, 0, 1]),
    vector(groupId),
    new Uint8Array(8),
    Uint8Array.from(sender),
    vector(new Uint8Array()),
    Uint8Array.from([contentType]),
  ]);
}

/** The start of a KeyPackage of that installation. */
export function keyPackage(installationKey: Uint8Array, note = ""): Uint8Array {
  return Buffer.concat([
    Uint8Array.from([0, 1, 0, 3]),
    vector(new Uint8Array(32)),
    vector(new Uint8Array(32)),
    vector(installationKey),
    new TextEncoder().encode(note),
  ]);
}

/** A group id of 16 bytes for a name. */
export function groupIdOf(name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(name.padEnd(16, ".")));
}
