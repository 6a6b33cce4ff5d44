import { describe, expect, test } from "vitest";
import {
  type ArchiveGroup,
  type ArchiveGroupValues,
  type ArchiveRecord,
  groupValuesOf,
  isPlaceholder,
  mergeArchives,
  previewArchive,
} from "../src/index.ts";
import { collect, read, testKey, toBlob, write } from "../test-support/archives.ts";
import { nodePrimitives as primitives } from "../test-support/nodePrimitives.ts";
import { groupRecord, idOf, messageRecord, metadataRecord } from "../test-support/records.ts";

const [own, bob, carol, dave] = [1, 2, 3, 4].map((number) => idOf(number, 32)) as [string, string, string, string];
const unknownFields = Uint8Array.from([0xc0, 0x3e, 1]);

const known = (more: Partial<ArchiveGroup> = {}) =>
  groupRecord(1, {
    addedByInboxId: bob,
    metadata: { creatorInboxId: bob },
    mutableMetadata: { attributes: { group_name: "Tea" }, adminList: [dave], superAdminList: [bob, carol] },
    ...more,
  });

/** What the SDK exports of a group that it has restored and not joined again. */
const placeholder = (more: Partial<ArchiveGroup> = {}) =>
  groupRecord(1, {
    createdAtNs: 1_770_000_000_000_000_000n,
    membershipState: "restored",
    installationsLastCheckedNs: 0n,
    rotatedAtNs: 0n,
    addedByInboxId: own,
    metadata: { creatorInboxId: own },
    mutableMetadata: { attributes: { group_name: "Coffee" }, adminList: [], superAdminList: [own] },
    ...more,
  });

const groupOf = (record: ArchiveRecord | undefined) => {
  if (record?.kind !== "group") throw new TypeError("not a group");
  return record.group;
};

const values: ArchiveGroupValues = {
  createdAtNs: 1_763_000_000_000_000_001n,
  creatorInboxId: bob,
  addedByInboxId: bob,
  adminInboxIds: [dave],
  superAdminInboxIds: [bob, carol],
  membershipState: "allowed",
};

const merge = async (archives: ArchiveRecord[][], options: Parameters<typeof mergeArchives>[2] = {}) => {
  const inputs = await Promise.all(archives.map(async (records) => ({ blob: toBlob(await write(records)), key: testKey })));
  const { stream, report } = await mergeArchives(inputs, testKey, { primitives, ...options });
  const records = await read(await collect(stream), testKey);
  return { report, records, group: groupOf(records.find(({ kind }) => kind === "group")) };
};

