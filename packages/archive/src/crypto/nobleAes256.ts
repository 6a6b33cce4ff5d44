import { ecb } from "@noble/ciphers/aes.js";
import type { Aes256 } from "./archivePrimitives.ts";

/** AES-256 in JavaScript. */
export const nobleAes256 =
  (key: Uint8Array): Aes256["encryptBlocks"] =>
  (blocks) =>
    ecb(key, { disablePadding: true }).encrypt(blocks);
