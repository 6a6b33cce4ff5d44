import { sha256 } from "@noble/hashes/sha2.js";
import type { ArchiveConsent } from "../model/archiveRecord.ts";
import type { ArchiveMergeInputReport } from "../model/archiveReport.ts";
import { fromHex } from "../protobuf/hex.ts";
import { decodeRecord } from "../protobuf/recordCodec.ts";
import { ELEMENT, type RecordScan } from "../protobuf/recordScan.ts";
import { isUnsentMessage } from "../facts/messageFacts.ts";
import { type GroupFacts, groupFactsOf, type GroupRecord } from "./mergedConversation.ts";
import type { ArchiveMergeInput } from "./archiveMergeOptions.ts";
import { type LeavesOut, leavesOut } from "./mergeException.ts";
import type { MergeTables } from "./mergeTables.ts";
import { isRefusedConsent, isRefusedGroup, isRefusedMessage } from "./refusedRecords.ts";

/** What one input says of a conversation. */
export type GroupCandidate = {
  /** The record that counts, and where it is a placeholder the first one that is none; empty if importers refuse all. */
  records: { bytes: Uint8Array; facts: GroupFacts; isRefused: boolean }[];
  hasValues: boolean;
  lastMessageNs: bigint | undefined;
};

export type ConsentCandidate = { bytes: Uint8Array; consentedAtNs: bigint };

/** Whether a record is neither understood nor needed. */
export const isOther = ({ element, unknownElement }: RecordScan): boolean =>
  element === ELEMENT.event || (element === 0 && unknownElement !== 0);

/** What one input offers to a merge. It counts only once the input was read to its end. */
export class PlannedInput {
  /** The order in which inputs were added. */
  readonly number: number;
  readonly leavesOut: LeavesOut;
  /** Whether parts of it are left out, since others know them better. */
  readonly isOlder: boolean;
  /** Whether its records of conversations without messages are left out. */
  readonly leavesOutEmpty: boolean;
  /** Where runs of its copies begin and end. */
  readonly runs: { start: number; end: number }[] = [];
  /** The newest decision of each. */
  readonly consent = new Map<string, ConsentCandidate>();
  /** By the number of the conversation. */
  readonly groups = new Map<number, GroupCandidate>();
  readonly others: number[] = [];
  readonly counts: ArchiveMergeInputReport["counts"] = { consent: 0, groups: 0, messages: 0, unsent: 0 };
  unreadableRecords = 0;
  /** Consent records and messages that importers refuse one by one, and that are not written. */
  refusedRecords = 0;
  readonly #tables: MergeTables;
  readonly #leavesOutRefused: boolean;

  constructor(tables: MergeTables, number: number, leavesOutRefused: boolean, except: ArchiveMergeInput["except"]) {
    this.#tables = tables;
    this.#leavesOutRefused = leavesOutRefused;
    this.number = number;
    const exceptions = except === undefined ? [] : [except].flat();
    this.leavesOut = leavesOut(exceptions);
    this.leavesOutEmpty = exceptions.some(({ emptyConversations }) => emptyConversations);
    this.isOlder = except !== undefined;
  }

  /** Takes its next record. */
  add(bytes: Uint8Array): void {
    const { scan } = this.#tables;
    scan.scan(bytes);
    if (this.leavesOut(scan)) return;
    if (scan.element === ELEMENT.message) return this.#addMessage();
    const record = decodeRecord(scan.bytes);
    if (record.kind === "unreadable") this.unreadableRecords++;
    else if (isOther(scan)) this.others.push(this.#tables.otherIds.add(sha256(scan.bytes)));
    else if (record.kind === "group") this.#addGroup(record);
    else if (record.kind === "consent") this.#addConsent(record.consent);
  }

  /** Whether the scanned message is not written whatever else is known. */
  refuses(scan: RecordScan): boolean {
    return this.#leavesOutRefused && isRefusedMessage(scan);
  }

  #addMessage(): void {
    this.counts.messages++;
    if (isUnsentMessage(this.#tables.scan)) this.counts.unsent++;
    if (this.refuses(this.#tables.scan)) {
      this.refusedRecords++;
      return;
    }
    const copy = this.#tables.addCopy();
    const last = this.runs.at(-1);
    // Other inputs may be read at the same time.
    if (last?.end === copy) last.end++;
    else this.runs.push({ start: copy, end: copy + 1 });
  }

  #addGroup({ group }: GroupRecord): void {
    this.counts.groups++;
    const { scan } = this.#tables;
    const number = this.#tables.conversationNumber(fromHex(group.id) as Uint8Array);
    let known = this.groups.get(number);
    if (known === undefined) this.groups.set(number, (known = { records: [], hasValues: false, lastMessageNs: undefined }));
    const isRefused = isRefusedGroup(group);
    if (isRefused && this.#leavesOutRefused) return;
    const facts = groupFactsOf(group);
    const hasValues = !isRefused && !facts.isPlaceholder;
    if (known.records.length === 0 || (hasValues && !known.hasValues)) known.records.push({ bytes: scan.bytes.slice(), facts, isRefused });
    known.hasValues ||= hasValues;
    // The importer keeps the later of two times as well.
    const { lastMessageNs } = group;
    if (lastMessageNs !== undefined && (known.lastMessageNs ?? lastMessageNs) <= lastMessageNs) known.lastMessageNs = lastMessageNs;
  }

  #addConsent(consent: ArchiveConsent): void {
    this.counts.consent++;
    const { entityType, entity, consentedAtNs } = consent;
    if (this.#leavesOutRefused && isRefusedConsent(consent)) {
      this.refusedRecords++;
      return;
    }
    const name = `${entityType}:${entity}`;
    const known = this.consent.get(name);
    if (known !== undefined && known.consentedAtNs >= consentedAtNs) return;
    this.consent.set(name, { bytes: this.#tables.scan.bytes.slice(), consentedAtNs });
  }
}
