import { constants, createZstdCompress } from "node:zlib";
import { RecordCipher } from "../src/crypto/recordCipher.ts";
import { RecordSealer } from "../src/crypto/recordSealer.ts";
import { Pace } from "../src/util/pace.ts";
import { nodePrimitives } from "./nodePrimitives.ts";

/** An SDK flushes its encoder when that much has been compressed. */
const FLUSH_BYTES = 8000;
/** What sealing adds to a plaintext: its length and its tag. */
const SEALED_BYTES = 20;

export type SdkLikeOptions = {
  nonce?: Uint8Array;
  /** As exporters did until November 2025: the nonce never moves. */
  isLegacy?: boolean;
  /** zstd parameters, for frames that an SDK would not write. */
  params?: Record<number, number>;
};

/** Writes plaintexts as the SDKs do: nothing is added, and the zstd blocks fall where they fall. */
export const writeSdkLike = async (
  plaintexts: readonly Uint8Array[],
  key: Uint8Array,
  { nonce = new Uint8Array(12).fill(9), isLegacy = false, params }: SdkLikeOptions = {},
): Promise<Uint8Array> => {
  const cipher = await RecordCipher.create(key, nodePrimitives);
  let sealer = new RecordSealer(cipher, nonce, new Pace(undefined));
  const encoder = createZstdCompress(params === undefined ? {} : { params });
  const parts: Uint8Array[] = [];
  encoder.on("data", (part: Uint8Array) => parts.push(part));
  const ended = new Promise((resolve, reject) => encoder.on("end", resolve).on("error", reject));
  const write = async (): Promise<void> => {
    const sealed = (await sealer.seal()).slice();
    await new Promise<void>((resolve) => void encoder.write(sealed, () => resolve()));
  };
  let unflushed = 0;
  for (const plaintext of plaintexts) {
    sealer.add(plaintext);
    unflushed += plaintext.length + SEALED_BYTES;
    if (isLegacy) {
      await write();
      sealer = new RecordSealer(cipher, nonce, new Pace(undefined));
    }
    if (unflushed < FLUSH_BYTES) continue;
    await write();
    await new Promise<void>((resolve) => encoder.flush(constants.ZSTD_e_flush, () => resolve()));
    unflushed = 0;
  }
  await write();
  encoder.end();
  await ended;
  return new Uint8Array(Buffer.concat([Uint8Array.of(0, 0), nonce, ...parts]));
};
