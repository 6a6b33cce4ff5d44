import { type ArchiveRecord, readArchive } from "../src/index.ts";
import { toBlob } from "./archives.ts";

const dmId = /^dm:([0-9a-f]{64}):([0-9a-f]{64})$/;

/** Imports as strictly as the archive format allows an importer to, and gives the record kinds in their order; throws at the first fault. */
export const strictImport = async (archive: Uint8Array, key: Uint8Array): Promise<string[]> => {
  const groups = new Map<string, readonly string[] | undefined>();
  const kinds: string[] = [];
  for await (const record of readArchive(toBlob(archive), key)) {
    assertTaken(record, groups);
    if (record.kind !== "none") kinds.push(record.kind);
  }
  return kinds;
};

const assertTaken = (record: ArchiveRecord, groups: Map<string, readonly string[] | undefined>): void => {
  if (record.kind === "unreadable") throw new Error("a malformed record");
  if (record.kind === "consent") assertNamed("consent", record.consent.entityType, record.consent.state);
  if (record.kind === "group") {
    const { id, conversationType } = record.group;
    assertNamed("group", conversationType);
    if (id.length !== 32) throw new Error("a group id of another length");
    if (conversationType !== "dm") return void groups.set(id, undefined);
    const [, first = "", second = ""] = dmId.exec(record.group.dmId ?? "") ?? [];
    if (first >= second) throw new Error("a DM whose id does not name two inboxes");
    groups.set(id, [first, second]);
  }
  if (record.kind === "message") {
    const { groupId, kind, deliveryStatus, senderInboxId } = record.message;
    assertNamed("message", kind, deliveryStatus);
    if (!groups.has(groupId)) throw new Error("a message without a group before it");
    if (groups.get(groupId)?.includes(senderInboxId) === false) throw new Error("a message in a DM by somebody else");
  }
};

/** Numbers are values of a later version, which this one does not judge. */
const assertNamed = (kind: string, ...values: readonly (string | number)[]): void => {
  if (values.includes("unspecified") || values.includes("address")) throw new Error(`a ${kind} with a value that means nothing`);
};
