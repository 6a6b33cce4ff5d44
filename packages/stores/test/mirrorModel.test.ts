import type { ArchiveId } from "@xmtp-backup/core";
import { memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { mirror } from "../src/mirror/index.ts";
import { sealing } from "./mirror/sealing.ts";
import { switchable } from "./mirror/switchable.ts";
import { runs } from "../../../test/runs.ts";

const { keys, keep, change, nameOf } = sealing();

/** What can happen to a mirror: a device keeps, renames or removes an archive, a place goes or comes, a device starts anew, a repair runs. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("keep" as const) }),
  fc.record({ kind: fc.constant("rename" as const), which: fc.nat(), name: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant("remove" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("away" as const), place: fc.nat({ max: 1 }), isUp: fc.boolean() }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("repair" as const) }),
);

it("behavior: whatever happens, once every place is back and repaired all are equal, nothing is lost, and nothing removed is back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      let now = 0;
      const kept = [memoryStore(), memoryStore()];
      const places = kept.map(switchable);
      const open = () => mirror(places, { keys, restMs: 0, repairs: false, now: () => ++now });
      let store = open();
      const model = new Map<ArchiveId, string>();
      const whole = () => {
        for (const { archives, manifests } of kept) for (const id of manifests.keys()) expect(archives.has(id)).toBe(true);
      };

      for (const each of steps) {
        const ids = [...model.keys()];
        const id = "which" in each ? ids[each.which % Math.max(ids.length, 1)] : undefined;
        // What is kept in one place alone can't be renamed or removed while that is away.
        const isReachable = id !== undefined && places.some(({ isUp }, index) => isUp && kept[index]?.manifests.has(id));
        if (each.kind === "away" && (each.isUp || places.every(({ isUp }) => isUp)))
          Object.assign(places[each.place] ?? {}, { isUp: each.isUp });
        if (each.kind === "restart") store = open();
        if (each.kind === "repair") await store.repair();
        if (each.kind === "keep") model.set(await keep(store, "0"), "0");
        if (each.kind === "rename" && isReachable) {
          await change(store, id, { name: `${each.name}` });
          model.set(id, `${each.name}`);
        }
        if (each.kind === "remove" && isReachable) {
          await store.remove(id);
          model.delete(id);
        }
        whole();
      }

      for (const place of places) place.isUp = true;
      const last = open();
      await last.repair();
      expect((await last.repair()).remaining).toEqual([]);
      const expected = [...model].sort();
      for (const { archives, manifests } of kept) {
        const names = await Promise.all([...manifests].map(async ([id, manifest]) => [id, await nameOf(id, manifest)]));
        expect(names.sort()).toEqual(expected);
        for (const [id] of expected) expect(new TextDecoder().decode(archives.get(id))).toBe("0");
      }
      expect(last.health().map(({ behind }) => behind)).toEqual([0, 0]);
    }),
    { numRuns: runs(300) },
  );
});

/** The same with single calls that fail, a few of them after their work is done: their answer is lost. */
const call = fc.constantFrom(
  "list" as const,
  "get" as const,
  "put" as const,
  "putManifest" as const,
  "remove" as const,
  "getDocument" as const,
  "putDocument" as const,
);
const faultyStep = fc.oneof(
  step,
  fc.record({
    kind: fc.constant("fail" as const),
    place: fc.nat({ max: 1 }),
    call,
    when: fc.constantFrom("before" as const, "after" as const),
  }),
  fc.record({ kind: fc.constant("document" as const), value: fc.integer({ min: 1, max: 200 }) }),
);

it("behavior: whichever single calls fail, no listed archive lacks its bytes, none is lost, and the places become equal", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(faultyStep, { maxLength: 25 }), async (steps) => {
      let now = 0;
      const kept = [memoryStore(), memoryStore()];
      const places = kept.map((store) => switchable(store));
      const open = () => mirror(places, { keys, restMs: 0, repairs: false, now: () => ++now });
      let store = open();
      /** What was listed and not asked to go; what was removed for sure is in neither. */
      const [listed, leaving] = [new Set<ArchiveId>(), new Set<ArchiveId>()];
      let ring = { known: 0, maybe: [0] };
      const whole = () => {
        for (const { archives, manifests } of kept) for (const id of manifests.keys()) expect(archives.has(id)).toBe(true);
      };
      const tried = (work: Promise<unknown> | undefined) =>
        Promise.resolve(work).then(
          () => true,
          () => false,
        );

      for (const each of steps) {
        const ids = [...listed];
        const id = "which" in each ? ids[each.which % Math.max(ids.length, 1)] : undefined;
        if (each.kind === "away" && (each.isUp || places.every(({ isUp }) => isUp)))
          Object.assign(places[each.place] ?? {}, { isUp: each.isUp });
        if (each.kind === "restart") store = open();
        if (each.kind === "repair") await tried(store.repair());
        if (each.kind === "fail") places[each.place]?.failNext(each.call, each.when);
        if (each.kind === "keep") {
          const added = await keep(store, "0").catch(() => undefined);
          if (added) listed.add(added);
        }
        if (each.kind === "rename" && id !== undefined) await tried(change(store, id, { name: `${each.name}` }));
        if (each.kind === "remove" && id !== undefined) {
          listed.delete(id);
          if (!(await tried(store.remove(id)))) leaving.add(id);
        }
        if (each.kind === "document") {
          const bytes = new Uint8Array([each.value]);
          const read = await store.getDocument?.("key-ring").catch(() => null);
          if (read !== null) {
            const isStored = await tried(store.putDocument?.("key-ring", bytes, { replaces: read?.revision }));
            ring = isStored ? { known: each.value, maybe: [each.value] } : { ...ring, maybe: [...ring.maybe, each.value] };
          }
        }
        whole();
      }

      for (const place of places) {
        place.isUp = true;
        place.calm();
      }
      const last = open();
      await last.repair();
      expect((await last.repair()).remaining).toEqual([]);
      const [one, other] = kept.map(({ manifests }) => [...manifests].map(([id, bytes]) => [id, bytes.join()]).sort());
      expect(one).toEqual(other);
      const ids = new Set(one?.map(([id]) => id));
      for (const id of listed) expect(ids.has(id)).toBe(true);
      whole();
      const rings = kept.map(({ documents }) => documents.get("key-ring")?.bytes[0] ?? 0);
      expect(rings[0]).toBe(rings[1]);
      expect(ring.maybe).toContain(rings[0]);
    }),
    { numRuns: runs(300) },
  );
});
