import { type ArchiveStore, type Backups, type BackupPolicy, createBackups, type KeyStore, type Lock } from "@xmtp-backup/core";
import { type FakeClock, fakeClock, fakeHost, type FakeHost, type FakeInbox, memoryJournal, memoryKeys, memoryLock, memoryStore, type MemoryStore } from "@xmtp-backup/testing";
import { lossy, type Lossy } from "./lossy.ts";
import { type Mortal, mortal } from "./mortal.ts";

/** A phone of the user: what survives its processes, and the process that runs now. */
export type Phone = {
  readonly installationId: string;
  /** How far its clock is off, in milliseconds. */
  offsetMs: number;
  isRevoked: boolean;
  inbox: FakeInbox;
  readonly notes: Map<string, string>;
  process: Process;
};

export type Process = { backups: Backups; host: FakeHost; mortal: Mortal };

export type WorldOptions = { phones: number; keep: BackupPolicy["keep"] };

export type World = {
  readonly clock: FakeClock;
  readonly place: MemoryStore;
  /** The way to the place, on which answers get lost. */
  readonly way: Lossy;
  readonly phones: readonly Phone[];
  /** Every archive key that was ever made, to look at archives with. */
  readonly keys: KeyStore & { all(): Promise<Uint8Array[]> };
  /** Starts a phone's next process; the one before is dead. */
  restart(phone: Phone): void;
  /** What an honest reader with every key finds in a place. */
  reader(place: ArchiveStore): Backups;
};

const inboxId = "a".repeat(64);

/** Several phones of one inbox over one place, each with a clock of its own. */
export function createWorld({ phones: count, keep }: WorldOptions): World {
  const clock = fakeClock();
  const place = memoryStore(clock.now);
  const way = lossy(place);
  const keys = memoryKeys();

  function begin(phone: Phone): Process {
    const life = mortal();
    const held = new Set<string>();
    const lock: Lock = memoryLock(held);
    const journal = life.wrap(memoryJournal(phone.notes));
    const host = fakeHost({
      inboxId,
      installationId: phone.installationId,
      inbox: phone.inbox,
      journal,
      lock,
      installations: phones.filter((other) => other !== phone && !other.isRevoked).map(({ installationId }) => ({ id: installationId, isOwn: false })),
    });
    const backups = createBackups({
      host: life.wrap(host),
      store: life.wrap(way.store),
      keys: life.wrap(keys),
      journal,
      lock,
      clock: { ...clock, now: () => clock.now() + phone.offsetMs, timeZone: () => "UTC" },
      policy: { frequency: "never", ...(keep && { keep }) },
    });
    return { backups, host, mortal: life };
  }

  const phones: Phone[] = [];
  for (let index = 0; index < count; index += 1) {
    const phone = { installationId: String(index + 1).repeat(64), offsetMs: 0, isRevoked: false, inbox: emptyInbox(), notes: new Map<string, string>() } as unknown as Phone;
    phones.push(phone);
    phone.process = begin(phone);
  }

  return {
    clock,
    place,
    way,
    phones,
    keys: { ...keys, all: () => keys.load() },
    restart(phone) {
      phone.process.mortal.kill();
      phone.process = begin(phone);
    },
    reader: (store) => createBackups({ host: fakeHost({ inboxId, installationId: "f".repeat(64) }), store, keys, clock, policy: { frequency: "never" } }),
  };
}

export function emptyInbox(): FakeInbox {
  return { conversations: new Map(), consent: [] };
}
