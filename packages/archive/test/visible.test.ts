import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type ArchiveDeletion,
  type ArchiveMessage,
  type ArchivePreview,
  type ArchiveRecord,
  exportTranscript,
  inspectArchive,
  mergeArchives,
  previewArchive,
  splitArchive,
} from "../src/index.ts";
import { encodeMessage } from "../src/protobuf/messageCodec.ts";
import { collect, read, testKey, toBlob, write } from "../test-support/archives.ts";
import { encoded, groupUpdatedContent, textContent } from "../test-support/contents.ts";
import { groupRecord, idOf, messageRecord, metadataRecord } from "../test-support/records.ts";

const chunkKey = new Uint8Array(32).fill(0x55);
const [alice, bob, carol] = [idOf(1001, 32), idOf(1002, 32), idOf(1003, 32)] as const;
const second = (number: number) => 1_763_400_000_000_000_000n + BigInt(number) * 1_000_000_000n;
const nowNs = second(1000);

const says = (number: number, sender: string, message: Partial<ArchiveMessage> = {}) =>
  messageRecord(number, 1, textContent(`message ${number}`), { senderInboxId: sender, ...message });
const deletionOf = (target: number, compress = (bytes: Uint8Array): Uint8Array => bytes, compression?: "deflate" | "gzip") =>
  encoded(
    "deleteMessage",
    compress(encodeMessage({ messageId: [1, "string"] }, { messageId: idOf(target, 32) })),
    compression ? { compression } : {},
  );
const deletes = (number: number, target: number, sender: string, message: Partial<ArchiveMessage> = {}) =>
  messageRecord(number, 1, deletionOf(target), { senderInboxId: sender, contentType: "deleteMessage", ...message });
const group = (superAdminList: string[] = [], more = {}) =>
  groupRecord(1, { mutableMetadata: { attributes: {}, adminList: [], superAdminList }, ...more });
const updated = (number: number, changes: Record<string, unknown>, kind: ArchiveMessage["kind"] = "membershipChange") =>
  messageRecord(number, 1, groupUpdatedContent({ initiatedByInboxId: alice, ...changes }), { contentType: "group_updated", kind });

const restoredOf = async (
  records: ArchiveRecord[],
  options: { unsent?: "keep"; messagesPerChunk?: number; deletions?: ArchiveDeletion[] } = {},
) => {
  const archive = toBlob(await write([metadataRecord(), ...records]));
  const preview = await previewArchive(archive, testKey, { nowNs, ...options });
  const { chunks } = await splitArchive(archive, testKey, { chunkKey, nowNs, ...options });
  const restored: ArchiveRecord[] = [];
  for await (const chunk of chunks) restored.push(...(await read(chunk.bytes, chunkKey)));
  const messages = restored.flatMap((record) => (record.kind === "message" ? [record.message] : []));
  expect(messages).toHaveLength(preview.messages);
  return { archive, preview, messages, ids: messages.map(({ id }) => Number.parseInt(id.slice(0, 8), 16)) };
};
const leftOutOf = ({ leftOut }: Pick<ArchivePreview, "leftOut">) =>
  Object.fromEntries(Object.entries(leftOut).filter(([, count]) => count > 0));
const transcriptOf = async (archive: Blob, format: "jsonl" | "html" = "jsonl") =>
  new TextDecoder().decode(await collect(exportTranscript(archive, testKey, format, { nowNs })));

