import { MessageFacts } from "../facts/messageFacts.ts";
import { RecordScan } from "../protobuf/recordScan.ts";
import { IdTable } from "../tables/idTable.ts";
import { Numbers } from "../tables/numbers.ts";

/**
 * What all inputs of a merge share while they are read: the numbers of ids, and the facts of each copy of a message. Nothing in it decides
 * which copy is written, so that an input that fails changes nothing.
 */
export class MergeTables {
  readonly scan = new RecordScan();
  /** The value beside an id is one more than the number of the input that the message is taken from; 0 until that is decided. */
  readonly messageIds = new IdTable(32);
  /** Hashes of records that are neither understood nor needed, and are carried over once. */
  readonly otherIds = new IdTable(32);
  readonly conversationIds = new IdTable(16);
  /** The id of each conversation by its number. */
  readonly idsOfConversations: Uint8Array[] = [];
  /** By the number of a copy. */
  readonly facts = new MessageFacts();
  copies = 0;
  readonly #idNumbers = new Numbers((length) => new Uint32Array(length));

  /** Notes the scanned message as one more copy; returns the number of the copy. */
  addCopy(): number {
    const { scan } = this;
    const copy = this.copies++;
    this.#idNumbers.set(copy, this.messageIds.add(scan.bytes, scan.idStart, scan.idEnd));
    this.facts.note(copy, this.conversationNumber(scan.bytes, scan.groupStart, scan.groupEnd), scan);
    return copy;
  }

  /** The number of the message that this is a copy of. */
  messageOf(copy: number): number {
    return this.#idNumbers.get(copy);
  }

  /** Forgets the copies once it is decided which of them are written, and gives their memory back. */
  forgetCopies(): void {
    this.facts.release();
    this.#idNumbers.release();
  }

  conversationNumber(bytes: Uint8Array, start = 0, end = bytes.length): number {
    const number = this.conversationIds.add(bytes, start, end);
    this.idsOfConversations[number] ??= bytes.slice(start, end);
    return number;
  }
}
