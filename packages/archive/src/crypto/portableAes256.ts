import { ecb } from "@noble/ciphers/aes.js";
import type { Aes256 } from "./archivePrimitives.ts";

const zeroNonce = new Uint8Array(12);
const nothing = new Uint8Array();

/** AES-256 in every JavaScript engine. */
export const portableAes256 = (key: Uint8Array): Aes256 => {
  const encryptBlocks = (blocks: Uint8Array) => ecb(key, { disablePadding: true }).encrypt(blocks);
  // Absent in insecure contexts, whatever its type says.
  const subtle = globalThis.crypto?.subtle as typeof crypto.subtle | undefined;
  if (subtle === undefined) return { encryptBlocks };
  const importKey = () => subtle.importKey("raw", key.slice(), "AES-GCM", false, ["encrypt"]);
  let imported: ReturnType<typeof importKey> | undefined;
  return {
    encryptBlocks,
    async authenticate(data) {
      imported ??= importKey();
      const algorithm = { name: "AES-GCM", iv: zeroNonce, additionalData: data as Uint8Array<ArrayBuffer> };
      return new Uint8Array(await subtle.encrypt(algorithm, await imported, nothing));
    },
  };
};
