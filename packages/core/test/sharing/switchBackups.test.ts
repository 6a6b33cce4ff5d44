import { type BackupStatus, switchBackups } from "@xmtp-backup/core";
import { BehaviorSubject } from "rxjs";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";

describe("switchBackups", () => {
  it("default: observes and calls whichever backups there are now", async () => {
    const [first, second] = [world(), world()];
    const backups$ = new BehaviorSubject(first.backups);
    const switched = switchBackups(backups$);
    const ended = vi.fn();
    const seen: BackupStatus[] = [];
    switched.status$.subscribe({ next: (status) => seen.push(status), error: ended, complete: ended });
    await switched.backup().result;
    first.backups.stop();
    backups$.next(second.backups);
    expect(await switched.list()).toEqual([]);
    await switched.backup().result;
    await vi.waitFor(() => expect(seen.at(-1)?.lastSuccess).toBeDefined());
    expect(await second.backups.list()).toHaveLength(1);
    expect(ended).not.toHaveBeenCalled();
    second.backups.stop();
  });
});
