import { createDecipheriv } from "node:crypto";
import { once } from "node:events";
import { createZstdDecompress } from "node:zlib";
import { benchKey } from "../archive/benchKey.ts";
import type { SealedRecord } from "./sealedRecords.ts";
import type { Way } from "./way.ts";

/** What Node has of its own to open one record at a time. */
export function nodeOpenWay(records: readonly SealedRecord[]): Way {
  return {
    name: "node:crypto createDecipheriv",
    async work() {
      for (const { nonce, sealed, tagAt } of records) {
        const decipher = createDecipheriv("aes-256-gcm", benchKey, nonce);
        decipher.setAuthTag(sealed.subarray(tagAt));
        decipher.update(sealed.subarray(0, tagAt));
        decipher.final();
      }
    },
  };
}

/** Node's zstd; its call for a whole frame at once is no way for long archives. */
export function nodeUnpackWay(frame: Uint8Array): Way {
  return {
    name: "node:zlib",
    async work() {
      const decoder = createZstdDecompress();
      decoder.on("data", () => {});
      decoder.end(frame);
      await once(decoder, "end");
    },
  };
}
