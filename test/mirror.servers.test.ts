import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveStore, type BackupStatus, createBackups, type KeyStore } from "@xmtp-backup/core";
import { generateRecoveryPhrase, keyRing, recoveryPhrase } from "@xmtp-backup/keys";
import { fileStore } from "@xmtp-backup/node";
import { httpStore } from "@xmtp-backup/stores/http";
import { mirror } from "@xmtp-backup/stores/mirror";
import {
  archiveStoreContract,
  fakeClock,
  fakeHost,
  fakeInbox,
  memoryKeys,
  memoryStore,
  runContract,
  storeDocumentsContract,
} from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startArchiveServer } from "../packages/stores/test/archiveServer.ts";
import { switchable } from "../packages/stores/test/mirror/switchable.ts";

describe("backups over a mirror", () => {
  it("behavior: with a place away the policy stays healthy, and with the other one lost a new installation restores", async () => {
    const clock = fakeClock();
    const kept = [memoryStore(clock.now), memoryStore(clock.now)] as const;
    const places = [switchable(kept[0]), switchable(kept[1])] as const;
    const [keys, inbox] = [memoryKeys(), fakeInbox()];
    const open = (host: ReturnType<typeof fakeHost>, store: ArchiveStore) =>
      createBackups({ host, keys, clock, store, policy: { frequency: "daily" } });
    const backups = open(fakeHost({ inbox }), mirror(places, { keys, restMs: 0, now: clock.now }));
    let status: BackupStatus = {};
    backups.status$.subscribe((next) => (status = next));

    places[0].isUp = false;
    await backups.start();
    const made = await backups.backup().result;
    await vi.waitFor(() => expect(status).toMatchObject({ health: { level: "ok" }, lastSuccess: { archiveId: made.entry.id } }), {
      interval: 1,
      timeout: 10_000,
    });
    expect(status.lastFailure).toBeUndefined();

    places[0].isUp = true;
    await backups.list();
    await vi.waitFor(() => expect([...kept[0].manifests]).toEqual([...kept[1].manifests]), { interval: 5 });
    backups.stop();

    places[1].isUp = false;
    const host = fakeHost();
    const restoring = open(host, mirror(places, { keys, restMs: 0, now: clock.now }));
    const [entry] = await restoring.list();
    expect(entry?.id).toBe(made.entry.id);
    if (entry) await restoring.restore(entry).result;
    expect([...host.inbox.conversations.keys()].sort()).toEqual([...inbox.conversations.keys()].sort());
  });
});

describe("backups over a mirror with a hostile place", () => {
  const garble = (bytes: Uint8Array) => bytes.map((byte, index) => (index === bytes.length - 20 ? byte ^ 1 : byte));

  it("behavior: what opens is listed and restored, and the other place's manifest and bytes stay", async () => {
    const [hostile, good] = [memoryStore(), memoryStore()];
    const [keys, inbox] = [memoryKeys(), fakeInbox()];
    const open = (host: ReturnType<typeof fakeHost>) =>
      createBackups({ host, keys, store: mirror([hostile, good], { keys, repairs: false }) });
    const { entry } = await open(fakeHost({ inbox })).backup().result;
    hostile.manifests.set(entry.id, garble(hostile.manifests.get(entry.id)!));
    hostile.archives.set(entry.id, new Uint8Array(hostile.archives.get(entry.id)!.length));
    const before = new Map(good.manifests);

    const host = fakeHost();
    const restoring = open(host);
    const [listed] = await restoring.list();
    expect(listed?.seal).toBe("open");
    if (listed) await restoring.restore(listed).result;
    expect([...host.inbox.conversations.keys()].sort()).toEqual([...inbox.conversations.keys()].sort());
    await mirror([hostile, good], { keys }).repair();
    expect(good.manifests).toEqual(before);
  });

  const cases: Record<string, (ring: Uint8Array, older: Uint8Array) => Uint8Array | undefined> = {
    older: (_ring, older) => older,
    cut: (ring) => ring.slice(0, -20),
    huge: () => new Uint8Array(2_000_000),
    "of a newer app": () => new TextEncoder().encode('{"format":"xmtp-backup/key-ring","version":99}'),
    missing: () => undefined,
  };
  const kinds = Object.keys(cases);
  it.each(kinds.flatMap((first) => kinds.map((second) => [first, second])))(
    "behavior: with the key ring %s in one place and %s in another, a new device has every key of the third",
    async (...chosen) => {
      const kept = [memoryStore(), memoryStore(), memoryStore()] as const;
      const ringOn = (cache: KeyStore) => keyRing({ store: mirror(kept, { keys: cache, repairs: false }), cache });
      const [slot, known, fresh] = [recoveryPhrase(generateRecoveryPhrase()), memoryKeys(), memoryKeys()];
      const ring = ringOn(known);
      await ring.addSlot(slot);
      const older = kept[2].documents.get("key-ring")!.bytes;
      await ring.rotate();
      const newest = kept[2].documents.get("key-ring")!.bytes;
      for (const [index, kind] of chosen.entries()) {
        const bytes = cases[kind]?.(newest, older);
        kept[index]!.documents.delete("key-ring");
        if (bytes) kept[index]!.documents.set("key-ring", { bytes, revision: crypto.randomUUID() });
      }
      expect(await ringOn(fresh).open(slot)).toMatchObject({ isOpen: true });
      expect(await fresh.load()).toEqual(await known.load());
      expect((await ring.inspect()).warnings.map(({ kind }) => kind)).not.toContain("ringOlder");
    },
  );

  it("behavior: a new device opens the key ring of the other place where one place has a forged one", async () => {
    const [hostile, good] = [memoryStore(), memoryStore()];
    const open = (cache: KeyStore) => keyRing({ store: mirror([hostile, good], { keys: cache, repairs: false }), cache });
    const words = generateRecoveryPhrase();
    await open(memoryKeys()).addSlot(recoveryPhrase(words));
    const ring = hostile.documents.get("key-ring")!;
    hostile.documents.set("key-ring", { bytes: garble(ring.bytes), revision: "forged" });
    hostile.documents.delete("mirror");

    const cache = memoryKeys();
    await open(cache)
      .open(recoveryPhrase(words))
      .catch(() => undefined);
    expect(await cache.load()).toHaveLength(1);
    expect(good.documents.get("key-ring")?.bytes).toEqual(ring.bytes);
  });
});

describe("mirror of a folder and a server", () => {
  let server: Awaited<ReturnType<typeof startArchiveServer>>;
  let folders: string;
  beforeAll(async () => {
    server = await startArchiveServer({ authenticate: (request) => request.headers.get("x-inbox") ?? undefined });
    folders = await mkdtemp(join(tmpdir(), "xmtp-backup-mirror-"));
  });
  afterAll(() => Promise.all([server.dispose(), rm(folders, { recursive: true, force: true })]));

  const setUp = async () => {
    const inbox = crypto.randomUUID();
    const reopen = () =>
      mirror(
        [
          fileStore({ directory: join(folders, inbox) }),
          httpStore({ url: server.url, retries: 0, credentials: () => ({ "X-Inbox": inbox }) }),
        ],
        { keys: memoryKeys(new Uint8Array(32).fill(7)) },
      );
    return { store: reopen(), reopen };
  };

  runContract("its archives", archiveStoreContract(setUp), { describe, it });
  runContract("its documents", storeDocumentsContract(setUp), { describe, it });
});
