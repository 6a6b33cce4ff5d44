import { type Backups, followBackups, serveBackups, switchBackups } from "@xmtp-backup/core";
import { BehaviorSubject } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../../../../test/until.ts";
import { backupsMethods, callMethod, makeMethods, type MethodName, type MethodRow, type MethodTable } from "../../src/backupsMethods.ts";
import { channelOf } from "../support/channel.ts";
import { world } from "../support/world.ts";

const ends: (() => void)[] = [];
afterEach(() =>
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end()),
);

/** What another tab has of backups, some of whose methods are replaced. */
function followed(replaced: Partial<Backups>): Backups {
  const link = channelOf(ends);
  const server = serveBackups(link());
  const { backups } = world({}, { logger: false });
  server.open({ ...backups, ...replaced });
  const follower = followBackups(link(), { logger: false });
  ends.push(follower.close, server.close, backups.stop);
  return follower.backups;
}

describe("calls of another tab", () => {
  it("behavior: conversations that the user dismisses there are dismissed here", async () => {
    const dismissed: (readonly string[])[] = [];
    followed({ dismiss: (ids) => void dismissed.push(ids) }).dismiss(["a", "b"]);
    await until(() => dismissed.length > 0);
    expect(dismissed).toEqual([["a", "b"]]);
  });

  it("behavior: a method without parameters works as the listener of a button, whose event can't be cloned", async () => {
    let retries = 0;
    const retry: (event: unknown) => void = followed({ retry: () => void (retries += 1) }).retry;
    retry({ target: () => undefined });
    await until(() => retries > 0);
    expect(retries).toBe(1);
  });
});

const rows = Object.entries(backupsMethods) as [MethodName, MethodRow][];
const passedOn = rows.filter(([, { answers }]) => answers !== "value");

/** Backups themselves, what another tab has of them, and a switch between such. */
const forms: [form: string, make: () => Backups][] = [
  ["backups", () => world({}, { logger: false }).backups],
  ["backups of another tab", () => followed({})],
  ["switched backups", () => switchBackups(new BehaviorSubject(world({}, { logger: false }).backups))],
];

function methodsOf(backups: Backups): string[] {
  const namesOf = (object: object) => Object.entries(object).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
  return [...namesOf(backups), ...namesOf(backups.historySync).map((name) => `historySync.${name}`)].sort();
}

describe("the table of the methods of Backups", () => {
  it.each(forms)("default: names every method of %s, and no other", (_form, make) => {
    expect(methodsOf(make())).toEqual(rows.map(([name]) => name).sort());
  });

  it.each(forms)("behavior: whatever of %s answers with a promise says so", async (_form, make) => {
    for (const [name, { answers }] of rows) {
      const backups = make();
      let answer: unknown;
      try {
        answer = callMethod(backups, name, []);
      } catch {
        // It was given nothing. What is refused at once answers with no promise.
      }
      if (answer instanceof Promise) answer.catch(() => undefined);
      const isTask = answer instanceof Promise && "cancel" in answer;
      expect([name, answer instanceof Promise && !isTask]).toEqual([name, answers === "promise"]);
      backups.stop();
    }
  });

  it.each(passedOn)(
    "behavior: %s of another tab reaches the method of that name, with its parameters",
    async (name, { optionsAt, takes = 0 }) => {
      const heard: unknown[] = [];
      const hear =
        (called: MethodName) =>
        (...parameters: unknown[]) =>
          void heard.push([called, ...parameters]);
      const { backups } = world({}, { logger: false });
      const recorded = {
        ...backups,
        ...makeMethods(["nothing"], hear),
        ...makeMethods(
          ["promise"],
          (called) =>
            async (...parameters) =>
              hear(called)(...parameters),
        ),
      };
      const first = name === "setPolicy" ? { frequency: "daily" } : ["a"];
      const given = Array.from({ length: optionsAt === undefined ? takes : optionsAt + 1 }, (_, index) =>
        index === optionsAt ? { some: "option" } : first,
      );
      const signal: unknown = expect.any(AbortSignal);
      void callMethod(followed(recorded), name, given);
      await until(() => heard.length > 0);
      const { movesBytes }: MethodRow = backupsMethods[name];
      const tools = { signal, ...(movesBytes && { onProgress: expect.any(Function) as unknown }) };
      expect(heard).toEqual([[name, ...given.map((each, index) => (index === optionsAt ? { ...each, ...tools } : each))]]);
    },
  );

  it("parameters: a row that is missing or wrong does not compile", () => {
    const { list: _list, ...others } = backupsMethods;
    // @ts-expect-error There is no row for `list`.
    void (others satisfies MethodTable);
    // @ts-expect-error The options of `list` are its first parameter.
    void ({ ...backupsMethods, list: { answers: "promise", optionsAt: 1, partOf: "upkeep" } } as const satisfies MethodTable);
    // @ts-expect-error It answers with a promise.
    void ({ ...backupsMethods, list: { answers: "nothing" } } as const satisfies MethodTable);
    // @ts-expect-error It takes `onProgress`.
    void ({ ...backupsMethods, verify: { answers: "promise", optionsAt: 1, partOf: "upkeep" } } as const satisfies MethodTable);
    // @ts-expect-error Its code is loaded with the rest of upkeep.
    void ({ ...backupsMethods, pin: { answers: "promise", optionsAt: 1 } } as const satisfies MethodTable);
    expect(backupsMethods satisfies MethodTable).toBe(backupsMethods);
  });
});
