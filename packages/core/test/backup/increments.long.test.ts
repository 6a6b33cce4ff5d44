import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { joinPoint } from "../../src/archives/joinPoint.ts";
import { afresh, local, textsOf, type World } from "../support/lastWhole.ts";
import { act, deeds, isExchange } from "../support/randomLife.ts";

/** What the archives of a restore point hold together. */
async function pointOf({ host, store, key, backups }: World, id: string): Promise<string[]> {
  const entries = await backups.list();
  const entry = entries.find((each) => each.id === id);
  if (entry?.seal !== "open") throw new Error(`The archive is ${entry?.seal}.`);
  const parts = [];
  for (const each of entry.chain ?? [id]) {
    const { details } = entries.find((other) => other.id === each) ?? {};
    if (details) parts.push({ id: each, details, blob: await store.get(each) });
  }
  const { archive, key: joinedKey } = await joinPoint(host, parts, key);
  return textsOf(archive.blob, joinedKey);
}

describe("a restore point of increments", () => {
  it("behavior: whatever happened, each one holds what a whole archive of its time would, and goes on doing so", async () => {
    let increments = 0;
    await fc.assert(
      fc.asyncProperty(deeds(), async (life) => {
        const one = local(undefined, { policy: { increments: { maxShare: 1 }, keep: { last: "all" } } });
        await one.backups.backup().result;
        let touched = new Map<unknown, string>();
        const points = new Map<string, string[]>();
        for (const [index, each] of [...life, { kind: "backup", which: 0, far: 0 }].entries()) {
          one.clock.advance(3_600_000);
          one.host.exportedAtNs += 1_000n;
          if (!isExchange(one, touched, each)) act(one, index, each);
          if (each.kind !== "backup") continue;
          touched = new Map();
          const { entry } = await one.backups.backup().result;
          if (entry.details?.increment) increments += 1;
          points.set(entry.id, await afresh(one));
          expect(await pointOf(one, entry.id)).toEqual(points.get(entry.id));
          expect(entry.details?.missingMessages).toBeUndefined();
        }
        for (const [id, records] of points) expect(await pointOf(one, id)).toEqual(records);
      }),
      { numRuns: runs(160) },
    );
    expect(increments).toBeGreaterThan(20);
  });
});
