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
      seal: async (nonce, plaintext) =>
        new Uint8Array(await subtle.encrypt(algorithm(nonce), await key, plaintext as Uint8Array<ArrayBuffer>)),
      open: async (nonce, sealed) => new Uint8Array(await subtle.decrypt(algorithm(nonce), await key, sealed as Uint8Array<ArrayBuffer>)),
    };
  },
};