describe("what was deleted for everyone", () => {
  test("default: the original is left out of preview, chunks and transcript, wherever its deletion stands", async () => {
    for (const order of [
      [says(2, alice), deletes(3, 2, alice)],
      [deletes(3, 2, alice), says(2, alice)],
    ]) {
      const { archive, preview, ids } = await restoredOf([group(), says(1, bob), ...order], {});
      expect(ids).toEqual([1, 3]);
      expect(leftOutOf(preview)).toEqual({ deleted: 1 });
      expect(preview.conversations[0]).toMatchObject({ messageCount: 2 });
      expect(await transcriptOf(archive)).not.toContain("message 2");
      expect(await transcriptOf(archive)).toContain("message 1");
    }
  });

  test("behavior: a deletion in a later chunk counts", async () => {
    const { ids } = await restoredOf([group(), ...[1, 2, 3, 4].map((number) => says(number, alice)), deletes(5, 1, alice)], {
      messagesPerChunk: 2,
    });
    expect(ids).toEqual([2, 3, 4, 5]);
  });

  test("parameters: who deletes", async () => {
    const isDeleted = async (records: ArchiveRecord[]) => !(await restoredOf([...records, says(10, alice)])).ids.includes(10);
    expect(await isDeleted([group(), deletes(20, 10, alice)])).toBe(true);
    expect(await isDeleted([group(), deletes(20, 10, bob)])).toBe(false);
    expect(await isDeleted([group([bob]), deletes(20, 10, bob)])).toBe(true);
    expect(await isDeleted([group([carol]), deletes(20, 10, bob)])).toBe(false);
    // By what the archive tells of changes: bob became a super admin after the deletion, or was none any more at the end.
    expect(await isDeleted([group([bob]), updated(30, { addedSuperAdmins: [{ inboxId: bob }] }), deletes(20, 10, bob)])).toBe(false);
    expect(await isDeleted([group(), updated(30, { removedSuperAdmins: [{ inboxId: bob }] }), deletes(20, 10, bob)])).toBe(true);
    expect(
      await isDeleted([
        group(),
        updated(15, { addedSuperAdmins: [{ inboxId: bob }] }),
        updated(30, { removedSuperAdmins: [{ inboxId: bob }] }),
        deletes(20, 10, bob),
      ]),
    ).toBe(true);
    expect(await isDeleted([group(), updated(15, { addedSuperAdmins: [{ inboxId: bob }] }, "application"), deletes(20, 10, bob)])).toBe(
      false,
    );
  });

  test("behavior: what is no deletion hides nothing", async () => {
    const kept = async (...records: ArchiveRecord[]) =>
      expect((await restoredOf([group(), says(10, alice), ...records])).ids).toContain(10);
    await kept(deletes(20, 10, alice, { deliveryStatus: "unpublished" }));
    await kept(deletes(20, 10, alice, { deliveryStatus: "failed" }));
    await kept(deletes(20, 10, alice, { kind: "membershipChange" }));
    await kept(groupRecord(2), deletes(20, 10, alice, { groupId: idOf(2, 16) }));
    await kept(deletes(20, 10, alice, { content: Uint8Array.of(0xff) }));
    await kept(deletes(20, 10, alice, { content: textContent(idOf(10, 32)) }));
    await kept(deletes(20, 10, alice, { content: encoded("deleteMessage", deletionOf(10), { authorityId: "elsewhere" }) }));
    await kept(deletes(20, 11, alice));
  });

  test("behavior: a deletion can't be deleted, nor what the protocol says", async () => {
    const { ids, preview } = await restoredOf([
      group(),
      says(1, alice),
      deletes(2, 1, alice),
      deletes(3, 2, alice),
      updated(4, {}),
      deletes(5, 4, idOf(1001, 32)),
    ]);
    expect(ids).toEqual([2, 3, 4, 5]);
    expect(leftOutOf(preview)).toEqual({ deleted: 1 });
  });

  test("parameters: what can be deleted: the types that the SDKs hide", async () => {
    const isDeleted = async (contentType: string) =>
      !(await restoredOf([group(), says(10, alice, { contentType }), deletes(20, 10, alice)])).ids.includes(10);
    for (const type of [
      "text",
      "markdown",
      "reply",
      "attachment",
      "remoteStaticAttachment",
      "multiRemoteStaticAttachment",
      "transactionReference",
      "walletSendCalls",
    ]) {
      expect([type, await isDeleted(type)]).toEqual([type, true]);
    }
    for (const type of ["reaction", "readReceipt", "actions", "intent", "unknown"])
      expect([type, await isDeleted(type)]).toEqual([type, false]);
  });

  test("behavior: the placeholder of a restored group makes nobody a super admin", async () => {
    const placeholder = group([alice], { membershipState: "restored", metadata: { creatorInboxId: alice } });
    const records = [placeholder, says(10, bob), deletes(20, 10, alice), says(11, alice), deletes(21, 11, alice)];
    const { archive, ids } = await restoredOf(records);
    expect(ids).toEqual([10, 20, 21]);
    const { report } = await mergeArchives([{ blob: archive, key: testKey }], testKey, { leaveOutDeleted: true });
    expect(report.deleted).toEqual([{ id: idOf(1, 16), sentNs: [1_763_400_011_000_000_000n] }]);
  });

  test("behavior: inbox ids are the same in upper and lower case", async () => {
    const upper = alice.toUpperCase();
    expect(upper).not.toBe(alice);
    for (const [sender, deleter] of [
      [alice, upper],
      [upper, alice],
    ] as const)
      expect((await restoredOf([group(), says(10, sender), deletes(20, 10, deleter)])).ids).toEqual([20]);
    expect((await restoredOf([group([upper]), says(10, bob), deletes(20, 10, alice)])).ids).toEqual([20]);
    expect(
      (await restoredOf([group(), updated(15, { addedSuperAdmins: [{ inboxId: alice }] }), says(10, bob), deletes(20, 10, upper)])).ids,
    ).toEqual([15, 20]);
  });

  test("behavior: a compressed deletion counts", async () => {
    const deflated = deletes(3, 1, alice, { content: deletionOf(1, (bytes) => deflateSync(bytes), "deflate") });
    expect((await restoredOf([group(), says(1, alice), deflated])).ids).toEqual([3]);
  });

  test("behavior: a merge leaves originals out on demand alone, also when the deletion is in another archive", async () => {
    const older = toBlob(await write([metadataRecord({ exportedAtNs: 1n }), group([bob]), says(1, alice), says(2, alice)]));
    const newer = toBlob(await write([metadataRecord({ exportedAtNs: 2n }), group([bob]), deletes(3, 1, bob)]));
    const inputs = [older, newer].map((blob) => ({ blob, key: testKey }));
    const idsIn = async (stream: ReadableStream<Uint8Array>) =>
      (await read(await collect(stream))).flatMap((record) =>
        record.kind === "message" ? [Number.parseInt(record.message.id.slice(0, 8), 16)] : [],
      );
    const whole = await mergeArchives(inputs, testKey);
    expect(whole.report).toMatchObject({ messages: 3, deleted: [] });
    expect((await idsIn(whole.stream)).toSorted()).toEqual([1, 2, 3]);
    const { stream, report } = await mergeArchives(inputs, testKey, { leaveOutDeleted: true });
    expect(report).toMatchObject({ messages: 2, deleted: [{ id: idOf(1, 16), sentNs: [1_763_400_001_000_000_000n] }] });
    expect((await idsIn(stream)).toSorted()).toEqual([2, 3]);
  });
});

