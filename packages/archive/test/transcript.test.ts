import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportTranscript, type TranscriptOptions } from "../src/index.ts";
import { describeContent } from "../src/transcript/transcriptContent.ts";
import { testKey, toBlob, write } from "../test-support/archives.ts";
import { encoded, groupUpdatedContent, reactionContent, remoteAttachmentsContent, textContent } from "../test-support/contents.ts";
import { groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import type { ArchiveRecord } from "../src/index.ts";
import { runs } from "../../../test/runs.ts";

const transcript = async (records: ArchiveRecord[], format: "jsonl" | "html", options?: TranscriptOptions): Promise<string> =>
  new Response(exportTranscript(toBlob(await write(records)), testKey, format, options)).text();

type Line = { kind: string; id?: string; conversationId?: string; sentAtNs?: string; content?: unknown; name?: string };
const lines = async (records: ArchiveRecord[], options?: TranscriptOptions): Promise<Line[]> =>
  (await transcript(records, "jsonl", options))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

const hostile = `</script><script>alert(1)</script><img src=x onerror="alert('1')">&amp;\u202e`;

const contents = {
  text: textContent("hello"),
  markdown: encoded("markdown", "# hi"),
  reply: encoded("reply", textContent("yes"), { parameters: { reference: "0a0b" } }),
  replyToReply: encoded("reply", encoded("reply", textContent("deep"), { parameters: { reference: "0c" } }), {
    parameters: { reference: "0d" },
  }),
  reaction: reactionContent("👍"),
  oldReaction: encoded("reaction", JSON.stringify({ reference: "0e", action: "removed", content: "🎉", schema: "unicode" })),
  readReceipt: encoded("readReceipt", new Uint8Array()),
  attachment: encoded("attachment", Uint8Array.of(1, 2, 3), { parameters: { filename: "a.png", mimeType: "image/png" } }),
  remote: encoded("remoteStaticAttachment", "https://example.org/f", { parameters: { filename: "f.pdf", secret: "00ff" } }),
  remotes: remoteAttachmentsContent([{ url: "https://example.org/1", filename: "1" }, { url: "https://example.org/2" }]),
  updated: groupUpdatedContent({
    initiatedByInboxId: "alix",
    added: [{ inboxId: "bo" }, { inboxId: "caro" }],
    changes: [{ field: "group_name", before: "Old", after: "New" }, { field: "description" }],
    removedSuperAdmins: [{ inboxId: "dave" }],
  }),
  transaction: encoded("transactionReference", JSON.stringify({ networkId: 1, reference: "0xabc" })),
  custom: encoded("poll", "{}", { authorityId: "example.org", fallback: "A poll" }),
  unknown: encoded("somethingNew", new Uint8Array(3)),
  compressed: encoded("text", new Uint8Array(3), { compression: "gzip", fallback: "long text" }),
  notUtf8: encoded("text", Uint8Array.of(0xff)),
  notJson: encoded("transactionReference", "{", { fallback: "A transaction" }),
  noContent: new Uint8Array(),
  garbage: Uint8Array.of(0x0a, 0xff),
};

describe("describeContent", () => {
  test("default", () => {
    expect(Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, describeContent(bytes)]))).toEqual({
      text: { type: "text", text: "hello" },
      markdown: { type: "text", text: "# hi" },
      reply: { type: "reply", inReplyTo: "0a0b", content: { type: "text", text: "yes" } },
      replyToReply: {
        type: "reply",
        inReplyTo: "0d",
        content: { type: "reply", inReplyTo: "0c", content: { type: "text", text: "deep" } },
      },
      reaction: { type: "reaction", to: "0a0b", reaction: "👍", isRemoved: false },
      oldReaction: { type: "reaction", to: "0e", reaction: "🎉", isRemoved: true },
      readReceipt: { type: "readReceipt" },
      attachment: { type: "attachment", filename: "a.png", mimeType: "image/png", bytes: Uint8Array.of(1, 2, 3) },
      remote: { type: "remoteAttachment", files: [{ filename: "f.pdf", url: "https://example.org/f" }] },
      remotes: {
        type: "remoteAttachment",
        files: [
          { filename: "1", url: "https://example.org/1" },
          { filename: "", url: "https://example.org/2" },
        ],
      },
      updated: {
        type: "groupUpdated",
        initiatedByInboxId: "alix",
        changes: [
          { change: "added", who: ["bo", "caro"] },
          { change: "removedSuperAdmins", who: ["dave"] },
          { change: "field", field: "group_name", before: "Old", after: "New" },
          { change: "field", field: "description", before: "", after: "" },
        ],
      },
      transaction: { type: "transactionReference", reference: "0xabc", networkId: "1" },
      custom: { type: "other", contentType: "example.org/poll", text: "A poll" },
      unknown: { type: "other", contentType: "xmtp.org/somethingNew", text: "" },
      compressed: { type: "other", contentType: "xmtp.org/text", text: "long text" },
      notUtf8: { type: "other", contentType: "xmtp.org/text", text: "" },
      notJson: { type: "other", contentType: "xmtp.org/transactionReference", text: "A transaction" },
      noContent: { type: "other", contentType: "", text: "" },
      garbage: { type: "other", contentType: "", text: "" },
    });
  });

  test("behavior: no content makes it fail", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void describeContent(bytes)));
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(contents)), fc.nat(), fc.nat(255), (bytes, place, value) => {
        const changed = bytes.slice();
        if (changed.length > 0) changed[place % changed.length] = value;
        describeContent(changed);
      }),
      { numRuns: runs(2000) },
    );
  });

  test("behavior: replies within replies end somewhere", () => {
    let content = textContent("end");
    for (let depth = 0; depth < 1000; depth++) content = encoded("reply", content);
    expect(JSON.stringify(describeContent(content)).length).toBeLessThan(1000);
  });
});

