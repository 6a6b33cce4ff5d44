import type { ArchiveConsent, ArchiveGroup, ArchiveMetadata, ConversationType } from "../model/archiveRecord.ts";
import { holdsUnknownFields } from "../protobuf/messageCodec.ts";
import { fromHex } from "../protobuf/hex.ts";
import { decodeRecord } from "../protobuf/recordCodec.ts";
import { ELEMENT, RecordScan } from "../protobuf/recordScan.ts";
import { missingMetadata } from "../read/missingMetadata.ts";
import { MessageFacts, type Timer } from "../facts/messageFacts.ts";
import { dmPair } from "../facts/dmPair.ts";
import { superAdminsOf } from "../facts/superAdmins.ts";
import { IdTable } from "../tables/idTable.ts";
import { isImportableConsent, isImportableGroup, isImportableMessage } from "./importableRecords.ts";
import { TimeRange } from "./timeRange.ts";

/** What is known of one conversation, perhaps by its messages alone. */
export type SurveyedConversation = {
  readonly id: Uint8Array;
  /** Whether the archive has a record of it that can be imported. */
  isPlaceable: boolean;
  type: ConversationType | undefined;
  /** Its messages are deleted after a time. */
  disappears: boolean;
  /** Which of them, and after how long. */
  timer: Timer | undefined;
  /** The super admins when the archive was made. */
  superAdmins: readonly string[];
  /** The two people of a DM. */
  pair: readonly [string, string] | undefined;
  /** A DM whose id does not name two people as it should. */
  isOdd: boolean;
  /** The group record's plaintext, kept on demand. */
  bytes: Uint8Array | undefined;
  /** Distinct messages that can be imported. */
  messageCount: number;
  /** How many of them were never sent. */
  unsent: number;
  /** How many of them stand before the group record. */
  earlyMessages: number;
  readonly times: TimeRange;
};

/** What a record is good for when the archive is rewritten. */
export type Verdict = "keep" | "duplicate" | "unimportable" | "ignore";

/** Counts and places the records of one archive, in memory of some 80 bytes for each message. */
export class ArchiveSurvey {
  metadata: ArchiveMetadata | undefined;
  recordCount = 0;
  unimportable = 0;
  recordsWithUnknownFields = 0;
  /** How many times chunks were made of it. */
  runs = 0;
  readonly counts = { consent: 0, groups: 0, messages: 0, events: 0, empty: 0, unknown: 0, unreadable: 0 };
  readonly duplicates = { consent: 0, groups: 0, messages: 0 };
  readonly unknownKinds = new Map<number, number>();
  readonly times = new TimeRange();
  readonly conversations: SurveyedConversation[] = [];
  readonly messageIds = new IdTable(32);
  readonly facts = new MessageFacts();
  readonly scan = new RecordScan();
  /** The records that chunks and previews are made of, kept on demand. */
  readonly kept: { metadata: Uint8Array | undefined; consent: Uint8Array[] } = { metadata: undefined, consent: [] };
  readonly #keepBytes: boolean;
  readonly #conversationIds = new IdTable(16);
  readonly #consents = new Set<string>();

  constructor(keepBytes = false) {
    this.#keepBytes = keepBytes;
  }

  /** Takes the next record's plaintext; `scan` then describes it. */
  add(bytes: Uint8Array): Verdict {
    const { scan, counts } = this;
    scan.scan(bytes);
    if (this.recordCount++ === 0 && scan.element !== ELEMENT.metadata) throw missingMetadata();
    const verdict = scan.element === ELEMENT.message ? this.#addMessage() : this.#addOther();
    if (verdict === "unimportable") this.unimportable++;
    if (scan.element === -1) counts.unreadable++;
    else if (scan.unknownElement !== 0) {
      counts.unknown++;
      this.unknownKinds.set(scan.unknownElement, (this.unknownKinds.get(scan.unknownElement) ?? 0) + 1);
    } else if (scan.element === 0) counts.empty++;
    else if (scan.hasUnknownFields) this.recordsWithUnknownFields++;
    return verdict;
  }

