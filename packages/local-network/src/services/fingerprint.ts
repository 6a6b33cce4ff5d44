import { createHash } from "node:crypto";

/** What two equal payloads on the same topic have in common: SHA-256 of topic and payload. */
export function fingerprint(topic: Uint8Array, payload: Uint8Array): Uint8Array {
  return createHash("sha256").update(topic).update(payload).digest();
}
