import { createCipheriv, createHash } from "node:crypto";
import type { ArchivePrimitives } from "@xmtp-backup/archive";

const zeroNonce = new Uint8Array(12);

/** Archive cryptography by Node's own OpenSSL, which uses the processor's AES and SHA instructions. */
export const nodePrimitives: ArchivePrimitives = {
  aes256: (key) => ({
    encryptBlocks(blocks) {
      const cipher = createCipheriv("aes-256-ecb", key, null);
      cipher.setAutoPadding(false);
      return cipher.update(blocks);
    },
    authenticate(data) {
      const cipher = createCipheriv("aes-256-gcm", key, zeroNonce);
      cipher.setAAD(data);
      cipher.final();
      return cipher.getAuthTag();
    },
  }),
  sha256: () => createHash("sha256"),
};
