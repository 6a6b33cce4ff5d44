import { sha256 } from "@noble/hashes/sha2.js";
import { compare } from "../compare.ts";
import type { ArchiveConsent, ArchiveGroup, ArchiveRecord } from "../model/record.ts";
import type { ArchiveMergeReport } from "../model/report.ts";
import { fromHex, toHex } from "../protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../protobuf/record-codec.ts";
import { ELEMENT, RecordScan } from "../protobuf/scan.ts";
import { IdTable } from "../survey/id-table.ts";
import { TimeRange } from "../survey/time-range.ts";

/** One conversation of the merged archive, or one that only messages name. */
type MergedConversation = {
  id: Uint8Array;
  createdAtNs: bigint;
  /** Of all its records. */
  lastMessageNs: bigint | undefined;
  /** The record that is kept, and its own time. */
  bytes: Uint8Array | undefined;
  ownLastMessageNs: bigint | undefined;
  messageCount: number;
  times: TimeRange;
};

/** Beyond the number of any input: the record was written. */
const WRITTEN = 0xffff_ffff;

/** Decides which record of which input is written; the inputs are added newest first, so that the first one counts. */
export class MergePlan {
  readonly scan = new RecordScan();
  readonly conversations: MergedConversation[] = [];
  duplicateMessages = 0;
  unreadableRecords = 0;
  readonly #conversationIds = new IdTable(16);
  /** The value beside an id is one more than the number of the input that the message is taken from. */
  readonly #messageIds = new IdTable(32);
  /** Hashes of records that are neither understood nor needed, and are carried over once. */
  readonly #otherIds = new IdTable(32);
  readonly #consent = new Map<string, { bytes: Uint8Array; consentedAtNs: bigint }>();

  /** Takes a record of the next newest input. */
  add(input: number, bytes: Uint8Array): void {
    const { scan } = this;
    scan.scan(bytes);
    if (scan.element === ELEMENT.message) return this.#addMessage(input);
    if (this.#isOther()) return void claim(this.#otherIds, sha256(scan.bytes), input);
    const record = decodeRecord(scan.bytes);
    if (record.kind === "group") this.#addGroup(record.group);
    else if (record.kind === "consent") this.#addConsent(record.consent);
    else if (record.kind === "unreadable") this.unreadableRecords++;
  }

  /** Whether this record of that input is written among the messages; it is asked once for each, in the order of writing. */
  take(input: number, bytes: Uint8Array): boolean {
    const { scan } = this;
    scan.scan(bytes);
    if (scan.element === ELEMENT.message) {
      if (!takeOnce(this.#messageIds, this.#messageIds.find(scan.bytes, scan.idStart, scan.idEnd), input)) return false;
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
        const record = decodeRecord(bytes as Uint8Array) as Extract<ArchiveRecord, { kind: "group" }>;
        return encodeRecord({ ...record, group: { ...record.group, lastMessageNs } });
      });
  }

  /** What can be placed, and what can't. */
  outcome(): Pick<ArchiveMergeReport, "messages" | "firstMessageNs" | "lastMessageNs" | "orphanMessages" | "orphans"> {
    const times = new TimeRange();
    const orphans = [];
    let messages = 0;
    let orphanMessages = 0;
    for (const conversation of this.conversations) {
      const { messageCount } = conversation;
      if (conversation.bytes !== undefined) {
        messages += messageCount;
        times.include(conversation.times);
      } else {
        orphanMessages += messageCount;
        orphans.push({ id: toHex(conversation.id), messageCount, ...conversation.times.toObject() });
      }
    }
    return { messages, ...times.toObject(), orphanMessages, orphans };
  }

  #isOther(): boolean {
    return this.scan.element === ELEMENT.event || (this.scan.element === 0 && this.scan.unknownElement !== 0);
  }

  #addMessage(input: number): void {
    const { scan } = this;
    if (!claim(this.#messageIds, scan.bytes.subarray(scan.idStart, scan.idEnd), input)) {
      this.duplicateMessages++;
      return;
    }
    const conversation = this.#conversation(scan.bytes.subarray(scan.groupStart, scan.groupEnd));
    conversation.messageCount++;
    conversation.times.add(scan.sentHigh, scan.sentLow);
  }

  #conversation(id: Uint8Array): MergedConversation {
    const index = this.#conversationIds.add(id);
    return (this.conversations[index] ??= {
      id: id.slice(),
      createdAtNs: 0n,
      lastMessageNs: undefined,
      bytes: undefined,
      ownLastMessageNs: undefined,
      messageCount: 0,
      times: new TimeRange(),
    });
  }

  #addGroup({ id, createdAtNs, lastMessageNs }: ArchiveGroup): void {
    const conversation = this.#conversation(fromHex(id) as Uint8Array);
    if (conversation.bytes === undefined) {
      conversation.bytes = this.scan.bytes.slice();
      conversation.createdAtNs = createdAtNs;
      conversation.ownLastMessageNs = lastMessageNs;
    }
    // The importer keeps the later of two times as well.
    if (lastMessageNs !== undefined && (conversation.lastMessageNs ?? lastMessageNs) <= lastMessageNs) {
      conversation.lastMessageNs = lastMessageNs;
    }
  }

  #addConsent({ entityType, entity, consentedAtNs }: ArchiveConsent): void {
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
  if (ids.value(index) !== input + 1) return false;
  ids.setValue(index, WRITTEN);
  return true;
};
