import { type ArchivePrimitives, validateArchive } from "@xmtp-backup/archive";
import { sealRecords } from "../libraries/sealedRecords.ts";
import { benchKey } from "./benchKey.ts";

/** How long each round took, in seconds. */
export type ValidationRounds = {
  validation: number[];
  /** `crypto.subtle` opens as many records of that size, one after another, and does nothing else. */
  subtle: number[];
};

/** What a record holds that takes 343 bytes in an archive. */
const contentBytes = 323;

/** In any engine: both take turns. */
export async function validationRounds(
  archive: Blob,
  messages: number,
  primitives: ArchivePrimitives,
  rounds: number,
): Promise<ValidationRounds> {
  const records = await sealRecords(messages, contentBytes);
  const key = await crypto.subtle.importKey("raw", benchKey, "AES-GCM", false, ["decrypt"]);
  const measured: ValidationRounds = { validation: [], subtle: [] };
  for (let round = 0; round < rounds; round += 1) {
    measured.validation.push(await seconds(() => validateArchive(archive, benchKey, { primitives })));
    measured.subtle.push(
      await seconds(async () => {
        for (const { nonce, sealed } of records) await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, sealed);
      }),
    );
  }
  return measured;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}
