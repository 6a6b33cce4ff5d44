import {
  type ActivationMemory,
  type Backups,
  createBackups,
  expectActivation,
  type HostConversation,
  type ImportedHistory,
  type Journal,
  type TrackedConversation,
} from "@xmtp-backup/core";
import { type FakeClock, fakeClock, fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";

/** A client with so many restored conversations that wait, three of five groups, and the backups that track them. */
export type TrackedWorld = {
  backups: Backups;
  clock: FakeClock;
  /** What the client lists; the bench changes it. */
  listing: HostConversation[];
  /** How often the client was asked for its conversations. */
  readonly looks: number;
  /** One look from its beginning to its end; how long it took from the listing on, in milliseconds. */
  look(): Promise<number>;
  /** Lets time pass until the next look is over, without asking for one. */
  pass(): Promise<void>;
  /** Resolves as the next listing goes out. */
  listed(): Promise<void>;
};

const restoredAtMs = Date.UTC(2026, 0, 1);

/** What a client of so many conversations lists, none of them active. */
export function waitingListing(count: number): HostConversation[] {
  return Array.from({ length: count }, (_, index): HostConversation => {
    const id = index.toString(16).padStart(32, "0");
    const common = { id, isActive: false, createdAtNs: 0n, consent: "allowed" } as const;
    return index % 5 < 3 ? { ...common, kind: "group" } : { ...common, kind: "dm", peerInboxId: index.toString(16).padStart(64, "f") };
  });
}

/** The note that a restore of all of them leaves in the journal. */
export function waitingNote(listing: readonly HostConversation[]): ActivationMemory {
  const conversations = listing.map(({ id, kind, peerInboxId, consent }, index): TrackedConversation => {
    const tracked = { consent, restoredAtMs, lastMessageMs: restoredAtMs - index * 1_000 };
    return {
      id,
      kind,
      ...(peerInboxId !== undefined && { peerInboxId }),
      status: "waiting",
      ...tracked,
      expectation: expectActivation(tracked, { nowMs: restoredAtMs }),
      gap: { fromMs: restoredAtMs - 1 },
    };
  });
  return { conversations, notices: {} };
}

/** The note of an import that brought all of them, from which they are tracked as after a restore. */
export function importNote(listing: readonly HostConversation[]): ImportedHistory {
  return { endMs: restoredAtMs - 1, conversations: listing.map(({ id }, index) => ({ id, lastMessageMs: restoredAtMs - index * 1_000 })) };
}

/** Starts tracking what a note says. */
export function trackNote(noteText: string, listing: HostConversation[]): Promise<TrackedWorld> {
  return track({ activation: noteText }, listing);
}

/** Starts tracking what the journal says; its notes are read as text and never written, since that is a cost of its own. */
export async function track(notes: Readonly<Record<string, string>>, listing: HostConversation[]): Promise<TrackedWorld> {
  const clock = fakeClock(restoredAtMs);
  const journal: Journal = {
    read: async (name) => (notes[name] === undefined ? undefined : (JSON.parse(notes[name]) as never)),
    write: async () => undefined,
    remove: async () => undefined,
  };
  const host = fakeHost({ journal });
  let looks = 0;
  let listedAtMs = 0;
  let onEnd = (_ms: number) => {};
  let onListed = () => {};
  host.listConversations = async ({ peerInboxIds } = {}) => {
    const answer = [...listing];
    // Before it syncs, a look asks what the user has decided meanwhile.
    if (peerInboxIds === undefined) return answer;
    looks += 1;
    // Whatever a look does after the listing, it does before the event loop turns.
    setImmediate(() => onEnd(performance.now() - listedAtMs));
    onListed();
    listedAtMs = performance.now();
    return answer;
  };
  const backups = createBackups({
    host,
    store: memoryStore(clock.now),
    keys: memoryKeys(),
    clock,
    policy: { frequency: "never", afterMessages: false },
  });
  const ended = () => new Promise<number>((resolve) => (onEnd = resolve));
  const first = ended();
  await backups.start();
  await first;
  return {
    backups,
    clock,
    listing,
    get looks() {
      return looks;
    },
    listed: () => new Promise<void>((resolve) => (onListed = resolve)),
    async pass() {
      const end = ended();
      clock.advance(1_000);
      await end;
    },
    async look() {
      clock.advance(1_000);
      const end = ended();
      backups.lookNow();
      return end;
    },
  };
}
