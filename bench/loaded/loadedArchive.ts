import { createHash } from "node:crypto";
import { type ArchiveRecord, writeArchive } from "@xmtp-backup/archive";
import { nodePrimitives } from "../../packages/node/src/host/nodePrimitives.ts";
import { recordsOf } from "../../packages/node/test/support/archiveOf.ts";

/** Which messages an archive holds: numbers from `first` on, one after the other in each of the conversations. */
export type MessageRow = {
  first: number;
  messages: number;
  conversations: number;
  firstNs: bigint;
  /** How long after one message the next is sent. */
  stepNs: bigint;
};

/** About the content of an ordinary short text, whose record takes 343 bytes in an archive. */
export const shortText = 60;

/** An archive of short texts by the user, with ids as scattered as real ones. */
export async function loadedArchive(inboxId: string, row: MessageRow, key: Uint8Array): Promise<Blob> {
  const stream = writeArchive(rowRecords(inboxId, row), key, { primitives: nodePrimitives });
  return new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
}

function* rowRecords(inboxId: string, { first, messages, conversations, firstNs, stepNs }: MessageRow): Generator<ArchiveRecord> {
  const groupIds: string[] = [];
  for (const record of recordsOf(inboxId, Array<number[]>(conversations).fill([]))) {
    if (record.kind === "group") groupIds.push(record.group.id);
    yield record;
  }
  const [pattern] = [...recordsOf(inboxId, [[shortText]])].flatMap((record) => (record.kind === "message" ? [record.message] : []));
  if (!pattern) throw new Error("There is no message to copy.");
  for (let index = 0; index < messages; index += 1) {
    const number = first + index;
    const id = createHash("sha256").update(`${inboxId} ${number}`).digest("hex");
    const groupId = groupIds[number % conversations] ?? "";
    yield { kind: "message", message: { ...pattern, id, groupId, sentAtNs: firstNs + BigInt(index) * stepNs } };
  }
}
