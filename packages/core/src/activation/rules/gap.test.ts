import { describe, expect, it } from "vitest";
import type { Gap } from "./trackedConversation.ts";
import { closeGap, coverGap, openGap } from "./gap.ts";

const own = "new phone";
const old = "old phone";

/** What a further import of an archive leaves of a gap. */
function cover(gap: Gap, archive: { startMs?: number; endMs: number; installationId?: string }, lastMessageMs?: number): Gap {
  return coverGap(gap, { conversations: [], ...archive }, { id: "a", ...(lastMessageMs !== undefined && { lastMessageMs }) }, own);
}

describe("gap", () => {
  it("default: opens at the archive's end and closes at the activation", () => {
    const gap = openGap({ endMs: 10, conversations: [] });
    expect(gap).toEqual({ fromMs: 10 });
    expect(closeGap(gap, 20)).toEqual({ fromMs: 10, toMs: 20 });
  });

  it("default: closes once", () => {
    expect(closeGap({ fromMs: 10, toMs: 20 }, 30)).toEqual({ fromMs: 10, toMs: 20 });
  });

  it("default: there is none when the archive is newer than the activation", () => {
    expect(closeGap({ fromMs: 30 }, 20)).toEqual({ fromMs: 30, toMs: 20, isFilled: true });
  });

  it.each<[name: string, gap: Gap, archive: Parameters<typeof cover>[1], expected: Gap]>([
    ["a newer archive moves the beginning of an open gap", { fromMs: 10 }, { endMs: 15, installationId: old }, { fromMs: 15 }],
    [
      "a newer archive that ends within it leaves the rest",
      { fromMs: 10, toMs: 20 },
      { endMs: 15, installationId: old },
      { fromMs: 15, toMs: 20 },
    ],
    [
      "an archive that reaches past its end fills it",
      { fromMs: 10, toMs: 20 },
      { endMs: 20, installationId: old },
      { fromMs: 10, toMs: 20, isFilled: true },
    ],
    ["an older archive changes nothing", { fromMs: 10, toMs: 20 }, { endMs: 9, installationId: old }, { fromMs: 10, toMs: 20 }],
    [
      "one that begins after its beginning changes nothing",
      { fromMs: 10, toMs: 20 },
      { startMs: 11, endMs: 30, installationId: old },
      { fromMs: 10, toMs: 20 },
    ],
    [
      "one that begins before its beginning counts",
      { fromMs: 10, toMs: 20 },
      { startMs: 9, endMs: 30, installationId: old },
      { fromMs: 10, toMs: 20, isFilled: true },
    ],
    [
      "this installation's own archive never has what it missed",
      { fromMs: 10, toMs: 20 },
      { endMs: 30, installationId: own },
      { fromMs: 10, toMs: 20 },
    ],
    [
      "a filled one stays filled",
      { fromMs: 10, toMs: 20, isFilled: true },
      { endMs: 15, installationId: old },
      { fromMs: 10, toMs: 20, isFilled: true },
    ],
  ])("behavior: %s", (_name, gap, archive, expected) => {
    expect(cover(gap, archive)).toEqual(expected);
  });

  it("behavior: an archive of unknown origin counts when it holds a message from within the gap", () => {
    const gap = { fromMs: 10, toMs: 20 };
    expect(cover(gap, { endMs: 30 })).toBe(gap);
    expect(cover(gap, { endMs: 30 }, 10)).toBe(gap);
    expect(cover(gap, { endMs: 30 }, 25)).toBe(gap);
    expect(cover(gap, { endMs: 30 }, 12)).toEqual({ ...gap, isFilled: true });
  });
});
