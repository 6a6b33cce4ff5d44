import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ArchiveMerge,
  type ArchiveMergeInput,
  type ArchiveMessage,
  type ArchiveRecord,
  createArchiveMerge,
  mergeArchives,
  validateArchive,
} from "../src/index.ts";
import { encodeMessage } from "../src/protobuf/messageCodec.ts";
import { collect, read, testKey, toBlob, write } from "../test-support/archives.ts";
import { encoded, groupUpdatedContent } from "../test-support/contents.ts";
import { nodePrimitives as primitives } from "../test-support/nodePrimitives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { runs } from "../../../test/runs.ts";

const newKey = new Uint8Array(32).fill(0x55);
const options = { primitives, leaveOutDeleted: true, leaveOutRefused: true };

const at = (exportedAtNs: number, startNs?: bigint) =>
  metadataRecord({ exportedAtNs: BigInt(exportedAtNs), ...(startNs !== undefined && { startNs }) });
const inputOf = async (records: ArchiveRecord[]): Promise<ArchiveMergeInput> => ({ blob: toBlob(await write(records)), key: testKey });
/** All that a merge says and writes. */
const outcomeOf = async ({ report, stream }: ArchiveMerge) => ({ report, records: await read(await collect(stream), newKey) });
const damage = async ({ blob, key }: ArchiveMergeInput): Promise<ArchiveMergeInput> => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
  return { blob: toBlob(bytes), key };
};

const person = fc.constantFrom(...[1, 2, 3].map((number) => idOf(number, 32)));
const number = fc.nat(14);
const conversation = fc.nat(3);
const deletionOf = (target: number) =>
  encoded("deleteMessage", encodeMessage({ messageId: [1, "string"] }, { messageId: idOf(target, 32) }));
const superAdminChange = (added: string[], removed: string[]) =>
  groupUpdatedContent({
    initiatedByInboxId: idOf(1, 32),
    addedSuperAdmins: added.map((inboxId) => ({ inboxId })),
    removedSuperAdmins: removed.map((inboxId) => ({ inboxId })),
  });
const group = fc
  .record({ conversation, isRestored: fc.boolean(), isDm: fc.boolean(), pair: fc.tuple(person, person), superAdmins: fc.array(person) })
  .map(({ conversation, isRestored, isDm, pair: [one, other], superAdmins }) =>
    groupRecord(conversation, {
      ...(isDm && { conversationType: "dm", dmId: one === other ? "dm:odd" : `dm:${one}:${other}` }),
      ...(isRestored && { membershipState: "restored", installationsLastCheckedNs: 0n, rotatedAtNs: 0n, addedByInboxId: one }),
      metadata: { creatorInboxId: one },
      mutableMetadata: { attributes: {}, adminList: [], superAdminList: isRestored ? [one] : superAdmins },
      lastMessageNs: BigInt(superAdmins.length),
    }),
  );
const says = fc
  .record({ number, conversation, sender: person, isKind: fc.boolean(), content: fc.uint8Array({ maxLength: 3 }) })
  .map(({ number, conversation, sender, isKind, content }) =>
    messageRecord(number, conversation, content, { senderInboxId: sender, ...(!isKind && number === 0 && { kind: "unspecified" }) }),
  );
const deletes = fc
  .record({ number, target: number, conversation, sender: person })
  .map(({ number, target, conversation, sender }) =>
    messageRecord(20 + number, conversation, deletionOf(target), { senderInboxId: sender, contentType: "deleteMessage" }),
  );
const changes = fc
  .record({ number, conversation, added: fc.array(person, { maxLength: 2 }), removed: fc.array(person, { maxLength: 2 }) })
  .map(({ number, conversation, added, removed }) =>
    messageRecord(40 + number, conversation, superAdminChange(added, removed), {
      // Some changes are sent at one time.
      sentAtNs: BigInt(number % 3) * 1_763_400_000_000_000_000n,
      kind: "membershipChange",
      contentType: "group_updated",
    }),
  );
const consent = fc
  .record({ number: fc.nat(3), time: fc.nat(3), isDenied: fc.boolean() })
  .map(({ number, time, isDenied }) => consentRecord(number, { consentedAtNs: BigInt(time), state: isDenied ? "denied" : "allowed" }));
const event = fc.nat(2).map((byte): ArchiveRecord => ({ kind: "event", event: Uint8Array.of(8, byte) }));
const archive = fc
  .record({
    exported: fc.nat(3),
    start: fc.option(fc.bigInt(0n, 3n), { nil: undefined }),
    records: fc.array(fc.oneof(group, says, says, deletes, changes, consent, event), { maxLength: 40 }),
  })
  .map(({ exported, start, records }) => [at(exported, start), ...records]);
const archives = fc.array(archive, { minLength: 1, maxLength: 4 });
const except = fc.option(
  fc.record({ consent: fc.boolean(), sentIn: fc.constantFrom([], [{}], [{ startNs: 1_763_400_005_000_000_000n }]) }),
  { nil: undefined },
);

