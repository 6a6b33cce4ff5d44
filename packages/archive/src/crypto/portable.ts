import { GHASH } from "@noble/ciphers/_polyval.js";
import { ecb } from "@noble/ciphers/aes.js";
import type { Aes256 } from "./primitives.ts";

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

/** GHASH under one key, over words of whole blocks; its table is made once, not anew for every record. */
export class Ghash extends GHASH {
  /** Hashes `words` from `start` to `end` into the four words of `out` at `at`. */
  hashInto(words: Uint32Array, start: number, end: number, out: Uint32Array, at: number): void {
    this.s0 = this.s1 = this.s2 = this.s3 = 0;
    for (let i = start; i < end; i += 4) {
      this._updateBlock(words[i] as number, words[i + 1] as number, words[i + 2] as number, words[i + 3] as number);
    }
    out[at] = this.s0;
    out[at + 1] = this.s1;
    out[at + 2] = this.s2;
    out[at + 3] = this.s3;
  }
}
