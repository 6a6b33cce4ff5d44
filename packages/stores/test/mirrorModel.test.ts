import type { ArchiveId } from "@xmtp-backup/core";
import { memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { mirror } from "../src/mirror/index.ts";
import { switchable } from "./mirror/switchable.ts";

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
      const open = () => mirror(places, { restMs: 0, repairs: false, now: () => ++now });
      let store = open();
      const model = new Map<ArchiveId, number>();
      const whole = () => {
        for (const { archives, manifests } of kept) for (const id of manifests.keys()) expect(archives.has(id)).toBe(true);
      };

      for (const each of steps) {
        const ids = [...model.keys()];
        const id = "which" in each ? ids[each.which % Math.max(ids.length, 1)] : undefined;
        // What is kept in one place alone can't be renamed or removed while that is away.
        const isReachable = id !== undefined && places.some(({ isUp }, index) => isUp && kept[index]?.manifests.has(id));
        if (each.kind === "away" && (each.isUp || places.every(({ isUp }) => isUp))) Object.assign(places[each.place] ?? {}, { isUp: each.isUp });
        if (each.kind === "restart") store = open();
        if (each.kind === "repair") await store.repair();
        if (each.kind === "keep") {
          const added = crypto.randomUUID();
          await store.put(added, new Blob([added]));
          await store.putManifest(added, new Uint8Array([0]));
          model.set(added, 0);
        }
        if (each.kind === "rename" && isReachable) {
          await store.putManifest(id, new Uint8Array([each.name]));
          model.set(id, each.name);
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
        expect([...manifests].map(([id, bytes]) => [id, bytes[0]]).sort()).toEqual(expected);
        for (const [id] of expected) expect(new TextDecoder().decode(archives.get(id))).toBe(id);
      }
      expect(last.health().map(({ behind }) => behind)).toEqual([0, 0]);
    }),
    { numRuns: 300 },
  );
});