describe("what a restore replaces in a conversation's record", () => {
  test("default: a record says it, and a placeholder does not", () => {
    expect(groupValuesOf(groupOf(known()))).toEqual(values);
    expect(groupValuesOf(groupOf(placeholder()))).toBeUndefined();
    expect(
      isPlaceholder(
        groupOf(placeholder({ conversationType: "dm", mutableMetadata: { attributes: {}, adminList: [], superAdminList: [] } })),
      ),
    ).toBe(true);
    expect(isPlaceholder(groupOf(placeholder({ metadata: undefined as never, mutableMetadata: undefined as never })))).toBe(true);
  });

  test.each<[string, Partial<ArchiveGroup>]>([
    ["that was joined", { membershipState: "pending" }],
    ["of another creator", { metadata: { creatorInboxId: bob } }],
    ["with an admin", { mutableMetadata: { attributes: {}, adminList: [dave], superAdminList: [own] } }],
    ["with another super admin", { mutableMetadata: { attributes: {}, adminList: [], superAdminList: [own, carol] } }],
    ["with a Welcome", { welcomeId: 5n }],
    ["whose installations were looked at", { installationsLastCheckedNs: 1n }],
  ])("parameters: a record %s is no placeholder", (_which, more) => {
    expect(isPlaceholder(groupOf(placeholder(more)))).toBe(false);
  });

  test("behavior: a preview does not pass a placeholder's values off as the conversation's", async () => {
    const [shown] = (await previewArchive(toBlob(await write([metadataRecord(), known()])), testKey)).conversations;
    const { membershipState: _state, ...flat } = values;
    expect(shown).toMatchObject(flat);
    const [hidden] = (await previewArchive(toBlob(await write([metadataRecord(), placeholder()])), testKey)).conversations;
    expect(hidden).toMatchObject({ isPlaceholder: true, name: "Coffee" });
    for (const name of ["creatorInboxId", "addedByInboxId", "adminInboxIds", "superAdminInboxIds"]) expect(hidden).not.toHaveProperty(name);
  });

  test("behavior: what is known takes a placeholder's place, and everything else of the record stays", async () => {
    const metadata = { creatorInboxId: own, unknownFields };
    const mutableMetadata = { attributes: { group_name: "Coffee", app_data: "x" }, adminList: [], superAdminList: [own], unknownFields };
    const record = { ...placeholder({ metadata, mutableMetadata, messageDisappearInNs: 5n, unknownFields }), unknownFields };
    const { records, report, group } = await merge([[metadataRecord(), record, messageRecord(1, 1)]], { restoredValues: () => values });
    expect(group).toEqual({
      ...groupOf(record),
      createdAtNs: values.createdAtNs,
      addedByInboxId: bob,
      membershipState: "allowed",
      metadata: { creatorInboxId: bob, unknownFields },
      mutableMetadata: { ...mutableMetadata, adminList: [dave], superAdminList: [bob, carol] },
    });
    expect(records[1]).toMatchObject({ unknownFields });
    expect(report).toMatchObject({ conversations: 1, messages: 1 });
  });

  test("behavior: nobody is asked about a record that is no placeholder", async () => {
    const { group } = await merge([[metadataRecord(), known()]], { restoredValues: () => ({ ...values, creatorInboxId: dave }) });
    expect(group).toEqual(groupOf(known()));
  });

  test.each([[[1, 0]], [[0, 1]]])(
    "behavior: an older archive says what a newer one's placeholder does not, in the order %j",
    async (order) => {
      const archives = [
        [metadataRecord({ exportedAtNs: 20n }), placeholder({ lastMessageNs: 5n })],
        [metadataRecord({ exportedAtNs: 10n }), known({ lastMessageNs: 9n })],
      ];
      const { group } = await merge(order.map((index) => archives[index]!));
      expect(groupValuesOf(group)).toEqual(values);
      expect(group).toMatchObject({ lastMessageNs: 9n, mutableMetadata: { attributes: { group_name: "Coffee" } } });
    },
  );

  test("behavior: a placeholder in a newer archive stays one where no archive knows better", async () => {
    const { group } = await merge([
      [metadataRecord({ exportedAtNs: 20n }), placeholder()],
      [metadataRecord({ exportedAtNs: 10n }), placeholder({ createdAtNs: 1n })],
    ]);
    expect(group).toEqual(groupOf(placeholder()));
  });

  test("behavior: the super admin whom an import makes up deletes nobody's messages", async () => {
    const deletion = messageRecord(2, 1, deletionOf(idOf(1, 32)), { senderInboxId: own, contentType: "deleteMessage" });
    const records = [placeholder(), messageRecord(1, 1, undefined, { senderInboxId: bob }), deletion];
    expect((await merge([[metadataRecord(), ...records]], { leaveOutDeleted: true })).report.deleted).toEqual([]);
    expect(await previewArchive(toBlob(await write([metadataRecord(), ...records])), testKey)).toMatchObject({ leftOut: { deleted: 0 } });
    const superAdminInboxIds = [own];
    const { report } = await merge([[metadataRecord(), ...records]], {
      leaveOutDeleted: true,
      restoredValues: () => ({ ...values, superAdminInboxIds }),
    });
    expect(report.deleted).toEqual([{ id: idOf(1, 16), sentNs: [1_763_400_001_000_000_000n] }]);
  });
});

/** The content of a message that deletes another one for everyone. */
function deletionOf(messageId: string): Uint8Array {
  const ascii = (text: string) => [...new TextEncoder().encode(text)];
  const field = (number: number, bytes: number[]) => [(number << 3) | 2, bytes.length, ...bytes];
  const type = [...field(1, ascii("xmtp.org")), ...field(2, ascii("deleteMessage")), 0x18, 1];
  return Uint8Array.from([...field(1, type), ...field(4, field(1, ascii(messageId)))]);
}
