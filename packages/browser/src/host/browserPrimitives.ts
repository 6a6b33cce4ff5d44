import type { ArchivePrimitives } from "@xmtp-backup/archive";

/**
 * Archive cryptography by Web Crypto, which uses the processor's AES instructions: long records are opened and sealed with a call each.
 * Short ones stay in batches, since a call takes some ten microseconds, however short the record is.
 *
 * @example
 * ```ts
 * import { previewArchive } from "@xmtp-backup/archive";
 * import { browserPrimitives } from "@xmtp-backup/browser";
 *
 * export const preview = (archive: Blob, key: Uint8Array) => previewArchive(archive, key, { primitives: browserPrimitives });
 * ```
 */
export const browserPrimitives: ArchivePrimitives = {
  recordGcm(bytes) {
    // Absent in insecure contexts, whatever its type says.
    const subtle = globalThis.crypto?.subtle as typeof crypto.subtle | undefined;
    if (subtle === undefined) return undefined;
    // At once: Web Crypto takes its copy of the bytes now, and the caller may overwrite them later.
    const key = subtle.importKey("raw", bytes as Uint8Array<ArrayBuffer>, "AES-GCM", false, ["encrypt", "decrypt"]);
    key.catch(() => undefined);
    const algorithm = (iv: Uint8Array) => ({ name: "AES-GCM", iv: iv as Uint8Array<ArrayBuffer> });
    return {
      fromBytes: 320,
      fromBytesInWasm: 1_500,
      seal: (nonce, plaintext) =>
        key.then((each) => subtle.encrypt(algorithm(nonce), each, plaintext as Uint8Array<ArrayBuffer>)).then(toBytes),
      open: (nonce, sealed) => key.then((each) => subtle.decrypt(algorithm(nonce), each, sealed as Uint8Array<ArrayBuffer>)).then(toBytes),
    };
  },
};

const toBytes = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer);
