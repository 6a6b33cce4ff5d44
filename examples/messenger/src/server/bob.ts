import { setTimeout as wait } from "node:timers/promises";
import { type Dm, isText } from "@xmtp/node-sdk";
import { inviteByCarol } from "./carol.ts";
import { openClient } from "./openClient.ts";

/** A bot on the node SDK, who answers every text. */
export type Bob = {
  inboxId: string;
  /** Writes into every conversation that he is in, once his client looks for new devices there again. */
  writeEverywhere(): Promise<void>;
  /** Writes in each DM what disappears after an hour. */
  whisper(): Promise<void>;
  /** Deletes for everyone what he wrote first in each DM. */
  takeBack(): Promise<void>;
  /** Has Carol make a group with everybody he has a DM with. */
  introduce(): Promise<void>;
  close(): Promise<void>;
};

/** A client looks for new installations of the others at most this often in a conversation, and a send within that time adds nobody. */
const lookEveryMs = 5_200;
const hourNs = 3_600_000_000_000n;
const deletionType = { authorityId: "xmtp.org", typeId: "deleteMessage", versionMajor: 1, versionMinor: 0 };
const answers = ["It's me!", "Only if I get the window.", "Sounds good to me.", "Let me sleep on it.", "Ha, I knew it."];

export async function startBob(networkUrl: string, folder: string): Promise<Bob> {
  const client = await openClient(networkUrl, folder, "bob");
  const lastSentAtMs = new Map<string, number>();
  let answered = 0;

  async function write(conversationId: string, text: string): Promise<void> {
    lastSentAtMs.set(conversationId, Date.now());
    const conversation = await client.conversations.getConversationById(conversationId);
    await conversation?.sendText(text);
  }

  async function inEachDm(act: (dm: Dm) => Promise<unknown>): Promise<void> {
    await client.conversations.syncAll();
    await Promise.all(client.conversations.listDms().map(act));
  }

  const stream = await client.conversations.streamAllMessages({
    onValue: (message) => {
      if (message.senderInboxId === client.inboxId || !isText(message)) return;
      void write(message.conversationId, answers[answered++ % answers.length] ?? "").catch(reportFailure);
    },
  });

  return {
    inboxId: client.inboxId,
    async writeEverywhere() {
      await client.conversations.syncAll();
      const conversations = await client.conversations.list();
      const lastAtMs = Math.max(0, ...lastSentAtMs.values());
      await wait(Math.max(0, lastAtMs + lookEveryMs - Date.now()));
      for (const { id } of conversations) await write(id, "Did you get a new phone?");
    },
    whisper: () =>
      inEachDm(async (dm) => {
        await dm.updateMessageDisappearingSettings(BigInt(Date.now()) * 1_000_000n, hourNs);
        await dm.sendText("The key is under the mat.");
      }),
    takeBack: () =>
      inEachDm(async (dm) => {
        const first = (await dm.messages()).find((message) => isText(message) && message.senderInboxId === client.inboxId);
        if (first) await dm.send({ type: deletionType, parameters: {}, content: deletionOf(first.id) }, { shouldPush: false });
      }),
    introduce: () => inEachDm((dm) => inviteByCarol(networkUrl, folder, [dm.peerInboxId, client.inboxId])),
    async close() {
      await stream.end();
      // @xmtp/node-sdk 6.0.0 has no close(): there a client ends with its process.
      await client.close?.();
    },
  };
}

/** The one field of a deletion, as the SDK encodes it: the message's id. */
function deletionOf(messageId: string): Uint8Array {
  const id = new TextEncoder().encode(messageId);
  return Uint8Array.from([0x0a, id.length, ...id]);
}

function reportFailure(error: unknown): void {
  process.stderr.write(`Bob could not answer: ${String(error)}\n`);
}
