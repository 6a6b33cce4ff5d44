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

/** GHASH under one key; its table is made once, since noble would make it anew for every record. */
export class Ghash {
  readonly #template: GHASH;

  /** The more bytes are expected, the larger and faster is the table, and the longer it takes to make. */
  constructor(hashKey: Uint8Array, expectedBytes: number) {
    this.#template = new GHASH(hashKey, expectedBytes);
  }

  /** Hashes whole blocks into the first 16 bytes of `out`, which must be aligned to four bytes. */
  digestInto(blocks: Uint8Array, out: Uint8Array): void {
    const hash = Object.create(this.#template) as GHASH;
    hash.update(blocks).digestInto(out);
  }
}
