import type { RecordCipher } from "../crypto/recordCipher.ts";
import { joinBytes } from "../util/joinBytes.ts";
import { release } from "../util/release.ts";
import type { SurveyedConversation } from "../survey/archiveSurvey.ts";
import type { ByteArena } from "./byteArena.ts";
import { FRAMING_BYTES } from "./leadPlanner.ts";
import { sealArchive } from "./sealArchive.ts";

/** How many messages are handed on at a time. */
const RECORDS_TOGETHER = 64;

/** The records of one chunk while it is made. */
export class ChunkDraft {
  readonly consent: Uint8Array[] = [];
  readonly conversations: SurveyedConversation[] = [];
  bytes = 0;
  /** Messages that were taken, written or left out: where a chunk ends does not depend on what is left out. */
  taken = 0;
  readonly #metadata: Uint8Array;
  readonly #arena: ByteArena;
  readonly #carried: Set<SurveyedConversation>;

  /**
   * The arena holds the messages of one draft at a time; it must not be cleared before the chunk is sealed. A conversation that is `carried` by an
   * earlier chunk is there when this one is imported.
   */
  constructor(metadata: Uint8Array, arena: ByteArena, carried: Set<SurveyedConversation>) {
    this.#metadata = metadata;
    this.#arena = arena;
    this.#carried = carried;
  }

  /** Messages that are written. */
  get messageCount(): number {
    return this.#arena.count;
  }

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  addConsent(record: Uint8Array): void {
    this.consent.push(record);
    this.bytes += record.length + FRAMING_BYTES;
  }

  addMessage(record: Uint8Array, conversation: SurveyedConversation): void {
    this.leaveOut(record, conversation);
    // A copy, since the record shares the memory of a whole batch.
    this.#arena.add(record);
  }

  /** Takes a message that is not written; its conversation is. */
  leaveOut(record: Uint8Array, conversation: SurveyedConversation): void {
    this.carry(conversation);
    this.taken++;
    this.bytes += record.length + FRAMING_BYTES;
  }

  carry(conversation: SurveyedConversation): void {
    if (conversation.isOdd || this.#carried.has(conversation)) return;
    this.#carried.add(conversation);
    this.conversations.push(conversation);
    this.bytes += (conversation.bytes as Uint8Array).length + FRAMING_BYTES;
  }

  async seal(cipher: RecordCipher, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    for await (const part of sealArchive(this.#records(), cipher, signal)) parts.push(part);
    return joinBytes(parts, release);
  }

  *#records(): Generator<Uint8Array[], void, void> {
    yield [this.#metadata, ...this.consent, ...this.conversations.map(({ bytes }) => bytes as Uint8Array)];
    let some: Uint8Array[] = [];
    for (const message of this.#arena.copies()) {
      if (some.push(message) < RECORDS_TOGETHER) continue;
      yield some;
      some = [];
    }
    yield some;
  }
}
