import { sha256 } from "@noble/hashes/sha2.js";
import { compare, compareBytes } from "../util/compare.ts";
import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveGroup } from "../model/archiveRecord.ts";
import type { ArchiveMergeReport } from "../model/archiveReport.ts";
import { toHex } from "../protobuf/hex.ts";
import { ELEMENT } from "../protobuf/recordScan.ts";
import { type ArchiveGroupValues, groupValuesOf } from "../restored/groupValues.ts";
import { TimeRange } from "../survey/timeRange.ts";
import type { IdTable } from "../tables/idTable.ts";
import type { Pace } from "../util/pace.ts";
import { release } from "../util/release.ts";
import { otherDeletions } from "../visible/deletions.ts";
import { groupOf, keepRecord, keepValues, type MergedConversation, mergedConversation, recordOf } from "./mergedConversation.ts";
import type { MergeTables } from "./mergeTables.ts";
import { type ConsentCandidate, type GroupCandidate, isOther, type PlannedInput } from "./plannedInput.ts";

/** Beyond the number of any input: the record was written. */
const WRITTEN = 0xffff_ffff;
/** Copies that are settled before the event loop may have a turn. */
const STEP_COPIES = 512;

/** What a merge decides once it knows all inputs. */
export type MergeDecisions = {
  /** Whether messages that were deleted for everyone are left out. */
  leavesOutDeleted: boolean;
  /** Whether what importers refuse a whole archive for is left out. */
  leavesOutRefused: boolean;
  /** Deletions of other archives. */
  deletions: readonly ArchiveDeletion[];
  /** What is known of a conversation whose record is a placeholder. */
  restoredValues: (group: ArchiveGroup) => ArchiveGroupValues | undefined;
};

/** Which record of which input is written. */
export class MergePlan {
  readonly conversations: MergedConversation[] = [];
  readonly #tables: MergeTables;
  readonly #inputs: readonly PlannedInput[];
  readonly #decisions: MergeDecisions;
  readonly #pace: Pace;
  readonly #consent = new Map<string, ConsentCandidate>();
  readonly #byNumber: MergedConversation[] = [];
  /** By the number of a message: its copy that counts. */
  readonly #copyOf: Uint32Array;
  readonly #leftOut = new Set<number>();
  #duplicateMessages = 0;

  private constructor(tables: MergeTables, inputs: readonly PlannedInput[], decisions: MergeDecisions, pace: Pace) {
    this.#tables = tables;
    this.#inputs = inputs;
    this.#decisions = decisions;
    this.#pace = pace;
    this.#copyOf = new Uint32Array(tables.messageIds.size);
  }

