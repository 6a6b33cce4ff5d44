import type { ArchiveId, ArchiveStore } from "@xmtp-backup/core";
import { memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mirror, type MirrorStore } from "../src/mirror/index.ts";
import { sealing } from "./mirror/sealing.ts";
import { runs } from "../../../test/runs.ts";

const step = fc.oneof(
  fc.record({ kind: fc.constant("keep" as const), device: fc.nat(2) }),
  fc.record({ kind: fc.constant("remove" as const), device: fc.nat(2), which: fc.nat() }),
  fc.record({ kind: fc.constant("repair" as const), device: fc.nat(2) }),
  fc.record({ kind: fc.constant("restart" as const), device: fc.nat(2), isSwapped: fc.boolean() }),
);

async function idsOf(store: ArchiveStore): Promise<ArchiveId[]> {
  const ids: ArchiveId[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids.sort();
}

describe("mirrors of devices that share a place", () => {
  it("behavior: what one of them removes is removed everywhere, and nothing else is, whatever the order of their lists", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        const { keys, keep } = sealing();
        const shared = memoryStore();
        const own = [memoryStore(), memoryStore(), memoryStore()];
        const open = (device: number, isSwapped = false) => {
          const list = [own[device]!, shared];
          return mirror(isSwapped ? list.reverse() : list, { keys, restMs: 0, repairs: false });
        };
        const devices: MirrorStore[] = own.map((_, device) => open(device));
        const [kept, removed] = [new Set<ArchiveId>(), new Set<ArchiveId>()];
        // Each device has been there before: it is known that its own place exists.
        for (const device of devices) kept.add(await keep(device, `first ${kept.size}`));
        for (const each of steps) {
          const device = devices[each.device]!;
          if (each.kind === "keep") kept.add(await keep(device, `archive ${kept.size}`));
          if (each.kind === "repair") await device.repair();
          if (each.kind === "restart") devices[each.device] = open(each.device, each.isSwapped);
          if (each.kind !== "remove") continue;
          const listed = await idsOf(device);
          const id = listed[each.which % listed.length];
          if (id === undefined) continue;
          await device.remove(id);
          removed.add(id);
        }
        for (let round = 0; round < 4; round++) for (const device of devices) await device.repair();
        const alive = [...kept].filter((id) => !removed.has(id)).sort();
        for (const place of [shared, ...own]) expect(await idsOf(place)).toEqual(alive);
        for (const device of devices) expect(await idsOf(device)).toEqual(alive);
      }),
      { numRuns: runs(60) },
    );
  });
});
