import type { CallOptions } from "../ports/callOptions.ts";
import type { KeyStore } from "../ports/keyStore.ts";
import { loadKeys } from "./archiveKeys.ts";
import { fingerprintOf } from "./manifestKey.ts";

/** The fingerprint of the key that the next backup is made with; undefined while there is none. */
export async function newestFingerprint(keys: KeyStore, options: CallOptions = {}): Promise<string | undefined> {
  const [newest] = await loadKeys(keys, options);
  return newest && fingerprintOf(newest);
}
