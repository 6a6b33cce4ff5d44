import type { RecordScan } from "../protobuf/recordScan.ts";
import { deletedIdOf, type MessageRole, roleOf, type SuperAdminChange, superAdminChangeOf } from "./controlMessages.ts";
import { Numbers } from "../tables/numbers.ts";
import { SuperAdmins } from "./superAdmins.ts";
import { TextNumbers } from "../tables/textNumbers.ts";

const PUBLISHED = 2;
const APPLICATION = 1;

/** What is known of a message beside its sender, in the low bits of one number. */
const FLAG = { noted: 1, unsent: 2, deletable: 4, ownExpiry: 8, disappears: 16 } as const;
const FLAG_BITS = 32;

type Noted = { index: number; conversation: number; sentAtNs: bigint };
type NotedDeletion = Noted & { target: Uint8Array; sender: number };
type NotedChange = Noted & { change: SuperAdminChange };

/** A message that was sent to delete another one, in the conversation of this number. */
export type Deletion = { target: Uint8Array; conversation: number; sender: string; sentAtNs: bigint; isBySuperAdmin: boolean };

/** Whether the scanned message was written here and not sent. */
export const isUnsentMessage = ({ messageKind, deliveryStatus }: RecordScan): boolean =>
  messageKind === APPLICATION && deliveryStatus !== PUBLISHED;

/** What decides of each message whether it is shown, and when it was sent: 16 bytes a message, and 8 more once one of them has an expiry. */
export class MessageFacts {
  readonly #conversations = new Numbers((length) => new Uint32Array(length));
  readonly #senders = new Numbers((length) => new Uint32Array(length));
  /** When the message expires where its record says so; exact to a microsecond. */
  #expiries: Numbers | undefined;
  readonly #sentHighs = new Numbers((length) => new Uint32Array(length));
  readonly #sentLows = new Numbers((length) => new Uint32Array(length));
  readonly #names = new TextNumbers();
  readonly #types = new TextNumbers();
  readonly #roles: MessageRole[] = [];
  readonly #deletions: NotedDeletion[] = [];
  readonly #superAdminChanges: NotedChange[] = [];

