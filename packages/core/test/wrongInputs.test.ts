import { type Backups, createBackups, followBackups, serveBackups } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { afterEach, describe, expect, it } from "vitest";
import { channelOf } from "./support/channel.ts";
import { backUp, contentsOf, world } from "./support/world.ts";

const ends: (() => void)[] = [];
afterEach(() =>
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end()),
);

/** What untyped code passes. */
const anything = <T>(value: unknown) => value as T;

const parts = () => ({ host: fakeHost({ inbox: fakeInbox() }), store: memoryStore(), keys: memoryKeys() });

/** The backups themselves, and the same as another tab sees them. */
function bothOf(backups: Backups): [where: string, backups: Backups][] {
  const link = channelOf(ends);
  const server = serveBackups(link());
  server.open(backups);
  const follower = followBackups(link(), { guardedMethods: ["sendText"] });
  ends.push(follower.close, server.close);
  return [
    ["here", backups],
    ["in another tab", follower.backups],
  ];
}

const codeOf = async (run: () => unknown): Promise<unknown> => {
  try {
    const got = (await run()) as { result?: Promise<unknown> } | undefined;
    await got?.result;
    return "nothing was refused";
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
};

describe("createBackups, given what is wrong", () => {
  const wrong: [title: string, options: () => unknown, message: RegExp][] = [
    ["nothing", () => undefined, /a host, a store and keys/],
    ["null", () => null, /a host, a store and keys/],
    ["text", () => "backups", /a host, a store and keys/],
    ["no part at all", () => ({}), /^host is missing\. Pass what nodeHost or browserHost gives/],
    ["no store", () => ({ ...parts(), store: undefined }), /^store is missing/],
    ["no keys", () => ({ ...parts(), keys: undefined }), /^keys is missing/],
    ["null as the host", () => ({ ...parts(), host: null }), /^host has no method/],
    ["a client in place of its host", () => ({ ...parts(), host: { inboxId: "me", conversations: {} } }), /^host has no method identity/],
    ["a folder in place of a store", () => ({ ...parts(), store: "./backups" }), /^store has no method open/],
    ["a key in place of a key store", () => ({ ...parts(), keys: new Uint8Array(32) }), /^keys has no method load/],
    ["a key store in place of a store", () => ({ ...parts(), store: memoryKeys() }), /^store has no method/],
    ["a promise of a store", () => ({ ...parts(), store: Promise.resolve(memoryStore()) }), /^store has no method/],
    ["an unknown option", () => ({ ...parts(), polcy: {} }), /no option "polcy"\. Did you mean policy\?/],
    ["an option like no other", () => ({ ...parts(), colour: "red" }), /no option "colour"\. (?!Did)/],
    [
      "an unknown setting of activation",
      () => ({ ...parts(), activation: { recreatDms: "ask" } }),
      /no option "recreatDms"\. Did you mean recreateDms\?/,
    ],
    ["a wrong setting of activation", () => ({ ...parts(), activation: { recreateDms: "always" } }), /recreateDms/],
    ["text as activation", () => ({ ...parts(), activation: "ask" }), /activation/],
    ["text as allowNewKey", () => ({ ...parts(), allowNewKey: "yes" }), /allowNewKey/],
    ["a number as the version", () => ({ ...parts(), appVersion: 2 }), /appVersion/],
    ["a clock that is none", () => ({ ...parts(), clock: { now: 5 } }), /^clock has no method now/],
    ["text as the logger", () => ({ ...parts(), logger: "console" }), /^logger has no method debug/],
    ["true as the logger", () => ({ ...parts(), logger: true }), /^logger has no method debug/],
    ["null as the logger", () => ({ ...parts(), logger: null }), /^logger has no method debug/],
    ["a function as the logger", () => ({ ...parts(), logger: () => undefined }), /^logger has no method debug/],
    ["a logger without a level", () => ({ ...parts(), logger: { debug() {}, info() {}, warn() {} } }), /^logger has no method error/],
    ["text as inspect", () => ({ ...parts(), inspect: "all" }), /^inspect is a function/],
    ["true as inspect", () => ({ ...parts(), inspect: true }), /^inspect is a function/],
    ["null as inspect", () => ({ ...parts(), inspect: null }), /^inspect is a function/],
    ["an inspector that is no observer", () => ({ ...parts(), inspect: { observe() {} } }), /^inspect is a function/],
    ["a mistyped logger", () => ({ ...parts(), loger: console }), /no option "loger"\. Did you mean logger\?/],
    ["a journal that is none", () => ({ ...parts(), journal: {} }), /^journal has no method/],
  ];

  it.each(wrong)("parameters: %s is refused at once", (_title, options, message) => {
    const make = () => createBackups(anything(options()));
    expect(make).toThrowError(
      expect.objectContaining({ name: "BackupError", code: "OPTIONS_INVALID", message: expect.stringMatching(message) as string }) as Error,
    );
  });

  it("parameters: an unknown setting of the policy is refused with the nearest known one", () => {
    const make = () => createBackups({ ...parts(), policy: anything({ frequncy: "daily" }) });
    expect(make).toThrowError(
      expect.objectContaining({ code: "POLICY_INVALID", message: expect.stringContaining("Did you mean frequency?") as string }) as Error,
    );
  });
});

describe("followBackups, given what is wrong", () => {
  const wrong: [title: string, options: unknown, message: RegExp][] = [
    ["null", null, /takes its options as an object/],
    ["an empty logger", { logger: {} }, /^logger has no method debug/],
    ["text as the logger", { logger: "console" }, /^logger has no method debug/],
    ["null as the logger", { logger: null }, /^logger has no method debug/],
    ["a mistyped logger", { loger: console }, /no option "loger"\. Did you mean logger\?/],
    ...[NaN, 0, -1, Infinity, 2 ** 31].map((ms): [string, unknown, RegExp] => [
      `${ms} as the time to answer`,
      { answerWithinMs: ms },
      /^answerWithinMs is more than 0/,
    ]),
    ["text as the time to answer", { answerWithinMs: "10" }, /answerWithinMs is a number/],
  ];

  it.each(wrong)("parameters: %s is refused at once", (_title, options, message) => {
    const follow = () => followBackups(channelOf(ends)(), anything(options));
    expect(follow).toThrowError(
      expect.objectContaining({ code: "OPTIONS_INVALID", message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

const notOptions: [title: string, value: unknown][] = [
  ["null", null],
  ["a number", 5],
  ["a list", []],
  ["a promise", Promise.resolve({})],
  ["an unknown option", { signl: undefined }],
  ["an event of a button", { isTrusted: true }],
  ["a signal that is none", { signal: "stop" }],
];
const notArchives: [title: string, value: unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["a number", 5],
  ["an object without an id", { name: "Before iOS update" }],
  ["an id that is no text", { id: 5 }],
  ["a list of entries", [{ id: "one" }]],
];
const id = "0".repeat(8) + "-0000-4000-8000-" + "0".repeat(12);

type Call = (backups: Backups, value: never) => unknown;
const withOptions: Record<string, Call> = {
  backup: (backups, value) => backups.backup(value),
  restore: (backups, value) => backups.restore(id, value),
  list: (backups, value) => backups.list(value),
  deletedMessages: (backups, value) => backups.deletedMessages(value),
  inspect: (backups, value) => backups.inspect(id, value),
  remove: (backups, value) => backups.remove(id, value),
  rename: (backups, value) => backups.rename(id, "name", value),
  pin: (backups, value) => backups.pin(id, value),
  unpin: (backups, value) => backups.unpin(id, value),
  verify: (backups, value) => backups.verify(id, value),
  rekey: (backups, value) => backups.rekey(id, value),
  planRetention: (backups, value) => backups.planRetention(undefined, value),
  acceptSmaller: (backups, value) => backups.acceptSmaller(value),
  otherInstallations: (backups, value) => backups.otherInstallations(value),
  gapFillers: (backups, value) => backups.gapFillers(value),
  "historySync.request": (backups, value) => backups.historySync.request(value),
  "historySync.send": (backups, value) => backups.historySync.send("1234", value),
  "historySync.available": (backups, value) => backups.historySync.available(value),
  "historySync.process": (backups, value) => backups.historySync.process(undefined, value),
};
const withArchive: Record<string, Call> = {
  restore: (backups, value) => backups.restore(value),
  inspect: (backups, value) => backups.inspect(value),
  remove: (backups, value) => backups.remove(value),
  rename: (backups, value) => backups.rename(value, "name"),
  pin: (backups, value) => backups.pin(value),
  unpin: (backups, value) => backups.unpin(value),
  verify: (backups, value) => backups.verify(value),
  rekey: (backups, value) => backups.rekey(value),
};
const withOther: [title: string, call: (backups: Backups) => unknown][] = [
  ["elements that are no list", (backups) => backups.backup({ elements: anything("messages") })],
  ["an element that is none", (backups) => backups.backup({ elements: anything(["mesages"]) })],
  ["a name that is no text", (backups) => backups.backup({ name: anything(5) })],
  ["a time that is a number", (backups) => backups.backup({ startNs: anything(5) })],
  ["a trigger that is none", (backups) => backups.backup({ trigger: anything("me") })],
  ["a switch that is text", (backups) => backups.backup({ allowNewKey: anything("yes") })],
  ["a switch of a restore that is text", (backups) => backups.restore(id, { allowOtherInbox: anything("yes") })],
  ["unsent messages in other words", (backups) => backups.restore(id, { unsent: anything("all") })],
  ["bytes to restore", (backups) => backups.restore(anything(new Uint8Array(9)))],
  ["bytes to inspect", (backups) => backups.inspect(anything(new ArrayBuffer(9)))],
  ["a new name that is no text", (backups) => backups.rename(id, anything(5))],
  ["an event that is no text", (backups) => backups.prepareFor(anything({ type: "click" }))],
  ["a conversation without an id", (backups) => backups.conversation(anything(undefined))],
  ["nothing to guard", (backups) => backups.guardWrites(anything(undefined))],
  ["an id to guard", (backups) => backups.guardWrites(anything("id"))],
  ["a conversation to guard without an id", (backups) => backups.guardWrites(anything({}))],
  ["one DM in place of a list", (backups) => backups.recreateDms(anything("id"))],
  ["DMs in place of their ids", (backups) => backups.recreateDms(anything([{ id: "dm" }]))],
  ["one conversation to leave out in place of a list", (backups) => backups.dismiss(anything("id"))],
  ["nothing to follow again", (backups) => backups.trackAgain(anything(undefined))],
  ["a pin that is a number", (backups) => backups.historySync.send(anything(1234))],
  ["an empty pin", (backups) => backups.historySync.send(" ")],
  ["a pin to process that is a number", (backups) => backups.historySync.process(anything(1234))],
  ["days that are text", (backups) => backups.historySync.available({ days: anything("30") })],
  ["elements of history sync that are no list", (backups) => backups.historySync.request({ elements: anything("messages") })],
];

async function expectRefused(call: (backups: Backups) => unknown, what: string, one = world()): Promise<void> {
  for (const [where, backups] of bothOf(one.backups))
    expect([what, where, await codeOf(() => call(backups))]).toEqual([what, where, "OPTIONS_INVALID"]);
}

describe("every call, given what is wrong", () => {
  it.each([
    ...Object.entries(withOptions).map(([name, call]) => [name, "options", call, notOptions] as const),
    ...Object.entries(withArchive).map(([name, call]) => [name, "an archive", call, notArchives] as const),
  ])("parameters: %s takes nothing else for %s", async (_name, _kind, call, values) => {
    const one = world();
    await backUp(one.backups);
    const before = contentsOf(one.store);
    for (const [what, value] of values) await expectRefused((backups) => call(backups, value as never), what, one);
    expect(contentsOf(one.store)).toEqual(before);
  });

  it.each(withOther)("parameters: %s", (title, call) => expectRefused(call, title));

  it("parameters: a mistaken option is named with the nearest one", async () => {
    const { backups } = world();
    await expect(backups.backup(anything({ nmae: "x" })).result).rejects.toThrow(/backup has no option "nmae"\. Did you mean name\?/);
    await expect(backups.restore(id, anything({ salvaged: true })).result).rejects.toThrow(
      /restore has no option "salvaged"\. Did you mean salvage\?/,
    );
  });

  it("parameters: what is no id can't be written", () => {
    const { backups } = world();
    for (const [, each] of bothOf(backups)) {
      for (const value of [undefined, null, 5, "", {}]) expect(each.canWrite(anything(value))).toBe(false);
      expect(each.canWrite("an id of a conversation that was never restored")).toBe(true);
    }
  });

  it("behavior: a mistaken call does not end the policy's own counting", async () => {
    const { backups } = world();
    await backups.start();
    await codeOf(() => backups.backup(anything({ elements: 5 })));
    expect((await backups.backup("afterwards").result).entry.details?.name).toBe("afterwards");
    backups.stop();
  });
});

describe("an archive, named in any way", () => {
  it("default: text alone is the name of a backup", async () => {
    const { backups } = world();
    for (const [where, each] of bothOf(backups)) expect((await each.backup(where).result).entry.details?.name).toBe(where);
  });

  it.each([
    ["its id", (entry: { id: string }) => entry.id],
    ["its entry", (entry: { id: string }) => entry],
    ["an object with its id", ({ id }: { id: string }) => ({ id })],
  ])("parameters: by %s", async (_title, named) => {
    const { backups } = world();
    for (const [, each] of bothOf(backups)) {
      const ref = named(await backUp(backups));
      const counts = { messages: 6 };
      expect((await each.inspect(ref)).counts).toMatchObject(counts);
      expect((await each.rename(ref, "kept")).details).toMatchObject({ name: "kept" });
      expect((await each.pin(ref)).details).toMatchObject({ pinned: true });
      expect((await each.unpin(ref)).details?.pinned).toBeUndefined();
      expect((await each.verify(ref)).seal).toBe("open");
      expect((await each.rekey(ref)).seal).toBe("open");
      expect((await each.restore(ref).result).messages).toMatchObject({ expected: 6 });
      await each.remove(ref);
      expect(await each.list()).toEqual([]);
    }
  });

  it("parameters: an id that is not listed is not found, and says nothing of damage", async () => {
    const { backups } = world();
    for (const [, each] of bothOf(backups)) {
      expect(await codeOf(() => each.restore(id))).toBe("ARCHIVE_NOT_FOUND");
      for (const unknown of ["an id", { id: "an id" }, ""]) expect(await codeOf(() => each.restore(unknown))).toBe("ARCHIVE_NOT_FOUND");
    }
  });
});
