import { browserPrimitives } from "../../browser/src/host/browserPrimitives.ts";
import type { ArchivePrimitives, RecordGcm } from "../src/index.ts";

export { browserPrimitives };

/** A call of Web Crypto for each record, however short it is. */
export const recordByRecord: ArchivePrimitives = {
  recordGcm: (key) => ({ ...(browserPrimitives.recordGcm?.(key) as RecordGcm), fromBytes: 0, fromBytesInWasm: 0 }),
};

/** The same primitives, and how many records went through each call. */
export const countingCalls = ({
  recordGcm,
}: ArchivePrimitives): { primitives: ArchivePrimitives; calls: { open: number; seal: number } } => {
  const calls = { open: 0, seal: 0 };
  const counted = (key: Uint8Array): RecordGcm => {
    const gcm = recordGcm?.(key) as RecordGcm;
    return {
      ...gcm,
      open: (...record) => (calls.open++, gcm.open(...record)),
      seal: (...record) => (calls.seal++, gcm.seal(...record)),
    };
  };
  return { primitives: { recordGcm: counted }, calls };
};
