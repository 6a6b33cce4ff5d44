import type { ArchiveId, ArchiveStore } from "@xmtp-backup/core";
import { memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { mirror } from "../src/mirror/index.ts";
import { hostileAct, hostilePlace } from "./mirror/hostilePlace.ts";
import { sealing } from "./mirror/sealing.ts";
import { switchable } from "./mirror/switchable.ts";
import { runs } from "../../../test/runs.ts";

const { keys, keep, change, open: openManifest } = sealing();

const ownStep = fc.oneof(
  fc.record({ kind: fc.constant("keep" as const) }),
  fc.record({ kind: fc.constant("rename" as const), which: fc.nat(), pinned: fc.boolean() }),
  fc.record({ kind: fc.constant("remove" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("prune" as const), last: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant("clean" as const) }),
  fc.record({ kind: fc.constant("document" as const) }),
  fc.record({ kind: fc.constant("away" as const), isHonest: fc.boolean(), isUp: fc.boolean() }),
  fc.record({
    kind: fc.constant("fail" as const),
    isHonest: fc.boolean(),
    call: fc.constantFrom(
      "list" as const,
      "put" as const,
      "putManifest" as const,
      "remove" as const,
      "getDocument" as const,
      "putDocument" as const,
    ),
    when: fc.constantFrom("before" as const, "after" as const),
  }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("repair" as const) }),
);
const step = fc.oneof({ weight: 2, arbitrary: ownStep }, { weight: 1, arbitrary: hostileAct });
const steps = fc.array(step, { maxLength: 30 });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Rings of the device are numbered up to here, forged ones from there on. */
const lastRing = 200;

const tried = (work: Promise<unknown> | undefined) =>
  Promise.resolve(work).then(
    () => true,
    () => false,
  );

/** An honest place and a hostile one, in either order, and a device with the key that uses a mirror of them. */
function world(isHonestFirst: boolean) {
  const [honest, other] = [memoryStore(), memoryStore()];
  const places = { honest: switchable(honest), hostile: switchable(other) };
  const hostile = hostilePlace(other);
  let now = 0;
  const openMirror = () =>
    mirror(isHonestFirst ? [places.honest, places.hostile] : [places.hostile, places.honest], {
      keys,
      restMs: 0,
      repairs: false,
      now: () => ++now,
    });
  let store = openMirror();
  /** What the device wrote as key rings, in this order, and what it removed itself. */
  const rings: number[] = [];
  const removed = new Set<ArchiveId>();

  async function provenOf(from: ArchiveStore): Promise<{ id: ArchiveId; atMs: number; changedAtMs: number; isPinned: boolean }[]> {
    const found: { id: ArchiveId; atMs: number; changedAtMs: number; isPinned: boolean }[] = [];
    for await (const { id, manifest } of from.list()) {
      const { createdAtMs, details } = await openManifest(id, manifest);
      if (details)
        found.push({ id, atMs: createdAtMs, changedAtMs: details.changedAtMs ?? createdAtMs, isPinned: details.pinned === true });
    }
    return found.sort((left, right) => right.atMs - left.atMs);
  }

  async function remove(id: ArchiveId | undefined): Promise<void> {
    if (id === undefined) return;
    removed.add(id);
    await tried(store.remove(id));
  }

  async function putRing(): Promise<void> {
    const read = await store.getDocument?.("key-ring").catch(() => null);
    if (read === null || rings.length === lastRing) return;
    rings.push(rings.length + 1);
    await tried(store.putDocument?.("key-ring", new Uint8Array([rings.length]), { replaces: read?.revision }));
  }

  async function run(step: Step, mayRemove: boolean): Promise<void> {
    if (step.kind === "hostile") await hostile.act(step);
    if (step.kind === "keep") await tried(keep(store, "whole"));
    if (step.kind === "document") await putRing();
    if (step.kind === "away") Object.assign(places[step.isHonest ? "honest" : "hostile"], { isUp: step.isUp });
    if (step.kind === "fail") places[step.isHonest ? "honest" : "hostile"].failNext(step.call, step.when);
    if (step.kind === "restart") store = openMirror();
    if (step.kind === "repair") await tried(store.repair());
    if (step.kind === "clean") for (const { id } of await store.unfinished().catch(() => [])) await tried(store.remove(id));
    if (step.kind === "prune")
      for (const { id, isPinned } of (await provenOf(store).catch(() => [])).slice(step.last)) if (!isPinned) await remove(id);
    if (step.kind !== "rename" && (step.kind !== "remove" || !mayRemove)) return;
    const listed = await provenOf(store).catch(() => []);
    const id = listed[step.which % Math.max(listed.length, 1)]?.id;
    if (step.kind === "remove") await remove(id);
    else if (id !== undefined) await tried(change(store, id, { pinned: step.pinned }));
  }

  function calm(): void {
    for (const place of Object.values(places)) {
      place.isUp = true;
      place.calm();
    }
  }

  return { honest, places, rings, removed, run, calm, provenOf, hostile, store: () => store, restart: () => (store = openMirror()) };
}

/** The archives of a place whose manifest is proven and whose bytes are right. */
async function soundIn({ honest, provenOf }: ReturnType<typeof world>): Promise<Map<ArchiveId, number>> {
  const sound = new Map<ArchiveId, number>();
  for (const { id, changedAtMs } of await provenOf(honest))
    if (new TextDecoder().decode(honest.archives.get(id)) === "whole") sound.set(id, changedAtMs);
  return sound;
}

it("behavior: the other place keeps and shows all that this device did not remove", async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), steps, async (isHonestFirst, all) => {
      const its = world(isHonestFirst);
      const kept = new Map<ArchiveId, number>();
      let ring = 0;

      async function check(): Promise<void> {
        its.hostile.watch();
        const sound = await soundIn(its);
        for (const [id, changedAtMs] of kept) if (!its.removed.has(id)) expect(sound.get(id) ?? -1).toBeGreaterThanOrEqual(changedAtMs);
        // Nothing of the other place's making is in this one.
        expect([...its.honest.manifests.keys()].filter((id) => !sound.has(id))).toEqual([]);
        for (const [id, changedAtMs] of sound) kept.set(id, changedAtMs);
        // A place without a ring may be given the only one that there is; one that has a ring keeps it, or is given a newer one of the device's.
        const own = its.honest.documents.get("key-ring")?.bytes[0] ?? 0;
        if (ring === 0 && own > lastRing) return;
        expect(own).toBeGreaterThanOrEqual(ring);
        expect([0, ...its.rings]).toContain(own);
        ring = own;
      }

      for (const step of all) {
        await its.run(step, true);
        await check();
      }
      its.calm();
      for (const again of [1, 2]) {
        its.restart();
        await its.store().repair();
        await check();
        if (again === 1) continue;
        const listed = new Map((await its.provenOf(its.store())).map(({ id, changedAtMs }) => [id, changedAtMs]));
        for (const [id, changedAtMs] of await soundIn(its)) {
          if (its.removed.has(id)) continue;
          expect(listed.get(id) ?? -1).toBeGreaterThanOrEqual(changedAtMs);
          expect(await (await its.store().get(id)).text()).toBe("whole");
        }
        if (ring > 0) {
          const read = (await its.store().getDocument?.("key-ring"))?.bytes[0];
          expect(its.rings).toContain(read);
          expect(read).toBeGreaterThanOrEqual(ring);
        }
      }
    }),
    { numRuns: runs(300) },
  );
});

it("behavior: whatever one place does, pruning never leaves the other without its last sound archive", async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), steps, async (isHonestFirst, all) => {
      const its = world(isHonestFirst);
      let isKept = false;
      const check = async () => {
        its.hostile.watch();
        const { size } = await soundIn(its);
        if (isKept) expect(size).toBeGreaterThan(0);
        isKept ||= size > 0;
      };
      for (const step of all) {
        await its.run(step, false);
        await check();
      }
      its.calm();
      for (const again of [1, 2]) {
        if (again === 1) its.restart();
        await its.store().repair();
        await check();
      }
    }),
    { numRuns: runs(300) },
  );
});
