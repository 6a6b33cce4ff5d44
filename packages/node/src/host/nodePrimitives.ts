import { createCipheriv, createHash, createSecretKey } from "node:crypto";
import type { ArchivePrimitives } from "@xmtp-backup/archive";

const zeroNonce = new Uint8Array(12);

/** Archive cryptography by Node's own OpenSSL, which uses the processor's AES and SHA instructions. */
export const nodePrimitives: ArchivePrimitives = {
  aes256: (bytes) => {
    // A copy of its own, so that no call has to make one.
    const key = createSecretKey(bytes);
    return {
      partBytes: 524_288,
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
    };
  },
  sha256: () => createHash("sha256"),
};
