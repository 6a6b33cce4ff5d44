import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { fingerprintBytes, purposeOf } from "./manifestKey.ts";

/** Tells archive keys apart without revealing them: 16 hex digits. */
export function keyFingerprint(archiveKey: Uint8Array): string {
  return bytesToHex(hkdf(sha256, archiveKey, undefined, utf8ToBytes(purposeOf("fingerprint")), fingerprintBytes));
}
