import { type ArchiveStore, type BackupPolicy, type Backups, createBackups, keyFingerprint, type KeyStore } from "@xmtp-backup/core";
import { custom, type KeyRing, keyRing, type SlotKey } from "@xmtp-backup/keys";
import { mirror, type MirrorStore } from "@xmtp-backup/stores/mirror";
import {
  type FakeClock,
  fakeClock,
  fakeHost,
  type FakeInbox,
  memoryJournal,
  memoryKeys,
  memoryLock,
  memoryStore,
  type MemoryStore,
} from "@xmtp-backup/testing";
import { lossy, type Lossy } from "./lossy.ts";
import { type Mortal, mortal } from "./mortal.ts";

/** A phone of the user: what survives its processes, and the process that runs now. */
export type Phone = {
  readonly installationId: string;
  /** Where it keeps its archive keys. */
  readonly cache: KeyStore;
  readonly notes: Map<string, string>;
  /** How far its clock is off, in milliseconds. */
  offsetMs: number;
  isRevoked: boolean;
  inbox: FakeInbox;
  process: Process;
};

/** What runs on a phone, until it is killed. */
export type Process = { backups: Backups; ring: KeyRing; mirror: MirrorStore | undefined; mortal: Mortal };

export type WorldOptions = {
  phones: number;
  keep: NonNullable<BackupPolicy["keep"]>;
  /** One place that anybody may write, or a mirror of a safe one and such a one. */
  places: "one" | "mirror";
  /** Whether backups may be increments. */
  increments: boolean;
};

export type World = {
  readonly clock: FakeClock;
  /** Where nothing good may be lost. */
  readonly place: MemoryStore;
  /** Where others write too: the same place, or the other one of a mirror. */
  readonly open: MemoryStore;
  /** The way to the place, on which calls fail. */
  readonly way: Lossy;
  readonly phones: readonly Phone[];
  /** Opens the key ring: what the user has on paper. */
  readonly slot: SlotKey;
  /** Every archive key that was ever made, to look at archives with. */
  readonly everyKey: ReadonlyMap<string, Uint8Array>;
  /** Starts a phone's next process; the one before is dead. */
  restart(phone: Phone): void;
  /** What somebody with every key reads in a place. */
  reader(place: ArchiveStore): Backups;
};

const inboxId = "a".repeat(64);

/** Several phones of one inbox with a key ring, each with a clock of its own, over one place or two. */
export async function createWorld({ phones: count, keep, places, increments }: WorldOptions): Promise<World> {
  const clock = fakeClock();
  const place = memoryStore(clock.now);
  const open = places === "one" ? place : memoryStore(clock.now);
  const way = lossy(place);
  const everyKey = new Map<string, Uint8Array>();
  const slot = paperSlot();

  function newCache(): KeyStore {
    const cache = memoryKeys();
    return {
      ...cache,
      async add(key, options) {
        everyKey.set(keyFingerprint(key), new Uint8Array(key));
        await cache.add(key, options);
      },
    };
  }

  function begin(phone: Omit<Phone, "process">): Process {
    const life = mortal();
    const now = () => clock.now() + phone.offsetMs;
    const cache = life.wrap(phone.cache);
    const mirrored =
      places === "one" ? undefined : mirror([life.wrap(open), life.wrap(way.store)], { keys: cache, repairs: false, restMs: 0, now });
    const store = mirrored ?? life.wrap(way.store);
    const journal = life.wrap(memoryJournal(phone.notes));
    const lock = memoryLock();
    const host = fakeHost({ inboxId, installationId: phone.installationId, inbox: phone.inbox, journal, lock });
    // The network lists whoever is in the inbox now; a phone that was revoked is not among them.
    host.listInstallations = async () =>
      phones.filter(({ isRevoked }) => !isRevoked).map(({ installationId: id }) => ({ id, isOwn: id === phone.installationId }));
    const ring = keyRing({ store, cache, clock: { now } });
    const backups = createBackups({
      host: life.wrap(host),
      store,
      keys: ring,
      journal,
      lock,
      clock: { ...clock, now, monotonic: () => clock.now(), timeZone: () => "UTC" },
      policy: { frequency: "never", keep, increments: increments && { maxShare: 1_000 } },
    });
    return { backups, ring, mirror: mirrored, mortal: life };
  }

  const phones: Phone[] = [];
  for (let index = 0; index < count; index += 1) {
    const phone = {
      installationId: String(index + 1).repeat(64),
      cache: newCache(),
      notes: new Map<string, string>(),
      offsetMs: 0,
      isRevoked: false,
      inbox: emptyInbox(),
    };
    phones.push({ ...phone, process: begin(phone) });
  }
  for (const [index, { process }] of phones.entries()) await (index === 0 ? process.ring.addSlot(slot) : process.ring.open(slot));

  return {
    clock,
    place,
    open,
    way,
    phones,
    slot,
    everyKey,
    restart(phone) {
      phone.process.mortal.kill();
      phone.process = begin(phone);
    },
    reader: (store) =>
      createBackups({
        host: fakeHost({ inboxId, installationId: "f".repeat(64) }),
        store,
        keys: memoryKeys(...everyKey.values()),
        clock,
        policy: { frequency: "never" },
      }),
  };
}

export function emptyInbox(): FakeInbox {
  return { conversations: new Map(), consent: [] };
}

/** A slot whose secret is what it says, as words on paper are. */
function paperSlot(): SlotKey {
  return custom({ name: "paper", wrap: async (secret) => new Uint8Array(secret), unwrap: async (wrapped) => new Uint8Array(wrapped) });
}
