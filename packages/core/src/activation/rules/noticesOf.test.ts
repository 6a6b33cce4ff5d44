import { describe, expect, it } from "vitest";
import { tracked } from "../../../test/trackedConversation.ts";
import type { ActivationStatus, TrackedConversation } from "./trackedConversation.ts";
import { type NoticeMemory, noticesOf } from "./noticesOf.ts";

const followed = (...statuses: ActivationStatus[]): TrackedConversation[] => statuses.map((status, index) => tracked(String(index), { status }));

/** What is told while the statuses change one after the other. */
function tell(...steps: TrackedConversation[][]): string[][] {
  let before: TrackedConversation[] = [];
  let memory: NoticeMemory = {};
  return steps.map((after) => {
    const told = noticesOf(before, after, memory);
    [before, memory] = [after, told.memory];
    return told.notices.map((notice) => (notice.type === "stalled" ? `${notice.conversation.id} stalled` : `${notice.type}: ${notice.active} of ${notice.total}`));
  });
}

describe("noticesOf", () => {
  it("default: the first, half, all, each once", () => {
    expect(
      tell(
        followed("waiting", "waiting", "waiting", "waiting"),
        followed("active", "waiting", "waiting", "waiting"),
        followed("active", "active", "waiting", "waiting"),
        followed("active", "active", "active", "waiting"),
        followed("active", "active", "active", "active"),
        followed("active", "active", "active", "active"),
      ),
    ).toEqual([[], ["first: 1 of 4"], ["half: 2 of 4"], [], ["all: 4 of 4"], []]);
  });

  it("behavior: of milestones that are reached together only the last", () => {
    expect(tell(followed("waiting"), followed("active"))).toEqual([[], ["all: 1 of 1"]]);
    expect(tell(followed("waiting", "waiting", "waiting"), followed("active", "active", "waiting"))).toEqual([[], ["half: 2 of 3"]]);
  });

  it("behavior: one that stalled, each time it does", () => {
    expect(tell(followed("waiting", "waiting"), followed("stalled", "waiting"), followed("stalled", "waiting"), followed("waiting", "waiting"), followed("stalled", "waiting"))).toEqual([
      [], ["0 stalled"], [], [], ["0 stalled"],
    ]);
  });

  it("behavior: what was left out does not count", () => {
    expect(tell(followed("waiting", "leftOut"), followed("active", "leftOut"))).toEqual([[], ["all: 1 of 1"]]);
  });

  it("behavior: another restore begins anew, from where all of them stand", () => {
    expect(
      tell(
        followed("waiting", "waiting"),
        followed("active", "active"),
        followed("active", "active", "waiting", "waiting"),
        followed("active", "active", "active", "waiting"),
        followed("active", "active", "active", "active"),
      ),
    ).toEqual([[], ["all: 2 of 2"], [], [], ["all: 4 of 4"]]);
  });
});