describe("deletions of other archives", () => {
  const archiveOf = async (...records: ArchiveRecord[]) => toBlob(await write([metadataRecord(), ...records]));
  const deletionsIn = async (...records: ArchiveRecord[]) => (await inspectArchive(await archiveOf(...records), testKey)).deletions();

  test("default: an archive lists its deletions, whether it holds their messages or not", async () => {
    const listed = { conversationId: idOf(1, 16), senderInboxId: alice };
    expect(
      await deletionsIn(
        group([bob]),
        says(1, alice),
        deletes(2, 1, alice),
        deletes(3, 9, bob),
        deletes(4, 8, alice, { deliveryStatus: "failed" }),
      ),
    ).toEqual([
      { ...listed, messageId: idOf(1, 32), sentAtNs: second(2), isBySuperAdmin: false },
      { ...listed, messageId: idOf(9, 32), senderInboxId: bob, sentAtNs: second(3), isBySuperAdmin: true },
    ]);
  });

  test("default: preview, chunks and both transcripts leave out what another archive's deletion names", async () => {
    const deletions = await deletionsIn(group(), deletes(3, 2, alice));
    const archive = await archiveOf(group(), says(1, bob), says(2, alice));
    const { preview, ids } = await restoredOf([group(), says(1, bob), says(2, alice)], { deletions });
    expect(ids).toEqual([1]);
    expect(leftOutOf(preview)).toEqual({ deleted: 1 });
    for (const format of ["jsonl", "html"] as const) {
      const text = new TextDecoder().decode(await collect(exportTranscript(archive, testKey, format, { nowNs, deletions })));
      expect(text).toContain("message 1");
      expect(text).not.toContain("message 2");
    }
  });

  test("behavior: chunks end at the same messages, so that a restore goes on where it stopped", async () => {
    const archive = await archiveOf(group(), ...[1, 2, 3, 4, 5].map((number) => says(number, alice)));
    const deletions = await deletionsIn(group(), deletes(7, 1, alice), deletes(8, 4, alice));
    const { chunks } = await splitArchive(archive, testKey, { chunkKey, nowNs, messagesPerChunk: 2, deletions });
    const cut: number[] = [];
    for await (const chunk of chunks) cut.push(chunk.messages);
    expect(cut).toEqual([1, 1, 1]);
  });

  test("parameters: who deletes: by the archive that holds the deletion", async () => {
    const isDeleted = async (newer: ArchiveRecord[], older: ArchiveRecord) =>
      !(await restoredOf([older, says(10, alice)], { deletions: await deletionsIn(...newer) })).ids.includes(10);
    expect(await isDeleted([group(), deletes(20, 10, alice)], group())).toBe(true);
    expect(await isDeleted([group([bob]), deletes(20, 10, bob)], group())).toBe(true);
    expect(await isDeleted([group(), deletes(20, 10, bob)], group([bob]))).toBe(false);
    expect(await isDeleted([group(), deletes(20, 10, bob)], group())).toBe(false);
    expect(await isDeleted([groupRecord(2), deletes(20, 10, alice, { groupId: idOf(2, 16) })], group())).toBe(false);
  });

  test("behavior: a merge that leaves originals out obeys them, and no other does", async () => {
    const deletions = await deletionsIn(group([bob]), deletes(3, 2, bob));
    const inputs = [{ blob: await archiveOf(group(), says(1, alice), says(2, alice)), key: testKey }];
    expect((await mergeArchives(inputs, testKey, { leaveOutDeleted: true, deletions })).report).toMatchObject({
      messages: 1,
      deleted: [{ id: idOf(1, 16), sentNs: [1_763_400_002_000_000_000n] }],
    });
    expect((await mergeArchives(inputs, testKey, { deletions })).report).toMatchObject({ messages: 2, deleted: [] });
  });

  test("behavior: a deletion that makes no sense hides nothing", async () => {
    const odd = { messageId: "no hex", conversationId: "nor this", senderInboxId: alice, sentAtNs: 0n, isBySuperAdmin: true };
    expect(
      (
        await restoredOf([group(), says(1, alice)], {
          deletions: [odd, { ...odd, conversationId: idOf(1, 16) }, { ...odd, messageId: idOf(1, 32) }],
        })
      ).ids,
    ).toEqual([1]);
  });
});

