import { randomBytes } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { readArchive } from "@xmtp-backup/archive";
import type { TemporaryFiles } from "../state/temporaryFiles.ts";
import type { NodeClient } from "./nodeClient.ts";
import { nodePrimitives } from "./nodePrimitives.ts";
import { toSdkElements } from "./toSdkElements.ts";

/** The ids of a client's conversations: those that are there for certain, and those that the user decided about, which may be elsewhere. */
export type ConversationIds = { here: ReadonlySet<string>; denied: readonly string[]; allowed: readonly string[] };

/**
 * The ids of every conversation, without a listing, which reads every message of the client at once (docs/sdk-facts.md#lists-read-messages).
 *
 * Undefined where the SDK can't tell.
 */
export async function idsWithoutListing(
  client: NodeClient,
  temporary: TemporaryFiles,
  signal: AbortSignal | undefined,
): Promise<ConversationIds | undefined> {
  try {
    const here = await idsOfHmacKeys(client);
    return here && { here, ...(await decidedIds(client, temporary)) };
  } catch {
    signal?.throwIfAborted();
    // A closed client, a full disk or another fault: a listing finds out, or does without.
    return undefined;
  }
}

/** All but denied ones: docs/sdk-facts.md#hmac-keys-name-conversations. The keys themselves are secrets that nobody asked for. */
async function idsOfHmacKeys({ conversations }: NodeClient): Promise<Set<string> | undefined> {
  const keys = conversations.hmacKeys?.();
  if (!keys) return undefined;
  // The call alone holds the event loop for long enough.
  await turn();
  for (const each of Object.values(keys)) for (const { key } of each) key.fill(0);
  return new Set(Object.keys(keys));
}

/** What the user decided about conversations, out of an export of consent alone, under a key that nobody keeps. */
async function decidedIds(client: NodeClient, temporary: TemporaryFiles): Promise<Omit<ConversationIds, "here">> {
  const key = new Uint8Array(randomBytes(32));
  const options = { elements: toSdkElements(["consent"]), excludeDisappearingMessages: false };
  const archive = await temporary.create((path) => client.createArchive(path, key, options));
  const decided = { denied: [] as string[], allowed: [] as string[] };
  try {
    for await (const record of readArchive(archive.blob, key, { primitives: nodePrimitives })) {
      if (record.kind !== "consent" || record.consent.entityType !== "conversationId") continue;
      const { state, entity } = record.consent;
      if (state === "denied" || state === "allowed") decided[state].push(entity);
    }
  } finally {
    key.fill(0);
    await archive.release();
  }
  return decided;
}
