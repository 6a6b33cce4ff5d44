import { describe, expect, it } from "vitest";
import { tracked } from "../../../test/trackedConversation.ts";
import type { ActivationStatus, TrackedConversation } from "./trackedConversation.ts";
import { type NoticeMemory, noticesOf } from "./noticesOf.ts";

const trackedAs = (...statuses: ActivationStatus[]): TrackedConversation[] =>
  statuses.map((status, index) => tracked(String(index), { status }));

/** What is told while the statuses change one after the other. */
function tell(...steps: TrackedConversation[][]): string[][] {
  let before: TrackedConversation[] = [];
  let memory: NoticeMemory = {};
  return steps.map((after) => {
    const told = noticesOf(before, after, memory);
    [before, memory] = [after, told.memory];
    return told.notices.map((notice) =>
      notice.type === "stalled" ? `${notice.conversation.id} stalled` : `${notice.type}: ${notice.active} of ${notice.total}`,
    );
  });
}

describe("noticesOf", () => {
  it("default: the first, half, all, each once", () => {
    expect(
      tell(
        trackedAs("waiting", "waiting", "waiting", "waiting"),
        trackedAs("active", "waiting", "waiting", "waiting"),
        trackedAs("active", "active", "waiting", "waiting"),
        trackedAs("active", "active", "active", "waiting"),
        trackedAs("active", "active", "active", "active"),
        trackedAs("active", "active", "active", "active"),
      ),
    ).toEqual([[], ["first: 1 of 4"], ["half: 2 of 4"], [], ["all: 4 of 4"], []]);
  });

  it("behavior: of milestones that are reached together only the last", () => {
    expect(tell(trackedAs("waiting"), trackedAs("active"))).toEqual([[], ["all: 1 of 1"]]);
    expect(tell(trackedAs("waiting", "waiting", "waiting"), trackedAs("active", "active", "waiting"))).toEqual([[], ["half: 2 of 3"]]);
  });

  it("behavior: one that stalled, each time it does", () => {
    expect(
      tell(
        trackedAs("waiting", "waiting"),
        trackedAs("stalled", "waiting"),
        trackedAs("stalled", "waiting"),
        trackedAs("waiting", "waiting"),
        trackedAs("stalled", "waiting"),
      ),
    ).toEqual([[], ["0 stalled"], [], [], ["0 stalled"]]);
  });

  it("behavior: what was left out does not count", () => {
    expect(tell(trackedAs("waiting", "dismissed"), trackedAs("active", "dismissed"))).toEqual([[], ["all: 1 of 1"]]);
  });

  it("behavior: another restore begins again, from where all of them stand", () => {
    expect(
      tell(
        trackedAs("waiting", "waiting"),
        trackedAs("active", "active"),
        trackedAs("active", "active", "waiting", "waiting"),
        trackedAs("active", "active", "active", "waiting"),
        trackedAs("active", "active", "active", "active"),
      ),
    ).toEqual([[], ["all: 2 of 2"], [], [], ["all: 4 of 4"]]);
  });
});
