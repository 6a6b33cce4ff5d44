import { describe, expect, it } from "vitest";
import { createTurns } from "./createTurns.ts";

/** Work that ends when it is let go, and notes when it begins and ends. */
function controlled(events: string[]) {
  const gates = new Map<string, { resolve(): void; reject(error: unknown): void }>();
  const run = (name: string) => async () => {
    events.push(`${name} begins`);
    await new Promise<void>((resolve, reject) => gates.set(name, { resolve, reject })).finally(() => events.push(`${name} ends`));
    return name;
  };
  return { run, gate: (name: string) => gates.get(name)! };
}

/** Everything that can run without further events has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("createTurns", () => {
  it("default: work on one thing runs one after the other, in the order of the calls", async () => {
    const events: string[] = [];
    const { run, gate } = controlled(events);
    const turns = createTurns<string>();
    const all = ["a", "b", "c"].map((name) => turns("file", run(name)));
    for (const name of ["a", "b", "c"]) {
      await settled();
      gate(name).resolve();
    }
    expect(await Promise.all(all)).toEqual(["a", "b", "c"]);
    expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("behavior: work on different things runs side by side; objects are told apart by identity", async () => {
    const events: string[] = [];
    const { run } = controlled(events);
    const turns = createTurns<object>();
    void turns({}, run("a"));
    void turns({}, run("b"));
    await settled();
    expect(events).toEqual(["a begins", "b begins"]);
  });

  it("behavior: what fails, at once or later, holds up nobody and is heard by its caller alone", async () => {
    const turns = createTurns<string>();
    const thrown = turns("file", () => {
      throw new Error("at once");
    });
    const rejected = turns("file", () => Promise.reject(new Error("later")));
    const last = turns("file", async () => "last");
    await expect(thrown).rejects.toThrow("at once");
    await expect(rejected).rejects.toThrow("later");
    expect(await last).toBe("last");
  });

  it("behavior: what is aborted while it waits rejects at once, never begins, and lets the others keep their order", async () => {
    const events: string[] = [];
    const { run, gate } = controlled(events);
    const turns = createTurns<string>();
    const controller = new AbortController();
    const first = turns("file", run("first"));
    const waiting = turns("file", run("waiting"), { signal: controller.signal });
    const last = turns("file", run("last"));
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await settled();
    expect(events).toEqual(["first begins"]);
    gate("first").resolve();
    await first;
    await settled();
    gate("last").resolve();
    await last;
    expect(events).toEqual(["first begins", "first ends", "last begins", "last ends"]);
  });

  it("behavior: what is aborted by the work before it never begins", async () => {
    const turns = createTurns<string>();
    const controller = new AbortController();
    let hasBegun = false;
    void turns("file", async () => controller.abort(new Error("enough")));
    await expect(turns("file", async () => void (hasBegun = true), { signal: controller.signal })).rejects.toThrow("enough");
    expect(hasBegun).toBe(false);
  });

  it("behavior: an aborted signal refuses work for which nobody waits", async () => {
    await expect(createTurns<string>()("file", async () => 1, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });

  it("behavior: work that has begun is waited for to its end, and holds its turn until then", async () => {
    const events: string[] = [];
    const { run, gate } = controlled(events);
    const turns = createTurns<string>();
    const controller = new AbortController();
    const begun = turns("file", run("begun"), { signal: controller.signal });
    const next = turns("file", run("next"));
    await settled();
    controller.abort();
    await settled();
    expect(events).toEqual(["begun begins"]);
    gate("begun").resolve();
    expect(await begun).toBe("begun");
    await settled();
    gate("next").resolve();
    await next;
  });
});
