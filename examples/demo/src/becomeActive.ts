import { setTimeout as wait } from "node:timers/promises";
import type { Backups } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { find } from "./conversations.ts";
import type { Narrator } from "./narrator.ts";

/**
 * A client looks for new installations of the others at most every 5 s in a conversation: what it sends within that time
 * of its last look adds nobody.
 */
const lookEveryMs = 5_200;
const patienceMs = 30_000;

/** Bob writes into one conversation after the other; resolves to how many are active when all are, or patience ends. */
export async function becomeActive(
  backups: Backups,
  titles: ReadonlyMap<string, string>,
  bob: Client,
  narrator: Narrator,
): Promise<number> {
  let active = 0;
  let total = 0;
  const told = new Set<string>();
  const done = new Promise<void>((resolve) => {
    backups.activation$.subscribe((state) => {
      ({ active, total } = state);
      for (const { id, status } of state.conversations) {
        if (status !== "active" || told.has(id)) continue;
        told.add(id);
        narrator.say(`${titles.get(id)} is active again: ${told.size} of ${total}`);
      }
      if (total > 0 && active === total) resolve();
    });
  });

  narrator.say("(his app looks for new devices every 5 seconds)");
  await wait(lookEveryMs);
  for (const id of titles.keys()) {
    const conversation = await find(bob, id);
    await conversation.sendText("Did you get a new phone?");
    narrator.say("name" in conversation ? `Bob wrote in ${conversation.name}` : "Bob wrote to Alice");
  }
  await Promise.race([done, wait(patienceMs, undefined, { ref: false })]);
  return active;
}
