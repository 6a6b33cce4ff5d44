import { gcm } from "@noble/ciphers/aes.js";
import { BatchLayout, TAG_BYTES } from "../../packages/archive/src/crypto/batchLayout.ts";
import type { ArchivePrimitives } from "../../packages/archive/src/crypto/archivePrimitives.ts";
import { RecordCipher } from "../../packages/archive/src/crypto/recordCipher.ts";
import { RecordOpener } from "../../packages/archive/src/crypto/recordOpener.ts";
import { Pace } from "../../packages/archive/src/util/pace.ts";
import { benchKey } from "../archive/benchKey.ts";
import type { SealedRecord } from "./sealedRecords.ts";
import type { Way } from "./way.ts";

const batchBytes = 262_144;
const together = 256;

/** The archive package's own way: batches of records, one call of AES and one of GHASH for each. */
export function batched(records: readonly SealedRecord[], primitives?: ArchivePrimitives): Way {
  return {
    name: "batched",
    async work() {
      const opener = new RecordOpener(
        await RecordCipher.create(benchKey, primitives),
        (records[0] as SealedRecord).nonce,
        new Pace(undefined),
      );
      const batch = new BatchLayout(batchBytes * 1.25);
      for (const { sealed, tagAt } of records) {
        const start = batch.add(tagAt);
        batch.bytes.set(sealed.subarray(0, tagAt), start);
        batch.bytes.set(sealed.subarray(tagAt), batch.length - TAG_BYTES);
        if (batch.length < batchBytes) continue;
        await opener.open(batch);
        batch.clear();
      }
      if (batch.length > 0) await opener.open(batch);
    },
  };
}

/** What every engine has to open one record at a time. */
export async function recordByRecord(records: readonly SealedRecord[]): Promise<Way[]> {
  const key = await crypto.subtle.importKey("raw", benchKey, "AES-GCM", false, ["decrypt"]);
  const open = ({ nonce, sealed }: SealedRecord) => crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, sealed);
  return [
    {
      name: "@noble/ciphers gcm",
      async work() {
        for (const { nonce, sealed } of records) gcm(benchKey, nonce).decrypt(sealed);
      },
    },
    {
      name: "crypto.subtle, one after another",
      async work() {
        for (const record of records) await open(record);
      },
    },
    {
      name: `crypto.subtle, ${together} at a time`,
      async work() {
        for (let at = 0; at < records.length; at += together) await Promise.all(records.slice(at, at + together).map(open));
      },
    },
  ];
}