describe("exportTranscript", () => {
  const all = Object.values(contents);
  const records = [metadataRecord(), groupRecord(1), ...all.map((content, number) => messageRecord(number, 1, content))];

  test("parameters: jsonl", async () => {
    const [archive, conversation, ...messages] = await lines(records, { names: { alix: "Alix" } });
    expect(archive).toEqual({
      kind: "archive",
      exportedAt: "2025-11-24T16:00:00.000Z",
      conversations: 1,
      messages: all.length,
      names: { alix: "Alix" },
    });
    expect(conversation).toMatchObject({ kind: "conversation", id: idOf(1, 16), name: "Group 1", type: "group", messageCount: all.length });
    expect(messages).toHaveLength(all.length);
    expect(messages[0]).toEqual({
      kind: "message",
      id: idOf(0, 32),
      conversationId: idOf(1, 16),
      sentAt: "2025-11-17T17:20:00.000Z",
      sentAtNs: "1763400000000000000",
      senderInboxId: idOf(1001, 32),
      deliveryStatus: "published",
      content: { type: "text", text: "hello" },
    });
    expect(messages.find(({ content }) => (content as { type: string }).type === "attachment")?.content).toMatchObject({ bytes: "AQID" });
  });

  test("parameters: html", async () => {
    const page = await transcript(records, "html", { names: { alix: "Alix & co" } });
    expect(page).toMatchSnapshot();
  });

  test("behavior: what other people wrote stays text", async () => {
    const group = groupRecord(1, {
      id: idOf(1, 16),
      mutableMetadata: { attributes: { group_name: hostile }, adminList: [], superAdminList: [] },
    });
    const messages = [
      textContent(hostile),
      encoded("reply", textContent(hostile), { parameters: { reference: hostile } }),
      reactionContent(hostile),
      encoded("attachment", "x", { parameters: { filename: hostile, mimeType: hostile } }),
      encoded("attachment", "x", { parameters: { filename: hostile, mimeType: "image/png" } }),
      encoded("attachment", "<script>", { parameters: { filename: "a.svg", mimeType: "image/svg+xml" } }),
      encoded("remoteStaticAttachment", `javascript:${hostile}`, { parameters: { filename: hostile } }),
      groupUpdatedContent({
        initiatedByInboxId: hostile,
        added: [{ inboxId: hostile }],
        changes: [{ field: hostile, before: hostile, after: hostile }],
      }),
      encoded("transactionReference", JSON.stringify({ reference: hostile, networkId: hostile })),
      encoded(hostile, "", { authorityId: hostile }),
      encoded("x", "", { fallback: hostile }),
    ].map((content, number) => messageRecord(number, 1, content, { senderInboxId: hostile }));
    const hostileRecords = [metadataRecord(), group, ...messages];
    const page = await transcript(hostileRecords, "html", { names: { [hostile.slice(0)]: hostile } });
    expect(page).not.toContain("<script");
    expect(page).not.toContain("<img src=x");
    expect(page).not.toMatch(/<[^>]*onerror="/);
    expect(page).not.toMatch(/(href|src)="(?!data:(image\/png|application\/octet-stream);base64,)/);
    expect(page).toContain("default-src 'none'");
    // Every attribute is closed where it was opened: outside of tags no quote is left unescaped.
    const body = page.slice(page.indexOf("<h1>"));
    expect(body.replace(/<[a-z/][^<>]*>/g, "")).not.toMatch(/[<>"']/);
    for (const line of await lines(hostileRecords)) expect(line.kind).toMatch(/^(archive|conversation|message)$/);
  });

  test("behavior: conversations and messages stand by time, whatever the archive's order", async () => {
    const mixed = [
      metadataRecord(),
      groupRecord(1),
      groupRecord(2),
      groupRecord(3, { createdAtNs: 5n }),
      messageRecord(9, 1),
      messageRecord(3, 2),
      messageRecord(1, 1),
      messageRecord(5, 2),
      messageRecord(2, 1),
      messageRecord(4, 7),
      messageRecord(4, 7),
    ];
    const order = (found: Line[]) => found.slice(1).map(({ kind, id }) => `${kind} ${Number.parseInt((id as string).slice(0, 8), 16)}`);
    const expected = [
      "conversation 3",
      "conversation 1",
      "message 1",
      "message 2",
      "message 9",
      "conversation 2",
      "message 3",
      "message 5",
      "conversation 7",
      "message 4",
    ];
    expect(order(await lines(mixed))).toEqual(expected);
    for (const memoryBytes of [1, 500, 900, 2000]) expect(order(await lines(mixed, { memoryBytes }))).toEqual(expected);
  });

  test("behavior: the memory for sorting changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(4), fc.nat(20), fc.nat(500)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 20_000 }),
        async (messages, memoryBytes) => {
          const list = messages.map(([group, time, size], number) =>
            messageRecord(number, group, textContent("x".repeat(size)), { sentAtNs: BigInt(time - 10) }),
          );
          const some = [metadataRecord(), groupRecord(0), groupRecord(1), ...list];
          expect(await transcript(some, "jsonl", { memoryBytes })).toBe(await transcript(some, "jsonl"));
        },
      ),
      { numRuns: runs(150) },
    );
  });

  test("behavior: times that no calendar holds", async () => {
    const odd = [
      metadataRecord({ exportedAtNs: 2n ** 63n - 1n }),
      groupRecord(1),
      messageRecord(1, 1, contents.text, { sentAtNs: -(2n ** 63n) }),
    ];
    expect((await lines(odd))[2]).toMatchObject({ sentAt: "1677-09-21T00:12:43.146Z", sentAtNs: "-9223372036854775808" });
    expect(await transcript(odd, "html")).toContain("1677-09-21");
  });

  test("behavior: an archive without messages", async () => {
    expect(await lines([metadataRecord()])).toHaveLength(1);
    expect(await transcript([metadataRecord()], "html")).toMatch(/<p>0 messages of 0 conversations.*<\/html>\n$/s);
  });

  test("behavior: a damaged archive fails the stream", async () => {
    const archive = await write(sampleRecords());
    archive[archive.length - 5] = (archive[archive.length - 5] as number) ^ 1;
    const reading = new Response(exportTranscript(toBlob(archive), testKey, "html")).text();
    await expect(reading).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    expect(() => exportTranscript(toBlob(archive), new Uint8Array(), "html")).toThrow("32 bytes");
  });
});