describe("createArchiveMerge", () => {
  test("default", async () => {
    const merging = createArchiveMerge({ primitives });
    const slices = [
      [at(10), consentRecord(1), groupRecord(1), messageRecord(1, 1), messageRecord(2, 1)],
      [at(20), messageRecord(3, 1), messageRecord(2, 1)],
    ];
    const reports = [];
    for (const slice of slices) reports.push(await merging.add(await inputOf(slice)));
    expect(reports).toMatchObject([
      { metadata: { exportedAtNs: 10n }, counts: { consent: 1, groups: 1, messages: 2, unsent: 0 } },
      { metadata: { exportedAtNs: 20n }, counts: { consent: 0, groups: 0, messages: 2 } },
    ]);
    const { report, records } = await outcomeOf(await merging.finish(newKey));
    expect(report).toMatchObject({ consent: 1, conversations: 1, messages: 3, duplicateMessages: 1 });
    expect(records.slice(3)).toEqual([messageRecord(1, 1), messageRecord(3, 1), messageRecord(2, 1)]);
  });

  test("behavior: the report of an archive counts messages that were not sent, and no changes of a group among them", async () => {
    const written = (number: number, message: Partial<ArchiveMessage>) => messageRecord(number, 1, new Uint8Array(), message);
    const records = [
      at(10),
      groupRecord(1),
      written(1, { deliveryStatus: "published" }),
      written(2, { deliveryStatus: "unpublished" }),
      written(3, { deliveryStatus: "failed" }),
      written(4, { deliveryStatus: "unpublished", kind: "membershipChange" }),
    ];
    const { counts } = await createArchiveMerge({ primitives }).add(await inputOf(records));
    expect(counts).toEqual({ consent: 0, groups: 1, messages: 4, unsent: 2 });
  });

  test("behavior: the result is the same in whatever order archives are added, one by one or side by side", async () => {
    const orders = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(archives, except, orders, async (all, firstExcept, order) => {
        const [first, ...rest] = await Promise.all(all.map(inputOf));
        const inputs = [{ ...(first as ArchiveMergeInput), except: firstExcept }, ...rest];
        const shuffled = inputs.map((input, index) => ({ input, rank: order[index] as number })).toSorted((a, b) => a.rank - b.rank);
        const expected = await outcomeOf(await mergeArchives(inputs, newKey, options));

        const oneByOne = createArchiveMerge(options);
        for (const { input } of shuffled) await oneByOne.add(input);
        expect(await outcomeOf(await oneByOne.finish(newKey))).toEqual(expected);

        const sideBySide = createArchiveMerge(options);
        const adding = shuffled.map(({ input }) => sideBySide.add(input));
        expect(await outcomeOf(await sideBySide.finish(newKey))).toEqual(expected);
        await Promise.all(adding);
      }),
      { numRuns: runs(100) },
    );
  });

  test("behavior: an archive that fails leaves the merge as if it had not been added", async () => {
    await fc.assert(
      fc.asyncProperty(archives, archive, fc.nat(3), fc.boolean(), async (all, failing, place, isWrongFile) => {
        const inputs = await Promise.all(all.map(inputOf));
        const whole = await inputOf(failing);
        const bad = isWrongFile ? { ...whole, expectedSha256: "0".repeat(64) } : await damage(whole);
        const expected = await outcomeOf(await mergeArchives(inputs, newKey, options));
        const merging = createArchiveMerge(options);
        const failed = inputs.slice(0, place).length;
        for (const input of inputs.slice(0, place)) await merging.add(input);
        await expect(merging.add(bad)).rejects.toMatchObject({ inputIndex: failed });
        for (const input of inputs.slice(place)) await merging.add(input);
        expect(await outcomeOf(await merging.finish(newKey))).toEqual(expected);
      }),
      { numRuns: runs(100) },
    );
  });

  test("behavior: the same file is added once more after it failed", async () => {
    const input = await inputOf(sampleRecords(40));
    const merging = createArchiveMerge({ primitives });
    await expect(merging.add(await damage(input))).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED", inputIndex: 0 });
    await merging.add(input);
    expect((await merging.finish(newKey)).report).toMatchObject({ messages: 40, duplicateMessages: 0 });
  });

  test("parameters: withSha256, signal", async () => {
    const input = await inputOf(sampleRecords());
    const { sha256 } = await validateArchive(input.blob, testKey);
    const merging = createArchiveMerge({ primitives });
    expect(await merging.add(input)).not.toHaveProperty("sha256");
    expect(await merging.add(input, { withSha256: true })).toMatchObject({ sha256 });
    expect(await merging.add({ ...input, expectedSha256: sha256 }, { withSha256: false })).toMatchObject({ sha256 });
    const reason = new Error("enough");
    await expect(merging.add(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(merging.finish(newKey, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("behavior: it is finished once, with an archive at least", async () => {
    const merging = createArchiveMerge({ primitives });
    await expect(merging.finish(new Uint8Array(5))).rejects.toMatchObject({ code: "ARCHIVE_INVALID_KEY" });
    await merging.add(await inputOf(sampleRecords()));
    await merging.finish(newKey);
    await expect(merging.finish(newKey)).rejects.toMatchObject({ code: "ARCHIVE_INVALID_RECORD" });
    await expect(merging.add(await inputOf(sampleRecords()))).rejects.toMatchObject({ code: "ARCHIVE_INVALID_RECORD" });
    await expect(createArchiveMerge().finish(newKey)).rejects.toMatchObject({ code: "ARCHIVE_INVALID_RECORD" });
  });

  test("behavior: an archive without metadata is refused", async () => {
    const { blob } = await inputOf(sampleRecords());
    const merging = createArchiveMerge({ primitives });
    await expect(merging.add({ blob: blob.slice(0, 18), key: testKey })).rejects.toMatchObject({ inputIndex: 0 });
    await expect(merging.add({ blob, key: newKey })).rejects.toMatchObject({ code: "ARCHIVE_KEY_OR_DAMAGE", inputIndex: 1 });
  });
});