describe("what has disappeared", () => {
  const timer = { messageDisappearFromNs: second(10), messageDisappearInNs: 100_000_000_000n };

  test("default: by the timer and the time of sending, and what was sent before the timer stays", async () => {
    const { archive, preview, ids } = await restoredOf([
      says(11, bob),
      group([], timer),
      ...[9, 10, 12, 899, 901].map((number) => says(number, bob)),
    ]);
    expect(ids).toEqual([9, 10, 901]);
    expect(leftOutOf(preview)).toEqual({ expired: 3 });
    expect(await transcriptOf(archive)).not.toContain("message 12");
  });

  test("parameters: expiresAtNs and expiryKnown come before the timer", async () => {
    const { ids } = await restoredOf([
      group([], timer),
      says(20, bob, { expiryKnown: true }),
      says(21, bob, { expiresAtNs: second(2000), expiryKnown: true }),
      says(990, bob, { expiresAtNs: second(999) }),
      says(22, bob, { expiryKnown: false }),
    ]);
    expect(ids).toEqual([20, 21]);
  });

  test("parameters: expiresAtNs: a time that is none hides nothing", async () => {
    const none = [0n, -1n, -(2n ** 63n)];
    expect((await restoredOf([group(), ...none.map((expiresAtNs, at) => says(20 + at, bob, { expiresAtNs }))])).ids).toEqual([20, 21, 22]);
    expect((await restoredOf([group([], timer), ...none.map((expiresAtNs, at) => says(20 + at, bob, { expiresAtNs }))])).ids).toEqual([]);
    expect(
      (
        await restoredOf([
          group([], timer),
          says(20, bob, { expiresAtNs: 0n, expiryKnown: true }),
          says(21, bob, { expiresAtNs: 2n ** 63n - 1n }),
        ])
      ).ids,
    ).toEqual([20, 21]);
  });

  test("behavior: every type disappears, but not a deletion", async () => {
    const { ids } = await restoredOf([
      group([], timer),
      ...["reaction", "unknown", "attachment"].map((contentType, at) => says(20 + at, bob, { contentType })),
      deletes(30, 20, bob),
    ]);
    expect(ids).toEqual([30]);
  });

  test("behavior: expiry passes unharmed through merge and chunks", async () => {
    const record = says(990, bob, { expiresAtNs: second(3000), expiryKnown: true });
    const { messages, archive } = await restoredOf([group(), record]);
    expect(messages[0]).toMatchObject({ expiresAtNs: second(3000), expiryKnown: true });
    const { stream } = await mergeArchives([{ blob: archive, key: testKey }], testKey);
    expect(await read(await collect(stream))).toContainEqual(record);
  });

  test("behavior: chunks end at the same messages whatever has expired meanwhile", async () => {
    const archive = toBlob(await write([metadataRecord(), group([], timer), ...Array.from({ length: 9 }, (_, at) => says(20 + at, bob))]));
    const cutAt = async (now: bigint) => {
      const { chunks } = await splitArchive(archive, testKey, { chunkKey, nowNs: now, messagesPerChunk: 3 });
      const cut: number[] = [];
      for await (const chunk of chunks) cut.push(chunk.messages);
      return cut;
    };
    expect(await cutAt(second(0))).toEqual([3, 3, 3]);
    expect(await cutAt(second(124))).toEqual([0, 1, 3]);
  });
});

