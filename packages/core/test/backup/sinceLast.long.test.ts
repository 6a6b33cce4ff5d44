import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { afresh, local, recordsOf } from "../support/lastWhole.ts";
import { act, deeds, isExchange } from "../support/randomLife.ts";

describe("a whole backup from the last one", () => {
  it("behavior: whatever happened meanwhile, it holds what an export of everything would", async () => {
    await fc.assert(
      fc.asyncProperty(deeds(), async (life) => {
        const one = local();
        await one.backups.backup().result;
        let [updates, touched] = [0, new Map<unknown, string>()];
        for (const [index, each] of [...life, { kind: "backup", which: 0, far: 0 }].entries()) {
          one.clock.advance(3_600_000);
          one.host.exportedAtNs += 1_000n;
          if (!isExchange(one, touched, each)) act(one, index, each);
          if (each.kind !== "backup") continue;
          touched = new Map();
          const { entry } = await one.backups.backup().result;
          if (entry.details?.updatedFrom !== undefined) updates += 1;
          expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
          expect(entry.details?.missingMessages).toBeUndefined();
        }
        // An archive of the future is none to build on.
        if (!life.some(({ kind }) => kind === "clockBack")) expect(updates).toBeGreaterThan(0);
      }),
      { numRuns: runs(160) },
    );
  });
});
