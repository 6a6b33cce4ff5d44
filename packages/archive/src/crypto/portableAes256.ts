import type { Aes256 } from "./archivePrimitives.ts";
import { wasmAes256 } from "./wasmAes256.ts";

const zeroNonce = new Uint8Array(12);
const nothing = new Uint8Array();

/** AES-256 in every JavaScript engine, and whether it is the faster one in WebAssembly. */
export type PortableAes256 = Aes256 & { isInWasm: boolean };

export const portableAes256 = async (key: Uint8Array): Promise<PortableAes256> => {
  const inWasm = await wasmAes256();
  const encryptBlocks = (inWasm ?? (await import("./nobleAes256.ts")).nobleAes256)(key);
  const aes = { encryptBlocks, isInWasm: inWasm !== undefined };
  // Absent in insecure contexts, whatever its type says.
  const subtle = globalThis.crypto?.subtle as typeof crypto.subtle | undefined;
  if (subtle === undefined) return aes;
  const importKey = () => subtle.importKey("raw", key.slice(), "AES-GCM", false, ["encrypt"]);
  let imported: ReturnType<typeof importKey> | undefined;
  return {
    ...aes,
    async authenticate(data) {
      imported ??= importKey();
      const algorithm = { name: "AES-GCM", iv: zeroNonce, additionalData: data as Uint8Array<ArrayBuffer> };
      return new Uint8Array(await subtle.encrypt(algorithm, await imported, nothing));
    },
  };
};
