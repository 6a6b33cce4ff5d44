import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveEntry, type Backups, createBackups, isBackupError, type RestoreResult } from "@xmtp-backup/core";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { fileKeys, fileStore, nodeHost } from "@xmtp-backup/node";
import { type Client, type DecodedMessage, isAttachment, isReply } from "@xmtp/node-sdk";
import { chat, find, titlesOf } from "./conversations.ts";
import type { Narrator } from "./narrator.ts";
import { closeClient, createPerson } from "./people.ts";
import { becomeActive } from "./becomeActive.ts";
import { tellExpectations, tellNotices } from "./tellExpectations.ts";

/** What the story ended with; the last line and the exit code come from it. */
export type Ending = {
  /** The version of libxmtp in the SDK that it was played on. */
  libxmtp: string | undefined;
  conversations: { restored: number; expected: number; active: number };
  messages: { restored: number; expected: number };
  archive: { name: string | undefined; sizeBytes: number };
  refusedWhileInactive: string;
  answered: number;
};

/** Alice backs up, loses her device, restores on a new one, and sees her conversations become active again. */
export async function playStory(folder: string, narrator: Narrator): Promise<Ending> {
  const network = await startLocalNetwork();
  const open: Client[] = [];
  try {
    narrator.chapter("An XMTP network starts in this process");
    narrator.say(`${network.url}, nothing leaves this machine`);
    const alice = createPerson(network.url, folder);
    const phone = await alice.openOn("alice-phone");
    const bob = await createPerson(network.url, folder).openOn("bob-laptop");
    open.push(phone, bob);
    narrator.say(`Alice's and Bob's apps have libxmtp ${phone.libxmtpVersion ?? "of an unknown version"}`);

    narrator.chapter("Alice and Bob talk");
    await chat(phone, bob);
    await tellHistory(phone, bob, narrator);

    narrator.chapter("Alice backs up");
    const places = {
      store: fileStore({ directory: join(folder, "backups") }),
      keys: fileKeys({ path: join(folder, "keychain", "archive-keys") }),
    };
    const backup = createBackups({ host: nodeHost(phone), ...places }).backup({ name: "Before iOS update" });
    narrator.follow(backup);
    const { entry } = await backup.result;
    narrator.say(`kept “${entry.details?.name}”: ${describeEntry(entry)}`);

    narrator.chapter("Her phone falls into the river");
    await closeClient(phone);
    for (const ending of ["", "-wal", "-shm", ".sqlcipher_salt"]) await rm(join(folder, `alice-phone.db3${ending}`), { force: true });
    await rm(join(folder, "alice-phone.db3.backup"), { recursive: true, force: true });
    narrator.say("the client is closed and its database is gone; the backups folder and the key are left");

    narrator.chapter("A new phone");
    const newPhone = await alice.openOn("alice-new-phone");
    open.push(newPhone);
    narrator.say(`conversations before the restore: ${(await newPhone.conversations.list()).length}`);
    const backups = createBackups({ host: nodeHost(newPhone), ...places });
    await backups.start();
    const { restored, latest } = await restoreLatest(backups, narrator);
    await tellHistory(newPhone, bob, narrator);
    const refusedWhileInactive = await tryToWrite(backups, newPhone, narrator);

    narrator.chapter("What the app tells her");
    const titles = await titlesOf(newPhone);
    await tellExpectations(backups, titles, narrator);
    tellNotices(backups, narrator);

    narrator.chapter("Bob writes");
    const active = await becomeActive(backups, titles, bob, narrator);

    narrator.chapter("Alice answers");
    const answered = await answer(backups, newPhone, bob, narrator);
    backups.stop();
    return {
      libxmtp: phone.libxmtpVersion,
      conversations: { ...restored.conversations, active },
      messages: restored.messages,
      archive: { name: latest.details?.name, sizeBytes: latest.sizeBytes },
      refusedWhileInactive,
      answered,
    };
  } finally {
    for (const client of open) await closeClient(client).catch(() => undefined);
    await network.close();
  }
}

async function restoreLatest(backups: Backups, narrator: Narrator): Promise<{ restored: RestoreResult; latest: ArchiveEntry }> {
  const entries = await backups.list();
  for (const entry of entries) narrator.say(`found “${entry.details?.name}”: ${describeEntry(entry)}`);
  const [latest] = entries;
  if (!latest) throw new Error("There is no archive to restore.");
  const preview = await backups.inspect(latest);
  narrator.say(`inspected: ${preview.conversations.map(({ kind, name, messages }) => `${name ?? kind} (${messages})`).join(", ")}`);
  const task = backups.restore(latest);
  narrator.follow(task);
  return { restored: await task.result, latest };
}

async function tryToWrite(backups: Backups, client: Client, narrator: Narrator): Promise<string> {
  for (const conversation of await client.conversations.list()) {
    if (backups.canWrite(conversation.id)) continue;
    try {
      await backups.guardWrites(conversation).sendText("Are you there?");
    } catch (error) {
      if (!isBackupError(error)) throw error;
      narrator.say(`writing is refused: ${error.message}`);
      return error.code;
    }
  }
  throw new Error("A write on a restored conversation was not refused.");
}

async function answer(backups: Backups, client: Client, bob: Client, narrator: Narrator): Promise<number> {
  let answered = 0;
  for (const conversation of await client.conversations.list()) {
    await backups.guardWrites(conversation).sendText("Back on a new phone, everything is here!");
    const bobs = await find(bob, conversation.id);
    await bobs.sync();
    const last = await bobs.lastMessage();
    if (last?.content === "Back on a new phone, everything is here!") answered += 1;
  }
  narrator.say(`Bob reads her answer in ${answered} conversations`);
  return answered;
}

async function tellHistory(client: Client, bob: Client, narrator: Narrator): Promise<void> {
  for (const conversation of await client.conversations.list()) {
    const title = "name" in conversation && conversation.name ? conversation.name : "Bob";
    narrator.say(`${title}${conversation.isActive ? "" : " (read-only)"}`);
    for (const message of await conversation.messages()) {
      const { senderInboxId, reactions } = message;
      const content = textOf(message);
      if (content === undefined) continue;
      const who = senderInboxId === bob.inboxId ? "Bob" : "Alice";
      const marks = reactions.map((reaction) => (typeof reaction.content === "object" ? reaction.content.content : "")).join(" ");
      narrator.say(`  ${who}: ${content}${marks && `  [${marks}]`}`);
    }
  }
}

/** A message as one line; undefined for those that are no content of their own. */
function textOf(message: DecodedMessage): string | undefined {
  const { content } = message;
  if (isReply(message)) return `↳ ${String(message.content?.content)}`;
  if (isAttachment(message)) return `📎 ${message.content?.filename ?? "a file"} (${message.content?.content.length ?? 0} bytes)`;
  if (typeof content !== "string") return undefined;
  const [firstLine = ""] = content.split("\n");
  return firstLine === content ? content : `${firstLine} … (${content.length.toLocaleString("en")} characters)`;
}

function describeEntry({ sizeBytes, createdAtMs, details }: ArchiveEntry): string {
  const { conversations = 0, messages = 0 } = details?.counts ?? {};
  return `${conversations} conversations, ${messages} messages, ${sizeBytes.toLocaleString("en")} bytes, ${new Date(createdAtMs).toISOString()}`;
}