describe("what was never sent", () => {
  const records = [
    group(),
    says(1, alice),
    says(2, alice, { deliveryStatus: "unpublished" }),
    says(3, alice, { deliveryStatus: "failed" }),
  ];

  test("default: left out of a restore, counted, and marked in a transcript", async () => {
    const { archive, preview, ids } = await restoredOf(records);
    expect(ids).toEqual([1]);
    expect(leftOutOf(preview)).toEqual({ unsent: 2 });
    expect(preview.unsentMessages).toBe(2);
    const lines = (await transcriptOf(archive)).split("\n").filter((line) => line.includes('"kind":"message"'));
    expect(lines.map((line) => line.includes('"unsent":true'))).toEqual([false, true, true]);
    expect((await transcriptOf(archive, "html")).match(/\(not sent\)/g)).toHaveLength(2);
  });

  test("parameters: unsent: keep restores them as failed", async () => {
    const { preview, messages } = await restoredOf(records, { unsent: "keep" });
    expect(messages.map(({ deliveryStatus }) => deliveryStatus)).toEqual(["published", "failed", "failed"]);
    expect(preview).toMatchObject({ unsentMessages: 2, messages: 3 });
    expect(leftOutOf(preview)).toEqual({});
  });
});

describe("odd DMs", () => {
  const dm = (number: number, dmId: string) => groupRecord(number, { conversationType: "dm", dmId });
  const pair = [alice, bob].toSorted();

  test("parameters: ids in upper case, equal or unsorted, and a sender from outside", async () => {
    const { preview, ids, archive } = await restoredOf([
      dm(1, `dm:${pair.join(":")}`),
      dm(2, `dm:${pair.join(":").toUpperCase()}`),
      dm(3, `dm:${alice}:${alice}`),
      dm(4, `dm:${pair.toReversed().join(":")}`),
      messageRecord(1, 1, textContent("mine"), { senderInboxId: alice }),
      messageRecord(2, 1, textContent("stranger"), { senderInboxId: carol }),
      ...[2, 3, 4].map((number) => messageRecord(number + 10, number, textContent("odd"), { senderInboxId: alice })),
    ]);
    expect(ids).toEqual([1]);
    expect(preview).toMatchObject({ oddDms: 3, messages: 1 });
    expect(preview.conversations.map(({ id }) => id)).toEqual([idOf(1, 16)]);
    expect(leftOutOf(preview)).toEqual({ oddDms: 4 });
    const { report } = await inspectArchive(archive, testKey);
    expect(report.importable).toEqual({ conversations: 4, messages: 5 });
  });
});

