import { BackupError } from "@xmtp-backup/core";
import { makeWritableDm as makeDm } from "@xmtp-backup/core/sdk";
import type { BrowserClient, BrowserDm } from "./browserClient.ts";

/**
 * The DM with a person that can be written: the one that there is, or a new one.
 *
 * If the latest DM with a person is a restored one, the active one can be written only once that person writes in it
 * (docs/sdk-facts.md#browser-answers-for-the-latest-dm).
 *
 * @throws HOST_FAILED when the DM was left half made, a restored DM with later messages hides it, or nobody can be reached as that person
 */
export function makeWritableDm(client: BrowserClient, peerInboxId: string, signal?: AbortSignal): Promise<BrowserDm> {
  return makeDm(client, peerInboxId, { signal, whyNot });
}

async function whyNot(dm: BrowserDm): Promise<BackupError | undefined> {
  if (await dm.isActive()) return undefined;
  return new BackupError("HOST_FAILED", "The SDK passes what is sent to this person to a restored DM, which is read-only.", {
    details: "The restored DM has the latest message. The active one can be written once that person writes.",
  });
}
