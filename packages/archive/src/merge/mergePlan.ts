import { sha256 } from "@noble/hashes/sha2.js";
import { compare } from "../util/compare.ts";
import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveConsent, ArchiveGroup } from "../model/archiveRecord.ts";
import type { ArchiveMergeReport } from "../model/archiveReport.ts";
import { fromHex, toHex } from "../protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../protobuf/recordCodec.ts";
import { ELEMENT, RecordScan } from "../protobuf/recordScan.ts";
import { type ArchiveGroupValues, groupValuesOf, isPlaceholder } from "../restored/groupValues.ts";
import { IdTable } from "../tables/idTable.ts";
import { TimeRange } from "../survey/timeRange.ts";
import { otherDeletions } from "../visible/deletions.ts";
import { MessageFacts } from "../facts/messageFacts.ts";
import { type GroupRecord, keepRecord, type MergedConversation, mergedConversation, withValues } from "./mergedConversation.ts";
import type { LeavesOut } from "./mergeException.ts";
import { isRefusedConsent, isRefusedGroup, isRefusedMessage } from "./refusedRecords.ts";

type RestoredValues = (group: ArchiveGroup) => ArchiveGroupValues | undefined;

/** Beyond the number of any input: the record was written. */
const WRITTEN = 0xffff_ffff;

/** What a merge leaves out on purpose. */
export type MergeLeavesOut = {
  /** Messages that were deleted for everyone. */
  deleted: boolean;
  /** What importers refuse a whole archive for. */
  refused: boolean;
};

/** Decides which record of which input is written; the inputs are added newest first, so that the first one counts. */
export class MergePlan {
  readonly scan = new RecordScan();
  readonly conversations: MergedConversation[] = [];
  duplicateMessages = 0;
  unreadableRecords = 0;
  /** Consent records and messages that importers refuse one by one, and that are not written. */
  refusedRecords = 0;
  readonly #conversationIds = new IdTable(16);
  /** The value beside an id is one more than the number of the input that the message is taken from. */
  readonly #messageIds = new IdTable(32);
  /** Hashes of records that are neither understood nor needed, and are carried over once. */
  readonly #otherIds = new IdTable(32);
  readonly #consent = new Map<string, { bytes: Uint8Array; consentedAtNs: bigint }>();
  readonly #leavesOut: MergeLeavesOut;
  readonly #facts: MessageFacts | undefined;
  readonly #restoredValues: RestoredValues;
  readonly #leftOut = new Set<number>();

  /** @param restoredValues - what is known of a conversation whose record is a placeholder */
  constructor(leavesOut: MergeLeavesOut, restoredValues: RestoredValues = () => undefined) {
    this.#leavesOut = leavesOut;
    this.#restoredValues = restoredValues;
    this.#facts = leavesOut.deleted || leavesOut.refused ? new MessageFacts() : undefined;
  }