  /** Takes a scanned message by its number, and the number of its conversation. */
  note(index: number, conversation: number, scan: RecordScan): void {
    const { bytes } = scan;
    const type = this.#types.add(bytes, scan.typeStart, scan.typeEnd);
    const role = (this.#roles[type] ??= roleOf(this.#types.text(type)));
    const isApplication = scan.messageKind === APPLICATION;
    const sender = this.#names.add(bytes, scan.senderStart, scan.senderEnd);
    // No message expires in 1970: a time of zero or before says that there is none.
    const ownExpiryNs = scan.hasExpiry && scan.expiresNs > 0 ? scan.expiresNs : scan.isExpiryKnown ? Infinity : undefined;
    const flags =
      FLAG.noted |
      (isUnsentMessage(scan) ? FLAG.unsent : 0) |
      (isApplication && role === "ordinary" ? FLAG.deletable : 0) |
      (isApplication && (role === "ordinary" || role === "lasting") ? FLAG.disappears : 0) |
      (ownExpiryNs !== undefined ? FLAG.ownExpiry : 0);
    this.#conversations.set(index, conversation);
    this.#senders.set(index, sender * FLAG_BITS + flags);
    if (ownExpiryNs !== undefined) (this.#expiries ??= new Numbers((length) => new Float64Array(length))).set(index, ownExpiryNs);
    this.#sentHighs.set(index, scan.sentHigh);
    this.#sentLows.set(index, scan.sentLow);
    if (isApplication && scan.deliveryStatus === PUBLISHED && role === "deletion") {
      const target = deletedIdOf(bytes.subarray(scan.contentStart, scan.contentEnd));
      if (target !== undefined) this.#deletions.push({ index, target, conversation, sender, sentAtNs: scan.sentAtNs() });
    } else if (!isApplication && role === "groupUpdate") {
      const change = superAdminChangeOf(bytes.subarray(scan.contentStart, scan.contentEnd));
      if (change !== undefined) this.#superAdminChanges.push({ index, conversation, sentAtNs: scan.sentAtNs(), change });
    }
  }

  /** Whether the message was noted. A message that can't be imported is left out. */
  has(index: number): boolean {
    return this.#is(index, FLAG.noted);
  }

  conversationOf(index: number): number {
    return this.#conversations.get(index);
  }

  sentAtNs(index: number): bigint {
    return (BigInt(this.#sentHighs.get(index) | 0) << 32n) | BigInt(this.#sentLows.get(index));
  }

  /** When the message was sent, as the two words of a little-endian number of 64 bits in nanoseconds. */
  putSentInto(words: Uint32Array, at: number, index: number): void {
    words[at] = this.#sentLows.get(index);
    words[at + 1] = this.#sentHighs.get(index);
  }

  /** Adds to a range of times when the message was sent. */
  addSentTo(range: { add(high: number, low: number): void }, index: number): void {
    range.add(this.#sentHighs.get(index), this.#sentLows.get(index));
  }

  senderOf(index: number): string {
    return this.#names.text(Math.floor(this.#senders.get(index) / FLAG_BITS));
  }

  isUnsent(index: number): boolean {
    return this.#is(index, FLAG.unsent);
  }

  /** Whether the message's time is over, by what its record says or else by the timer of its conversation. */
  isExpired(index: number, timer: Timer | undefined, nowNs: number): boolean {
    if (!this.#is(index, FLAG.disappears)) return false;
    if (this.#is(index, FLAG.ownExpiry)) return (this.#expiries as Numbers).get(index) <= nowNs;
    if (timer === undefined) return false;
    const sentNs = (this.#sentHighs.get(index) | 0) * 2 ** 32 + this.#sentLows.get(index);
    return sentNs > timer.fromNs && sentNs + timer.inNs <= nowNs;
  }

  /**
   * Every deletion that was sent, also one whose message was not noted.
   *
   * @param superAdminsOf - those of a conversation when the archive was made
   * @param counts - whether what the message of this number says counts
   */
  *deletions(
    superAdminsOf: (conversation: number) => readonly string[],
    counts: (index: number) => boolean = () => true,
  ): Generator<Deletion, void, void> {
    const superAdmins = new SuperAdmins();
    for (const { index, conversation, sentAtNs, change } of this.#superAdminChanges) {
      if (counts(index)) superAdmins.note(conversation, sentAtNs, change);
    }
    for (const { index, target, conversation, sender: number, sentAtNs } of this.#deletions) {
      if (!counts(index)) continue;
      const sender = this.#names.text(number);
      const isBySuperAdmin = superAdmins.was(conversation, sender, sentAtNs, superAdminsOf(conversation));
      yield { target, conversation, sender, sentAtNs, isBySuperAdmin };
    }
  }

  /**
   * The messages that a valid deletion names: one in the same conversation, by the message's sender or by a super admin of that time.
   *
   * @param find - the number of the message with an id; negative where there is none
   */
  deleted(find: (messageId: Uint8Array) => number, deletions: Iterable<Deletion>): Set<number> {
    const deleted = new Set<number>();
    for (const { target, conversation, sender, isBySuperAdmin } of deletions) {
      const index = find(target);
      if (index < 0 || !this.#is(index, FLAG.deletable) || this.conversationOf(index) !== conversation) continue;
      if (isBySuperAdmin || isSameInbox(this.senderOf(index), sender)) deleted.add(index);
    }
    return deleted;
  }

  /** Gives the memory of all messages back; nothing is known of them afterwards. */
  release(): void {
    this.keepUnsentAlone();
    this.#senders.release();
  }

  /** Gives most of that memory back; afterwards it is only known who sent a message and whether it was sent. */
  keepUnsentAlone(): void {
    for (const column of [this.#conversations, this.#sentHighs, this.#sentLows, this.#expiries]) column?.release();
  }

  #is(index: number, flag: number): boolean {
    return (this.#senders.get(index) & flag) !== 0;
  }
}

/** Inbox ids are hex, and some apps wrote them in upper case. */
const isSameInbox = (one: string, other: string): boolean => one === other || one.toLowerCase() === other.toLowerCase();

/** How long a conversation shows messages that were sent after a moment, in nanoseconds. */
export type Timer = { fromNs: number; inNs: number };