  /**
   * Decides what is written. Only now it is known what is left out, since a deletion or a DM's record may lie in any input.
   *
   * @param inputs - those that were read to their end, newest first: the first one that has a record counts
   */
  static async of(tables: MergeTables, inputs: readonly PlannedInput[], decisions: MergeDecisions, pace: Pace): Promise<MergePlan> {
    const plan = new MergePlan(tables, inputs, decisions, pace);
    for (const input of inputs) {
      for (const index of input.others) claim(tables.otherIds, index, input.number);
      for (const [name, candidate] of input.consent) plan.#addConsent(name, candidate);
      await pace.rest();
      for (const [number, candidate] of input.groups) {
        plan.#addGroup(plan.#conversation(number), candidate, input);
        await pace.rest();
      }
      await plan.#addMessages(input);
    }
    if (decisions.leavesOutRefused) await plan.#leaveOutRefused();
    if (decisions.leavesOutDeleted) plan.#leaveOutDeleted();
    tables.forgetCopies();
    release(plan.#copyOf);
    return plan;
  }

  /** The scanned record's bytes if this record of that input is written among the messages; it is asked once for each, in the order of writing. */
  take(input: PlannedInput, bytes: Uint8Array): Uint8Array | undefined {
    const { scan, messageIds, otherIds, conversationIds } = this.#tables;
    scan.scan(bytes);
    if (input.leavesOut(scan)) return undefined;
    if (scan.element !== ELEMENT.message) {
      return isOther(scan) && takeOnce(otherIds, otherIds.find(sha256(scan.bytes)), input.number) ? scan.bytes : undefined;
    }
    if (input.refuses(scan)) return undefined;
    const index = messageIds.find(scan.bytes, scan.idStart, scan.idEnd);
    if (this.#leftOut.has(index) || !takeOnce(messageIds, index, input.number)) return undefined;
    const conversation = this.#byNumber[conversationIds.find(scan.bytes, scan.groupStart, scan.groupEnd)];
    return conversation?.bytes === undefined ? undefined : scan.bytes;
  }

  /** Consent records, in an order that does not depend on the inputs' order. */
  consentRecords(): Uint8Array[] {
    return Array.from(this.#consent)
      .sort(([a], [b]) => compare(a, b))
      .map(([, { bytes }]) => bytes);
  }

  /** Conversation records, oldest first. */
  async conversationRecords(): Promise<Uint8Array[]> {
    const sorted = this.conversations
      .filter(({ bytes, needsMessages, ...counts }) => bytes !== undefined && (!needsMessages || writtenMessages(counts) > 0))
      .sort((a, b) => compare(a.createdAtNs, b.createdAtNs) || compareBytes(a.id, b.id));
    const records: Uint8Array[] = [];
    for (const conversation of sorted) {
      records.push(recordOf(conversation));
      await this.#pace.rest();
    }
    return records;
  }

  /** What can be placed, and what can't. */
  outcome(): Omit<ArchiveMergeReport, "metadata" | "consent" | "conversations"> {
    const times = new TimeRange();
    const orphans = [];
    const deleted = [];
    const refused = [];
    let messages = 0;
    let orphanMessages = 0;
    for (const conversation of this.conversations) {
      const { deletedSentNs, refusedMessages, isRefused } = conversation;
      const messageCount = writtenMessages(conversation);
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
    const sum = (count: (input: PlannedInput) => number) => this.#inputs.reduce((total, input) => total + count(input), 0);
    return {
      messages,
      ...times.toObject(),
      duplicateMessages: this.#duplicateMessages,
      deleted,
      refused,
      orphanMessages,
      orphans,
      unreadableRecords: sum(({ unreadableRecords }) => unreadableRecords),
      refusedRecords: sum(({ refusedRecords }) => refusedRecords),
    };
  }

  #conversation(number: number): MergedConversation {
    const known = this.#byNumber[number];
    if (known !== undefined) return known;
    const conversation = mergedConversation(this.#tables.idsOfConversations[number] as Uint8Array);
    this.conversations.push(conversation);
    return (this.#byNumber[number] = conversation);
  }

  #addConsent(name: string, candidate: ConsentCandidate): void {
    const known = this.#consent.get(name);
    if (known === undefined || known.consentedAtNs < candidate.consentedAtNs) this.#consent.set(name, candidate);
  }

  #addGroup(conversation: MergedConversation, { records, lastMessageNs }: GroupCandidate, input: PlannedInput): void {
    if (conversation.bytes === undefined) {
      conversation.isOlder = input.isOlder;
      conversation.needsMessages = input.leavesOutEmpty;
    }
    conversation.isRefused = conversation.bytes === undefined && records.length === 0;
    for (const { bytes, facts, isRefused } of records) {
      if (conversation.bytes === undefined) {
        keepRecord(conversation, bytes, facts);
        if (facts.isPlaceholder) keepValues(conversation, this.#decisions.restoredValues(groupOf(bytes).group));
      } else if (conversation.isPlaceholder && !isRefused && !facts.isPlaceholder) {
        // What an older archive knows is better than what an import has made up.
        keepValues(conversation, groupValuesOf(groupOf(bytes).group));
      }
    }
    if (lastMessageNs !== undefined && (conversation.lastMessageNs ?? lastMessageNs) <= lastMessageNs) {
      conversation.lastMessageNs = lastMessageNs;
    }
  }

  async #addMessages({ runs, number }: PlannedInput): Promise<void> {
    const { messageIds, facts } = this.#tables;
    for (const { start, end } of runs) {
      for (let copy = start; copy < end; copy++) {
        if (copy % STEP_COPIES === 0) await this.#pace.rest();
        const index = this.#tables.messageOf(copy);
        if (!claim(messageIds, index, number)) {
          this.#duplicateMessages++;
          continue;
        }
        this.#copyOf[index] = copy;
        const conversation = this.#conversation(facts.conversationOf(copy));
        conversation.messageCount++;
        facts.addSentTo(conversation.times, copy);
      }
    }
  }

  async #leaveOutRefused(): Promise<void> {
    const { messageIds, facts } = this.#tables;
    for (let index = 0; index < messageIds.size; index++) {
      if (index % STEP_COPIES === 0) await this.#pace.rest();
      if (messageIds.value(index) === 0) continue;
      const copy = this.#copyOf[index] as number;
      const conversation = this.#conversation(facts.conversationOf(copy));
      if (!conversation.isRefused && conversation.pair?.includes(facts.senderOf(copy)) !== false) continue;
      this.#leftOut.add(index);
      conversation.refusedMessages++;
    }
  }

  #leaveOutDeleted(): void {
    const { messageIds, conversationIds, facts } = this.#tables;
    const find = (id: Uint8Array) => {
      const index = messageIds.find(id);
      return index < 0 || messageIds.value(index) === 0 ? -1 : (this.#copyOf[index] as number);
    };
    const isClaimed = (copy: number) => {
      const index = this.#tables.messageOf(copy);
      return messageIds.value(index) !== 0 && this.#copyOf[index] === copy;
    };
    const own = facts.deletions((number) => this.#conversation(number).superAdmins, isClaimed);
    const others = otherDeletions(this.#decisions.deletions, (id) => conversationIds.find(id));
    for (const copy of facts.deleted(find, [...own, ...others])) {
      const index = this.#tables.messageOf(copy);
      if (this.#leftOut.has(index)) continue;
      this.#leftOut.add(index);
      this.#conversation(facts.conversationOf(copy)).deletedSentNs.push(facts.sentAtNs(copy));
    }
  }
}

/** Gives a record to an input; false if another copy of it counts. */
const claim = (ids: IdTable, index: number, input: number): boolean => {
  if (ids.value(index) !== 0) return false;
  ids.setValue(index, input + 1);
  return true;
};

const takeOnce = (ids: IdTable, index: number, input: number): boolean => {
  if (index < 0 || ids.value(index) !== input + 1) return false;
  ids.setValue(index, WRITTEN);
  return true;
};

const writtenMessages = ({
  messageCount,
  deletedSentNs,
  refusedMessages,
}: Pick<MergedConversation, "messageCount" | "deletedSentNs" | "refusedMessages">): number =>
  messageCount - deletedSentNs.length - refusedMessages;
