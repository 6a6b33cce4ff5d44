import { BackupError, followBackups, serveBackups } from "@xmtp-backup/core";
import { fakeClock } from "@xmtp-backup/testing";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";
import { channel, codeOf, ends, shared } from "../support/sharedBackups.ts";

afterEach(() =>
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end()),
);

describe("servers that come and go", () => {
  it("default: what is asked before there is one waits for it", async () => {
    const one = world();
    const link = channel();
    const { backups: followed, close } = followBackups(link());
    ends.push(close, one.backups.stop);
    const listing = followed.list();
    const task = followed.backup();
    const server = serveBackups(link());
    ends.push(server.close);
    server.open(one.backups);
    expect((await task.result).entry.id).toBeTypeOf("string");
    await listing;
  });

  it("behavior: with a server what it was at is lost, and the next one is followed without an error", async () => {
    const { followed, follower, host, server, link, store } = await shared();
    const ended = vi.fn();
    followed.status$.subscribe({ error: ended, complete: ended });
    host.failures.holdNext("exportArchive");
    store.failures.holdNext("open");
    const listing = followed.list();
    const task = followed.backup();
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "exporting" }));
    server.close();
    expect(await task.result.catch(codeOf)).toBe("TAB_CLOSED");
    expect(await listing.catch(codeOf)).toBe("TAB_CLOSED");
    expect((await firstValueFrom(followed.status$)).running).toBeUndefined();
    const next = world();
    const nextServer = serveBackups(link());
    ends.push(nextServer.close, next.backups.stop);
    nextServer.open(next.backups);
    await firstValueFrom(follower.server$.pipe(filter((state) => state === "open")));
    await followed.backup().result;
    expect(await next.backups.list()).toHaveLength(1);
    expect(ended).not.toHaveBeenCalled();
  });

  it("behavior: a server that crashed is over as soon as another is there, still opening", async () => {
    const { followed, follower, host, link } = await shared();
    host.failures.holdNext("exportArchive");
    const task = followed.backup();
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "exporting" }));
    ends.push(serveBackups(link()).close);
    expect(await task.result.catch(codeOf)).toBe("TAB_CLOSED");
    expect(await firstValueFrom(follower.server$)).toBe("opening");
  });

  it("behavior: backups that can't be opened fail what waited for them, with the reason", async () => {
    const link = channel();
    const { backups: followed, close } = followBackups(link());
    ends.push(close);
    const taken = new Promise<void>((resolve) => link().listen((message) => (message as { type: string }).type === "taken" && resolve()));
    const listing = followed.list();
    const server = serveBackups(link());
    await taken;
    server.fail(new BackupError("CLIENT_CLOSED", "No client."));
    expect(await listing.catch(codeOf)).toBe("CLIENT_CLOSED");
  });

  it("behavior: a server that does not answer in time lets calls fail, and does not begin them later", async () => {
    const clock = fakeClock();
    const one = world();
    const link = channel();
    const asleep: unknown[] = [];
    let wake = (_message: unknown): void => undefined;
    const end = link();
    const server = serveBackups(
      { post: end.post, listen: (listener) => ((wake = listener), end.listen((message) => asleep.push(message))) },
      { clock },
    );
    server.open(one.backups);
    const { backups: followed, close, wake: greet, server$ } = followBackups(link(), { clock, answerWithinMs: 5_000 });
    ends.push(close, server.close, one.backups.stop);
    await vi.waitFor(() => expect(asleep).toHaveLength(1));
    asleep.splice(0).forEach(wake);
    await firstValueFrom(server$.pipe(filter((state) => state === "open")));
    greet();
    const task = followed.backup();
    await vi.waitFor(() => expect(asleep).toHaveLength(2));
    clock.advance(5_000);
    expect(await task.result.catch(codeOf)).toBe("TAB_SILENT");
    clock.advance(1);
    asleep.splice(0).forEach(wake);
    expect(one.backups.current()).toBeUndefined();
    expect(await one.backups.list()).toEqual([]);
  });
});
