import { createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { generateArchiveKey, type Keep } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { backUp } from "../support/world.ts";

const dayMs = 24 * 60 * 60 * 1000;
const hourMs = dayMs / 24;

/** So many backups, a time apart each, under rules that keep them all. */
async function backedUp(
  keep: Keep,
  { count = 4, apartMs = dayMs, monotonic }: { count?: number; apartMs?: number; monotonic?: () => number } = {},
) {
  const clock = Object.assign(fakeClock(), monotonic && { monotonic });
  const host = fakeHost({ inbox: fakeInbox() });
  const store = memoryStore(clock.now);
  const backups = createBackups({ host, store, keys: memoryKeys(generateArchiveKey()), clock, policy: { keep } });
  for (let made = 0; made < count; made += 1) {
    if (made > 0) clock.advance(apartMs);
    await backUp(backups);
  }
  const prune = async () => (await backups.backup().result).prunedIds.length;
  /** Somebody writes now. */
  const write = () => {
    const [conversation] = host.inbox.conversations.values();
    const id = crypto.randomUUID().replaceAll("-", "").repeat(2);
    conversation?.messages.set(id, { id, text: "Now", sentAtNs: BigInt(clock.now()) * 1_000_000n, senderInboxId: "b".repeat(64) });
  };
  return { backups, clock, prune, write };
}

describe("a backup under a wrong clock", () => {
  it.each([
    ["years, daily", { within: "30d" }, {}, 400 * dayMs],
    ["a month and a half, daily", { within: "30d" }, {}, 45 * dayMs],
    ["half a day, by the hour", { within: "12h" }, { apartMs: hourMs }, 12 * hourMs],
    ["days, by the hour", { within: "36h", last: 1 }, { apartMs: hourMs }, 3 * dayMs],
    ["a century, weekly", { within: "1y" }, { apartMs: 7 * dayMs }, 36_500 * dayMs],
  ] as const)(
    "behavior: %s: prunes nothing, however often it backs up, nor does the right clock after it",
    async (_name, keep, rhythm, byMs) => {
      const { clock, prune } = await backedUp(keep, rhythm);
      clock.sleep(byMs);
      expect(await prune()).toBe(0);
      clock.advance(hourMs / 4);
      expect(await prune()).toBe(0);
      clock.sleep(-byMs);
      expect(await prune()).toBe(0);
    },
  );

  it("behavior: the archive that was just made stays, where the clock was set back before all others or stands still", async () => {
    for (const byMs of [-3 * dayMs, 0]) {
      const { backups, clock } = await backedUp({ last: 1 }, { count: 1 });
      for (let count = 0; count < 4; count += 1) {
        clock.sleep(byMs);
        const { id } = await backUp(backups);
        expect((await backups.list()).some((entry) => entry.id === id)).toBe(true);
      }
    }
  });

  it("behavior: planRetention says why an archive stays that seems too old", async () => {
    const { backups, clock, prune } = await backedUp({ within: "30d" });
    clock.sleep(400 * dayMs);
    await prune();
    expect((await backups.planRetention())[1]?.reasons).toEqual([{ reason: "within", within: "30d", isByDate: false }]);
  });

  it("behavior: a message that came since proves the time, and so does a process that has run all through it", async () => {
    const quiet = await backedUp({ within: "30d" });
    quiet.clock.sleep(400 * dayMs);
    quiet.write();
    expect(await quiet.prune()).toBe(4);

    let ranMs = 0;
    const server = await backedUp({ within: "30d" }, { monotonic: () => ranMs, apartMs: 0 });
    server.clock.advance(400 * dayMs);
    ranMs += 400 * dayMs;
    expect(await server.prune()).toBe(4);
  });

  it("behavior: monotonic time that did not go on with the clock proves nothing", async () => {
    let ranMs = 0;
    const { clock, prune } = await backedUp({ within: "30d" }, { monotonic: () => ranMs });
    ranMs += dayMs;
    clock.advance(400 * dayMs);
    expect(await prune()).toBe(0);
  });

  it("behavior: after a long break everything is pruned again once so much time is proven", async () => {
    const { backups, clock, prune } = await backedUp({ within: "10d" });
    clock.advance(100 * dayMs);
    expect(await prune()).toBe(0);
    for (let day = 0; day < 12; day += 1) {
      clock.advance(dayMs);
      await prune();
    }
    expect((await backups.list()).length).toBe(10);
  });

  it.each([{ hourly: 3 }, { daily: 3 }, { weekly: 3 }, { monthly: 3, last: 1 }] as Keep[])(
    "behavior: %o: a clock that was set back, and a date in the future, remove no more than the right clock",
    async (keep) => {
      const { backups, clock, prune } = await backedUp(keep, { count: 3 });
      const before = (await backups.list()).length;
      clock.sleep(-50 * dayMs);
      expect(await prune()).toBe(0);
      expect((await backups.list()).length).toBe(before + 1);
      clock.sleep(50 * dayMs + 4000 * dayMs);
      expect(await prune()).toBeLessThanOrEqual(2);
      expect((await backups.list()).length).toBeGreaterThanOrEqual(3);
    },
  );
});
