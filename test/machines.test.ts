import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createMachine } from "xstate";
import { drawMachine, statesOf } from "../scripts/drawMachine.ts";
import { machines, machinesPage, withPictures } from "../scripts/machinesPage.ts";

const page = await readFile(machinesPage, "utf8");

describe("docs/machines.md", () => {
  it("default: its pictures are what the machines are today (npm run pictures:machines draws them)", () => {
    expect(page).toBe(withPictures(page));
  });

  it.each(machines.map((machine) => [machine.id, machine] as const))(
    "default: the table of %s names every state, and no other",
    (id, machine) => {
      const [before = ""] = page.split(`<!-- machine: ${id} -->`);
      const rows = before.slice(before.lastIndexOf("| state |")).match(/^\| `.*?`(?= \|)/gmu) ?? [];
      expect(rows.flatMap((row) => row.match(/\w+/gu) ?? []).sort()).toEqual(statesOf(machine).sort());
    },
  );
});

describe("drawMachine", () => {
  it("default: guards in order, timers and actors by name, and what changes no state left out", () => {
    const machine = createMachine({
      initial: "working",
      on: { note: { actions: "write" }, stop: ".over" },
      states: {
        working: { invoke: { src: "work", onDone: [{ guard: "isEnough", target: "over" }, { target: "resting" }], onError: "resting" } },
        resting: { after: { while: "working" }, on: { call: "working", again: { target: "resting", reenter: true } } },
        over: { type: "final" },
      },
    });
    expect(drawMachine(machine).split("\n")).toEqual([
      "stateDiagram-v2",
      "  [*] --> working",
      '  state "any state" as any',
      "  any --> over: stop",
      "  working --> over: done [isEnough]",
      "  working --> resting: done [else]<br>error",
      "  resting --> working: call<br>after while",
      "  resting --> resting: again",
      "  over --> [*]",
    ]);
  });

  it("behavior: what the states of a group share is one arrow, and one that crosses a border stands outside", () => {
    const machine = createMachine({
      id: "trip",
      initial: "going",
      states: {
        going: {
          initial: "walking",
          on: { turn: ".walking", stop: "home" },
          states: { walking: { on: { tired: "#trip.home", bus: "riding" } }, riding: { on: { tired: "#trip.home", out: "#trip.away" } } },
        },
        home: {},
        away: {},
      },
    });
    expect(drawMachine(machine).split("\n")).toEqual([
      "stateDiagram-v2",
      "  [*] --> going",
      "  state going {",
      "    [*] --> walking",
      '    state "any state" as any_going',
      "    any_going --> walking: turn",
      "    walking --> riding: bus",
      "  }",
      "  going --> home: stop<br>tired",
      "  riding --> away: out",
    ]);
  });

  it("behavior: an arrow that only one state of two has stays with it", () => {
    const states = { a: { on: { go: "#m.b1", end: "#m.c" } }, b1: { on: { go: "#m.c" } } };
    const machine = createMachine({
      id: "m",
      initial: "group",
      states: { group: { initial: "a", states: { a: states.a, b: { on: { end: "#m.d" } } } }, b1: states.b1, c: {}, d: {} },
    });
    expect(drawMachine(machine)).toContain("  a --> b1: go\n  a --> c: end\n  b --> d: end");
  });

  it("behavior: a guard without a name, or two states of one name, is refused", () => {
    const nameless = createMachine({ initial: "a", states: { a: { on: { go: { guard: () => true, target: "b" } } }, b: {} } });
    expect(() => drawMachine(nameless)).toThrow("name it in setup()");
    const twins = createMachine({ initial: "a", states: { a: { initial: "b", states: { b: {} } }, b: {} } });
    expect(() => drawMachine(twins)).toThrow("Two states are called b");
  });
});