describe("compressed bodies", () => {
  const bodyOf = async (content: Uint8Array) => {
    const archive = toBlob(await write([metadataRecord(), group(), messageRecord(1, 1, content)]));
    const line = (await transcriptOf(archive)).split("\n").find((each) => each.includes('"kind":"message"')) as string;
    return (JSON.parse(line) as { content: unknown }).content;
  };
  const text = "Shall we take the night train? ".repeat(40);

  test("parameters: deflate and gzip, at every level", async () => {
    for (const level of [0, 1, 6, 9]) {
      expect(await bodyOf(encoded("text", deflateSync(text, { level }), { compression: "deflate" }))).toEqual({ type: "text", text });
      expect(await bodyOf(encoded("text", gzipSync(text, { level }), { compression: "gzip" }))).toEqual({ type: "text", text });
      expect(await bodyOf(encoded("text", deflateRawSync(text, { level }), { compression: "deflate" }))).toEqual({ type: "text", text });
    }
  });

  test("behavior: a text that repeats itself is no bomb", async () => {
    const long = "x".repeat(1_000_000);
    expect(await bodyOf(encoded("text", deflateSync(long), { compression: "deflate" }))).toEqual({ type: "text", text: long });
  });

  test("behavior: what only deletes is inflated to a few bytes, however small it was made", async () => {
    const body = encodeMessage(
      { messageId: [1, "string"], padding: [2, "bytes"] },
      { messageId: idOf(1, 32), padding: new Uint8Array(1_000_000) },
    );
    const content = encoded("deleteMessage", deflateSync(body), { compression: "deflate" });
    expect((await restoredOf([group(), says(1, alice), deletes(3, 1, alice, { content })])).ids).toEqual([1, 3]);
  });

  test("behavior: what inflates to far more, or is broken, shows its fallback", async () => {
    const other = { type: "other", contentType: "xmtp.org/text", text: "a text" };
    const shown = (bytes: Uint8Array) => bodyOf(encoded("text", bytes, { compression: "deflate", fallback: "a text" }));
    expect(await shown(deflateSync(new Uint8Array(8_000_000)))).toEqual(other);
    expect(await shown(deflateSync(text).subarray(0, 30))).toEqual(other);
    expect(await shown(new TextEncoder().encode(text))).toEqual(other);
    expect(await shown(Uint8Array.of(...deflateRawSync(text), 0))).toEqual(other);
    expect(await bodyOf(encoded("text", deflateSync(text), { compression: 7 as never, fallback: "a text" }))).toEqual(other);
  });
});