  /** The conversation of a scanned message, if its messages can be placed. */
  placeOf({ bytes, groupStart, groupEnd }: RecordScan): SurveyedConversation | undefined {
    const conversation = this.conversations[this.#conversationIds.find(bytes, groupStart, groupEnd)];
    return conversation?.isPlaceable ? conversation : undefined;
  }

  /** The number of a conversation, or -1. */
  numberOf(conversationId: Uint8Array): number {
    return this.#conversationIds.find(conversationId);
  }

  #addMessage(): Verdict {
    const { scan, messageIds } = this;
    this.counts.messages++;
    const known = messageIds.size;
    const index = messageIds.add(scan.bytes, scan.idStart, scan.idEnd);
    if (index < known) {
      this.duplicates.messages++;
      return "duplicate";
    }
    if (!isImportableMessage(scan)) return "unimportable";
    this.times.add(scan.sentHigh, scan.sentLow);
    const number = this.#conversationIds.add(scan.bytes, scan.groupStart, scan.groupEnd);
    const conversation = this.#conversation(number, scan.bytes, scan.groupStart, scan.groupEnd);
    this.facts.note(index, number, scan);
    conversation.messageCount++;
    if (this.facts.isUnsent(index)) conversation.unsent++;
    if (conversation.type === undefined) conversation.earlyMessages++;
    conversation.times.add(scan.sentHigh, scan.sentLow);
    return "keep";
  }

  #conversation(number: number, bytes: Uint8Array, start = 0, end = bytes.length): SurveyedConversation {
    return (this.conversations[number] ??= {
      id: bytes.slice(start, end),
      isPlaceable: false,
      type: undefined,
      disappears: false,
      timer: undefined,
      superAdmins: [],
      pair: undefined,
      isOdd: false,
      bytes: undefined,
      messageCount: 0,
      unsent: 0,
      earlyMessages: 0,
      times: new TimeRange(),
    });
  }

  #addOther(): Verdict {
    const { scan, counts } = this;
    if (scan.element <= 0) return scan.element === -1 ? "unimportable" : "ignore";
    const record = decodeRecord(scan.bytes);
    scan.hasUnknownFields ||= holdsUnknownFields(record);
    switch (record.kind) {
      case "group":
        return this.#addGroup(record.group);
      case "consent":
        return this.#addConsent(record.consent);
      case "metadata":
        this.metadata ??= record.metadata;
        if (this.#keepBytes) this.kept.metadata ??= scan.bytes.slice();
        return "ignore";
      case "event":
        counts.events++;
        return "ignore";
      default:
        scan.element = -1;
        return "unimportable";
    }
  }

  #addGroup(group: ArchiveGroup): Verdict {
    this.counts.groups++;
    const id = fromHex(group.id) as Uint8Array;
    const conversation = this.#conversation(this.#conversationIds.add(id), id);
    if (conversation.type !== undefined) {
      this.duplicates.groups++;
      return "duplicate";
    }
    conversation.type = group.conversationType;
    conversation.disappears = (group.messageDisappearInNs ?? 0n) > 0n;
    conversation.timer = timerOf(group);
    conversation.superAdmins = superAdminsOf(group);
    conversation.pair = group.conversationType === "dm" ? dmPair(group.dmId) : undefined;
    conversation.isOdd = group.conversationType === "dm" && conversation.pair === undefined;
    conversation.isPlaceable = isImportableGroup(group);
    if (this.#keepBytes) conversation.bytes = this.scan.bytes.slice();
    return conversation.isPlaceable ? "keep" : "unimportable";
  }

  #addConsent(consent: ArchiveConsent): Verdict {
    this.counts.consent++;
    const name = `${consent.entityType}:${consent.entity}`;
    if (this.#consents.has(name)) this.duplicates.consent++;
    this.#consents.add(name);
    if (!isImportableConsent(consent)) return "unimportable";
    if (this.#keepBytes) this.kept.consent.push(this.scan.bytes.slice());
    return "keep";
  }
}

/** A timer counts for messages that were sent after it was set; one without such a moment is off. */
const timerOf = ({ messageDisappearFromNs = 0n, messageDisappearInNs = 0n }: ArchiveGroup): Timer | undefined =>
  messageDisappearFromNs > 0n && messageDisappearInNs > 0n
    ? { fromNs: Number(messageDisappearFromNs), inNs: Number(messageDisappearInNs) }
    : undefined;
