import { inspect } from "node:util";
import {
  BackupError,
  type BackupsLink,
  type BackupState,
  type BackupStatus,
  type BackupTask,
  followBackups,
  type Imported,
  isBackupError,
  type Reminder,
  serveBackups,
  switchBackups,
} from "@xmtp-backup/core";
import { BehaviorSubject, filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newInstallation, statesOf, world } from "../support/world.ts";
import { channel, codeOf, ends, shared } from "../support/sharedBackups.ts";

afterEach(() =>
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end()),
);

describe("followed backups", () => {
  it("default: list, rename, pin, verify and remove what the server has", async () => {
    const { followed, backups } = await shared();
    const { entry } = await backups.backup().result;
    expect(await followed.list()).toEqual([entry]);
    expect((await followed.rename(entry.id, "Lisbon")).details?.name).toBe("Lisbon");
    expect((await followed.pin(entry.id)).details?.pinned).toBe(true);
    const onProgress = vi.fn();
    expect((await followed.verify(entry.id, { onProgress })).details?.verifiedAtMs).toBeTypeOf("number");
    expect(onProgress).toHaveBeenLastCalledWith(entry.sizeBytes);
    expect((await followed.planRetention({ last: 1 })).map(({ action }) => action)).toEqual(["keep"]);
    await followed.acceptSmaller();
    await followed.remove(entry.id);
    expect(await backups.list()).toEqual([]);
  });

  it("default: a backup runs at the server, state by state, and its output arrives", async () => {
    const { followed, backups } = await shared();
    const task = followed.backup({ name: "From the other tab" });
    const states = statesOf(task);
    const { entry } = await task.result;
    expect(entry.details?.name).toBe("From the other tab");
    expect(await states).toEqual([
      "preparing",
      "exporting",
      "merging",
      "verifying",
      "storing",
      "confirming",
      "listing",
      "pruning",
      "cleaning",
      "succeeded",
    ]);
    expect(task.getState()).toMatchObject({ status: "succeeded", output: { entry: { id: entry.id } } });
    expect(await backups.list()).toEqual([entry]);
  });

  it("default: a restore shows its preview and goes on when it is confirmed", async () => {
    const one = world();
    const { entry } = await one.backups.backup().result;
    const { followed } = await shared({ ...one, ...newInstallation(one) });
    const task = followed.restore(entry, { confirm: true, key: one.key });
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ status: "awaitingConfirmation", preview: { counts: { messages: 6 } } }));
    task.confirm();
    expect((await task.result).messages).toEqual({ restored: 6, expected: 6 });
    await vi.waitFor(() => expect(followed.conversation(entry.details?.conversations[0]?.id ?? "").getState()?.status).toBe("waiting"));
  });

  it("default: status, policy, reminders and restored conversations are followed, the same objects until they change", async () => {
    const { followed, backups, clock } = await shared();
    const seen: BackupStatus[] = [];
    followed.status$.subscribe((status) => seen.push(status));
    await followed.start();
    await followed.backup().result;
    await vi.waitFor(() => expect(seen.at(-1)?.health?.level).toBe("ok"));
    await vi.waitFor(async () => expect(await firstValueFrom(followed.status$)).toEqual(await firstValueFrom(backups.status$)));
    expect(await firstValueFrom(followed.status$)).toBe(await firstValueFrom(followed.status$));
    followed.setPolicy({ frequency: "daily" });
    expect((await firstValueFrom(followed.policy$.pipe(filter(({ frequency }) => frequency === "daily")))).at).toBe("02:00");
    clock.advance(0);
    expect(await firstValueFrom(followed.activation$)).toEqual(await firstValueFrom(backups.activation$));
  });

  it("default: what an import brought reaches whoever follows, then and later, and is told once", async () => {
    const one = world();
    const { entry } = await one.backups.backup().result;
    const { followed, follower, backups, link } = await shared({ ...one, ...newInstallation(one) });
    const heard: Imported[] = [];
    switchBackups(new BehaviorSubject(followed)).imported$.subscribe((imported) => heard.push(imported));
    const { imported } = await followed.restore(entry).result;
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual([{ conversations: [] }, { id: expect.any(String) as string, by: "restore", conversations: imported }]);
    expect(imported.map(({ messages, firstMessageNs }) => [messages, typeof firstMessageNs])).toEqual([
      [3, "bigint"],
      [3, "bigint"],
    ]);

    follower.wake();
    const late = followBackups(link());
    ends.push(late.close);
    const [own, followedLate] = [
      await firstValueFrom(backups.imported$),
      late.backups.imported$.pipe(filter(({ id }) => id !== undefined)),
    ];
    expect(await firstValueFrom(followedLate)).toEqual(own);
    expect(heard).toHaveLength(2);
  });

  it("behavior: a task that the server's own end began is shown, and can be cancelled", async () => {
    const { followed, backups, host } = await shared();
    host.failures.holdNext("exportArchive");
    const own = backups.backup();
    await vi.waitFor(() => expect(followed.current()?.task.getState()).toMatchObject({ stage: "exporting" }));
    expect(followed.closingAdvice()).toEqual({ safe: true });
    await followed.current()?.task.cancel();
    expect(own.getState()).toEqual({ status: "cancelled" });
    await vi.waitFor(() => expect(followed.current()).toBeUndefined());
  });

  it("behavior: a task that a follower began goes on when the follower is gone", async () => {
    const { followed, follower, backups, host } = await shared();
    const release = host.failures.holdNext("exportArchive");
    void followed.backup();
    await vi.waitFor(() => expect(backups.current()?.task.getState()).toMatchObject({ stage: "exporting" }));
    follower.close();
    release();
    await backups.current()?.task.result;
    expect(await backups.list()).toHaveLength(1);
  });

  it("behavior: errors arrive as they were, with code, details and cause", async () => {
    const { followed, store } = await shared();
    store.failures.failNext(
      "list",
      new BackupError("STORE_DENIED", "The folder is locked.", { details: "By the user.", cause: new TypeError("EPERM") }),
    );
    const error = await followed.list().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "STORE_DENIED",
      shortMessage: "The folder is locked.",
      details: "By the user.",
      cause: { name: "TypeError", message: "EPERM" },
    });
    expect(isBackupError(error)).toBe(true);
    const task = followed.backup({ name: "x".repeat(201) });
    expect(await task.result.catch(codeOf)).toBe("OPTIONS_INVALID");
    expect(() => followed.setPolicy({ keep: {} })).toThrow("keep");
  });

  describe("behavior: whatever an error holds, it arrives and its call settles", () => {
    const circle = new Error("one", { cause: new Error("two") });
    (circle.cause as Error).cause = circle;
    const throwing = Object.defineProperty(new Error("kept"), "message", {
      get() {
        throw new TypeError("no message");
      },
    });
    const hostile = new Proxy(new Error("hidden"), {
      get() {
        throw new TypeError("no");
      },
      getPrototypeOf() {
        throw new TypeError("no");
      },
      has() {
        throw new TypeError("no");
      },
    });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const port = new MessageChannel().port1;
    ends.push(() => port.close());

    it.each<[string, unknown, unknown]>([
      ["a function", () => undefined, "[function]"],
      ["a symbol", Symbol("why"), "Symbol(why)"],
      ["a bigint", 5n, 5n],
      ["a text", "why", "why"],
      ["bytes, such as a key", new Uint8Array(32).fill(7), "[Uint8Array]"],
      ["an object with a function", { answer: () => undefined, token: "secret" }, "[Object]"],
      ["an object of no prototype", Object.create(null), "[object]"],
      ["what can't be cloned", port, "[MessagePort]"],
      ["a promise", Promise.resolve(), "[Promise]"],
      [
        "an error whose cause is a function",
        new Error("outer", { cause: () => undefined }),
        { name: "Error", message: "outer", cause: "[function]" },
      ],
      [
        "an error with fields of its own",
        Object.assign(new TypeError("fetch failed"), { request: { headers: { authorization: "secret" } }, socket: () => undefined }),
        { name: "TypeError", message: "fetch failed" },
      ],
      ["an error from elsewhere", { name: "NotAllowedError", message: "no", secret: "secret" }, { name: "NotAllowedError", message: "no" }],
      ["causes in a circle", circle, { message: "one", cause: { message: "two", cause: { message: "one" } } }],
      ["an error whose message can't be read", throwing, { message: "" }],
      ["a proxy that refuses everything", hostile, "[object]"],
      ["a proxy that is revoked", revoked.proxy, "[object]"],
      ["a megabyte of text", new Error("x".repeat(1_000_000)), { message: "x".repeat(2_000) }],
    ])("%s", async (_name, cause, expected) => {
      const { followed, store, link } = await shared();
      let heard = "";
      link().listen((message) => (heard += inspect(message, { depth: 20 })));
      store.failures.failNext("list", new BackupError("STORE_DENIED", "The folder is locked.", { cause }));
      const error: unknown = await followed.list().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "STORE_DENIED", shortMessage: "The folder is locked." });
      const arrived = (error as BackupError).cause;
      if (typeof expected === "object") expect(arrived).toMatchObject(expected as object);
      else expect(arrived).toBe(expected);
      expect(heard).not.toContain("secret");

      store.failures.failNext("put", new BackupError("STORE_FULL", "Full.", { cause }));
      expect(await followed.backup().result.catch(codeOf)).toBe("STORE_FULL");
    });
  });

  it("behavior: an answer that can't be passed on fails its call, and the server goes on", async () => {
    const { followed, backups } = await shared();
    for (const value of [() => undefined, { then: 1, of: [Symbol("no")] }, new Map([[1, () => undefined]])]) {
      vi.spyOn(backups, "list").mockResolvedValueOnce(value as never);
      expect(await followed.list().catch(codeOf)).toBe("TAB_ANSWER_LOST");
    }
    expect(await followed.list()).toEqual([]);
  });

  it("behavior: a task whose state can't be passed on fails where it is followed", async () => {
    const one = world();
    const state$ = new BehaviorSubject<BackupState>({ status: "succeeded", output: { entry: { note: () => undefined } } as never });
    const task: BackupTask = Object.assign(Object.create(one.backups.backup()) as BackupTask, { state$, getState: () => state$.value });
    const { followed } = await shared({ ...one, backups: { ...one.backups, backup: () => task } });
    expect(await followed.backup().result.catch(codeOf)).toBe("TAB_ANSWER_LOST");
    await task.result;
  });

  it("behavior: what is told without what can't be cloned is told all the same", async () => {
    const one = world();
    const status$ = new BehaviorSubject({ ...(await firstValueFrom(one.backups.status$)), later: () => undefined });
    const { follower } = await shared({ ...one, backups: { ...one.backups, status$ } });
    expect(await firstValueFrom(follower.backups.status$)).toMatchObject({ later: undefined });
    status$.next({ ...status$.value, interrupted: { kind: "backup", stage: "storing" } as never });
    await firstValueFrom(follower.backups.status$.pipe(filter(({ interrupted }) => interrupted !== undefined)));
  });

  it("behavior: what others post on the link is heard by nobody", async () => {
    const { followed, link } = await shared();
    const circle: { type: string; self?: unknown } = { type: "call" };
    circle.self = circle;
    const heard: unknown[] = [];
    link().listen((message) => heard.push(message));
    const other = link();
    const garbage = [
      null,
      undefined,
      5,
      "hello",
      [],
      {},
      { type: 5 },
      { type: "call" },
      { type: "serving" },
      { type: "answered" },
      circle,
      { "xmtp-backup.error": true },
    ];
    for (const message of garbage) other.post(message);
    expect(await followed.list()).toEqual([]);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(garbage.length));
    expect(await followed.list()).toEqual([]);
  });

  it("behavior: a call that is aborted ends, also where the link is closed", async () => {
    const listeners = new Set<(message: unknown) => void>();
    let isClosed = false;
    const link: BackupsLink = {
      post(message) {
        if (isClosed) throw new Error("The channel is closed.");
        listeners.forEach((listener) => listener(message));
      },
      listen(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    const server = serveBackups(link);
    const follower = followBackups(link);
    ends.push(follower.close, server.close);
    const controller = new AbortController();
    const listing = follower.backups.list({ signal: controller.signal }).catch((error: unknown) => error);
    isClosed = true;
    controller.abort("enough");
    expect(await listing).toBe("enough");
  });

  it("behavior: a call whose parameters can't be cloned is refused at once, and the others go on", async () => {
    const { followed } = await shared();
    const refused = followed.inspect({ seal: "open", id: Symbol("no") } as never).catch(codeOf);
    expect(await refused).toBe("OPTIONS_INVALID");
    expect(await followed.backup({ name: (() => undefined) as never }).result.catch(codeOf)).toBe("OPTIONS_INVALID");
    expect(await followed.list()).toEqual([]);
  });

  it("behavior: such a call is refused when a server comes, and the others wait no longer", async () => {
    const link = channel();
    const { backups } = world();
    const follower = followBackups(link());
    const refused = follower.backups.inspect({ seal: "open", id: Symbol("no") } as never).catch(codeOf);
    const listing = follower.backups.list();
    const server = serveBackups(link());
    server.open(backups);
    ends.push(follower.close, server.close, backups.stop);
    expect(await refused).toBe("OPTIONS_INVALID");
    expect(await listing).toEqual([]);
  });

  it("behavior: what is aborted is aborted at the server too", async () => {
    const { followed, store } = await shared();
    const list = vi.spyOn(store, "open");
    store.failures.holdNext("open");
    const aborting = new AbortController();
    const listing = followed.list({ signal: aborting.signal });
    await vi.waitFor(() => expect(list).toHaveBeenCalledOnce());
    const reason = new Error("Enough.");
    aborting.abort(reason);
    await expect(listing).rejects.toBe(reason);
    await vi.waitFor(() => expect(list.mock.calls[0]?.[0]?.signal?.aborted).toBe(true));
    await expect(followed.list({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("behavior: a backup before an event holds what the policy says, in a following tab too", async () => {
    const { followed, backups } = await shared(world({}, { policy: { elements: ["messages"], excludeDisappearingMessages: true } }));
    await firstValueFrom(followed.policy$);
    const did = followed.prepareFor("app-update");
    if (did.answer !== "backup") throw new Error(`It answers ${did.answer}.`);
    await did.task.result;
    expect((await backups.list())[0]?.details).toMatchObject({ elements: ["messages"], withoutDisappearing: true, trigger: "event" });
  });

  it("behavior: before an event the user is asked, and the answer is remembered at the server", async () => {
    const { followed, backups } = await shared(
      world({}, { policy: { frequency: "never", events: { "os-update": "ignore" }, reminders: { setUp: false, keyUnconfirmed: false } } }),
    );
    await followed.start();
    await firstValueFrom(backups.status$.pipe(filter(({ health }) => health !== undefined)));
    expect(followed.prepareFor("os-update")).toEqual({ answer: "ignore" });
    const asked = followed.prepareFor("app-update");
    if (asked.answer !== "ask") throw new Error(`It answers ${asked.answer}.`);
    const isAsked = (reminders: readonly Reminder[]) =>
      reminders.some((reminder) => reminder.kind === "beforeEvent" && reminder.event === "app-update");
    await firstValueFrom(followed.reminders$.pipe(filter(isAsked)));
    asked.reminder.dismiss();
    await firstValueFrom(followed.reminders$.pipe(filter((reminders) => !isAsked(reminders))));
    expect(isAsked(await firstValueFrom(backups.reminders$))).toBe(false);
  });

  it("behavior: a restored conversation is guarded by what is followed", async () => {
    const one = world();
    const { entry } = await one.backups.backup().result;
    const fresh = newInstallation(one);
    const { followed, host } = await shared({ ...one, ...fresh });
    const { conversations } = entry.details ?? { conversations: [] };
    const id = conversations[0]?.id ?? "";
    const sendText = vi.fn(async () => "sent");
    const guarded = followed.guardWrites({ id, sendText });
    await followed.restore(entry).result;
    await vi.waitFor(() => expect(followed.canWrite(id)).toBe(false));
    expect(await guarded.sendText().catch(codeOf)).toBe("CONVERSATION_INACTIVE");
    expect(sendText).not.toHaveBeenCalled();
    host.activate(id);
    await vi.waitFor(() => {
      one.clock.advance(60_000);
      expect(followed.canWrite(id)).toBe(true);
    });
    expect(await guarded.sendText()).toBe("sent");
  });
});