  /**
   * Ends the adding: only then it is known what is left out, since a deletion or a DM's record may lie in any input.
   *
   * @param others - deletions of other archives
   */
  settle(others: readonly ArchiveDeletion[]): void {
    if (this.#facts === undefined) return;
    const facts = this.#facts;
    const at = (conversation: number) => this.conversations[conversation] as MergedConversation;
    if (this.#leavesOut.refused) {
      for (let index = 0; index < this.#messageIds.size; index++) {
        const conversation = at(facts.conversationOf(index));
        if (!conversation.isRefused && conversation.pair?.includes(facts.senderOf(index)) !== false) continue;
        this.#leftOut.add(index);
        conversation.refusedMessages++;
      }
    }
    if (!this.#leavesOut.deleted) return;
    const own = facts.deletions((conversation) => at(conversation).superAdmins);
    for (const index of facts.deleted(this.#messageIds, [...own, ...otherDeletions(others, (id) => this.#conversationIds.find(id))])) {
      if (this.#leftOut.has(index)) continue;
      this.#leftOut.add(index);
      at(facts.conversationOf(index)).deletedSentNs.push(facts.sentAtNs(index));
    }
  }

  /** Takes a record of the next newest input. */
  add(input: number, bytes: Uint8Array, leavesOut: LeavesOut): void {
    const { scan } = this;
    scan.scan(bytes);
    if (leavesOut(scan)) return;
    if (scan.element === ELEMENT.message) return this.#addMessage(input);
    const record = decodeRecord(scan.bytes);
    if (record.kind !== "unreadable" && this.#isOther()) return void claim(this.#otherIds, sha256(scan.bytes), input);
    if (record.kind === "group") this.#addGroup(record);
    else if (record.kind === "consent") this.#addConsent(record.consent);
    else if (record.kind === "unreadable") this.unreadableRecords++;
  }

  /** Whether this record of that input is written among the messages; it is asked once for each, in the order of writing. */
  take(input: number, bytes: Uint8Array, leavesOut: LeavesOut): boolean {
    const { scan } = this;
    scan.scan(bytes);
    if (leavesOut(scan)) return false;
    if (scan.element === ELEMENT.message) {
      if (this.#isRefusedMessage()) return false;
      const index = this.#messageIds.find(scan.bytes, scan.idStart, scan.idEnd);
      if (this.#leftOut.has(index) || !takeOnce(this.#messageIds, index, input)) return false;
      const conversation = this.conversations[this.#conversationIds.find(scan.bytes, scan.groupStart, scan.groupEnd)];
      return conversation?.bytes !== undefined;
    }
    return this.#isOther() && takeOnce(this.#otherIds, this.#otherIds.find(sha256(scan.bytes)), input);
  }

  /** Consent records, in an order that does not depend on the inputs' order. */
  consentRecords(): Uint8Array[] {
    return Array.from(this.#consent)
      .sort(([a], [b]) => compare(a, b))
      .map(([, { bytes }]) => bytes);
  }

  /** Conversation records, oldest first. */
  conversationRecords(): Uint8Array[] {
    return this.conversations
      .filter(({ bytes }) => bytes !== undefined)
      .sort((a, b) => compare(a.createdAtNs, b.createdAtNs) || compare(toHex(a.id), toHex(b.id)))
      .map(({ bytes, lastMessageNs, ownLastMessageNs }) => {
        if (lastMessageNs === undefined || lastMessageNs === ownLastMessageNs) return bytes as Uint8Array;
        const record = decodeRecord(bytes as Uint8Array) as GroupRecord;
        return encodeRecord({ ...record, group: { ...record.group, lastMessageNs } });
      });
  }

  /** What can be placed, and what can't. */
  outcome(): Pick<
    ArchiveMergeReport,
    "messages" | "firstMessageNs" | "lastMessageNs" | "deleted" | "refused" | "orphanMessages" | "orphans"
  > {
    const times = new TimeRange();
    const orphans = [];
    const deleted = [];
    const refused = [];
    let messages = 0;
    let orphanMessages = 0;
    for (const conversation of this.conversations) {
      const { deletedSentNs, refusedMessages, isRefused } = conversation;
      const messageCount = conversation.messageCount - deletedSentNs.length - refusedMessages;
      if (deletedSentNs.length > 0) deleted.push({ id: toHex(conversation.id), sentNs: deletedSentNs.sort(compare) });
      if (isRefused || refusedMessages > 0) refused.push({ id: toHex(conversation.id), messageCount: refusedMessages });
      if (isRefused) continue;
      if (conversation.bytes !== undefined) {
        messages += messageCount;
        times.include(conversation.times);
      } else if (messageCount > 0) {
        orphanMessages += messageCount;
        orphans.push({ id: toHex(conversation.id), messageCount, ...conversation.times.toObject() });
      }
    }
    return { messages, ...times.toObject(), deleted, refused, orphanMessages, orphans };
  }

  #isOther(): boolean {
    return this.scan.element === ELEMENT.event || (this.scan.element === 0 && this.scan.unknownElement !== 0);
  }

  #isRefusedMessage(): boolean {
    return this.#leavesOut.refused && isRefusedMessage(this.scan);
  }

  #addMessage(input: number): void {
    const { scan } = this;
    if (this.#isRefusedMessage()) {
      this.refusedRecords++;
      return;
    }
    const index = this.#messageIds.size;
    if (!claim(this.#messageIds, scan.bytes.subarray(scan.idStart, scan.idEnd), input)) {
      this.duplicateMessages++;
      return;
    }
    const number = this.#conversationIds.add(scan.bytes, scan.groupStart, scan.groupEnd);
    const conversation = this.#conversation(number, scan.bytes.subarray(scan.groupStart, scan.groupEnd));
    this.#facts?.note(index, number, scan);
    conversation.messageCount++;
    conversation.times.add(scan.sentHigh, scan.sentLow);
  }

  #conversation(number: number, id: Uint8Array): MergedConversation {
    return (this.conversations[number] ??= mergedConversation(id));
  }

  #addGroup(record: GroupRecord): void {
    const { group } = record;
    const { id: hex, lastMessageNs } = group;
    const id = fromHex(hex) as Uint8Array;
    const conversation = this.#conversation(this.#conversationIds.add(id), id);
    if (conversation.bytes === undefined) {
      conversation.isRefused = this.#leavesOut.refused && isRefusedGroup(group);
      if (conversation.isRefused) return;
      const values = isPlaceholder(group) ? this.#restoredValues(group) : undefined;
      if (values === undefined) keepRecord(conversation, record, this.scan.bytes.slice());
      else keepRecord(conversation, withValues(record, values));
    } else if (conversation.isPlaceholder) {
      // What an older archive knows is better than what an import has made up.
      const values = isRefusedGroup(group) ? undefined : groupValuesOf(group);
      if (values !== undefined) keepRecord(conversation, withValues(decodeRecord(conversation.bytes) as GroupRecord, values));
    }
    // The importer keeps the later of two times as well.
    if (lastMessageNs !== undefined && (conversation.lastMessageNs ?? lastMessageNs) <= lastMessageNs) {
      conversation.lastMessageNs = lastMessageNs;
    }
  }

  #addConsent(consent: ArchiveConsent): void {
    const { entityType, entity, consentedAtNs } = consent;
    if (this.#leavesOut.refused && isRefusedConsent(consent)) {
      this.refusedRecords++;
      return;
    }
    const name = `${entityType}:${entity}`;
    const known = this.#consent.get(name);
    if (known !== undefined && known.consentedAtNs >= consentedAtNs) return;
    this.#consent.set(name, { bytes: this.scan.bytes.slice(), consentedAtNs });
  }
}

/** Adds an id for an input; false if it was there. */
const claim = (ids: IdTable, id: Uint8Array, input: number): boolean => {
  const known = ids.size;
  const index = ids.add(id);
  if (index < known) return false;
  ids.setValue(index, input + 1);
  return true;
};

const takeOnce = (ids: IdTable, index: number, input: number): boolean => {
  if (index < 0 || ids.value(index) !== input + 1) return false;
  ids.setValue(index, WRITTEN);
  return true;
};
