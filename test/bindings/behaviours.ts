import { expectEqual, expectThat } from "@xmtp-backup/testing";
import { backUp, newInstallation, world } from "../../packages/core/test/support/world.ts";
import { countListeners } from "./countListeners.ts";
import type { Framework } from "./panel.ts";
import { openScreen, type Screen, type ScreenOptions, until } from "./screen.ts";

type World = ReturnType<typeof world>;
type Open = (backups: World["backups"], options?: ScreenOptions) => Screen;

/** What both bindings do; the framework shows panels, the rest is a user who looks and clicks. */
export const behaviours: Record<string, (open: Open) => Promise<void>> = {
  async "default: shows the status and its changes"(open) {
    const { backups, host } = world();
    const screen = open(backups);
    await screen.shows("status", "idle");
    const release = host.failures.holdNext("exportArchive");
    const task = backups.backup();
    await screen.shows("status", "backup");
    release();
    await task.result;
    await screen.shows("status", "idle");
  },

  async "behavior: shows a backup's stages, its progress and its success"(open) {
    const { backups, host, store } = world();
    const { put } = store;
    let releasePut = () => {};
    const held = new Promise<void>((resolve) => (releasePut = resolve));
    store.put = async (id, archive, options) => {
      options?.onProgress?.(1);
      await held;
      await put(id, archive, options);
    };
    const screen = open(backups);
    await screen.shows("backup", "none");
    const releaseExport = host.failures.holdNext("exportArchive");
    screen.click("backup");
    await screen.shows("backup", /^exporting/);
    releaseExport();
    await screen.shows("backup", /^storing 1 of \d+ bytes$/);
    const releaseManifest = store.failures.holdNext("putManifest");
    releasePut();
    await screen.shows("backup", "listing");
    releaseManifest();
    await screen.shows("backup", "succeeded");
  },

  async "behavior: shows a failure, and the next try in its place"(open) {
    const { backups, host } = world();
    const screen = open(backups);
    await screen.shows("backup", "none");
    host.failures.failNext("exportArchive", new Error("The database is locked."));
    screen.click("backup");
    await screen.shows("backup", "failed");
    screen.click("backup");
    await screen.shows("backup", "succeeded");
  },

  async "behavior: a backup can be cancelled"(open) {
    const { backups, host, store } = world();
    const screen = open(backups);
    await screen.shows("backup", "none");
    host.failures.holdNext("exportArchive");
    screen.click("backup");
    await screen.shows("backup", /^exporting/);
    screen.click("cancelBackup");
    await screen.shows("backup", "cancelled");
    expectEqual(store.manifests.size, 0, "archives");
  },

  async "behavior: shows a backup that something else began"(open) {
    const { backups, host } = world();
    const release = host.failures.holdNext("exportArchive");
    const task = backups.backup();
    const screen = open(backups);
    await screen.shows("backup", /^exporting/);
    release();
    await task.result;
    await screen.shows("backup", "succeeded");
  },

  async "behavior: a backup that is refused beside a restore is shown as failed, and the restore goes on"(open) {
    const one = world();
    await backUp(one.backups);
    const { backups } = newInstallation(one);
    const screen = open(backups);
    await screen.shows("listing", "loaded");
    screen.click("restore");
    await screen.shows("restore", "confirm 6 messages");
    screen.click("backup");
    await screen.shows("backup", "failed");
    await screen.shows("restore", "confirm 6 messages");
  },

  async "behavior: unmounting cancels nothing, and what is mounted next shows it"(open) {
    const { backups, host, store } = world();
    const first = open(backups);
    await first.shows("backup", "none");
    const release = host.failures.holdNext("exportArchive");
    first.click("backup");
    await first.shows("backup", /^exporting/);
    first.unmount();
    expectEqual(backups.current()?.task.getState().status, "running", "the task without a screen");
    const second = open(backups);
    await second.shows("backup", /^exporting/);
    release();
    await second.shows("backup", "succeeded");
    expectEqual(store.manifests.size, 1, "archives");
  },

  async "behavior: a restore waits for the user's word"(open) {
    const one = world();
    await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    const screen = open(backups);
    await screen.shows("listing", "loaded");
    screen.click("restore");
    await screen.shows("restore", "confirm 6 messages");
    expectEqual(host.inbox.conversations.size, 0, "conversations before the word");
    screen.click("confirm");
    await screen.shows("restore", "succeeded");
    expectEqual(host.inbox.conversations.size, 2, "conversations after the word");
  },

  async "behavior: a restore can be cancelled before the user's word"(open) {
    const one = world();
    await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    const screen = open(backups);
    await screen.shows("listing", "loaded");
    screen.click("restore");
    await screen.shows("restore", "confirm 6 messages");
    screen.click("cancelRestore");
    await screen.shows("restore", "cancelled");
    expectEqual(host.inbox.conversations.size, 0, "conversations");
  },

  async "behavior: the archives are read again after a backup, and when asked"(open) {
    const { backups } = world();
    const screen = open(backups);
    await screen.shows("archives", "");
    const entry = await backUp(backups, "Before the move");
    await screen.shows("archives", "Before the move");
    await backups.rename(entry.id, "After the move");
    screen.click("reload");
    await screen.shows("archives", "After the move");
  },

  async "behavior: says why the archives can't be read, and keeps those of before"(open) {
    const { backups, store } = world();
    await backUp(backups, "Before the move");
    const screen = open(backups);
    await screen.shows("archives", "Before the move");
    store.failures.failNext("list", new Error("The disk is gone."));
    screen.click("reload");
    await screen.shows("listing", /^(?!loading|loaded)./);
    await screen.shows("archives", "Before the move");
    screen.click("reload");
    await screen.shows("listing", "loaded");
  },

  async "behavior: a restored conversation turns from read-only to writable"(open) {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    const conversationId = [...one.host.inbox.conversations.keys()][0] ?? "";
    const screen = open(backups, { conversationId });
    await screen.shows("conversation", "writable, never restored");
    await screen.shows("imported", "nothing");
    await backups.restore(entry).result;
    await screen.shows("imported", "3 and 3");
    await screen.shows("conversation", "read-only, waiting");
    await screen.shows("activation", "0 of 2");
    host.activate(conversationId);
    await screen.shows("conversation", "writable, active", () => one.clock.advance(1_000));
    await screen.shows("activation", "1 of 2");
  },

  async "behavior: a reminder is dismissed"(open) {
    const { backups } = world();
    const screen = open(backups);
    await screen.shows("reminders", "none");
    await backups.start();
    await screen.shows("reminders", "keyUnconfirmed");
    screen.click("dismiss");
    await screen.shows("reminders", "none");
    backups.stop();
  },

  async "behavior: shows the last that was known when the backups have been stopped"(open) {
    const { backups, host } = world();
    const screen = open(backups);
    await screen.shows("status", "idle");
    backups.stop();
    screen.click("reload");
    await screen.shows("listing", "loaded");
    await screen.shows("status", "idle");
    await screen.shows("activation", "0 of 0");
    const late = open(backups);
    await late.shows("status", "idle");
    const release = host.failures.holdNext("exportArchive");
    late.click("backup");
    await late.shows("backup", /^exporting/);
    release();
    await late.shows("backup", "succeeded");
  },

  async "behavior: two components never show different values"(open) {
    const { backups, host, store } = world();
    const screen = open(backups, { panels: 2 });
    await screen.shows("status", "idle");
    const torn: string[] = [];
    const observer = new MutationObserver(() => {
      for (const name of ["status", "backup", "activation"]) {
        const [one, other] = screen.texts(name);
        if (one !== other) torn.push(`${name}: ${one} and ${other}`);
      }
    });
    observer.observe(screen.element, { subtree: true, childList: true, characterData: true });
    const release = [host.failures.holdNext("exportArchive"), store.failures.holdNext("put")];
    screen.click("backup");
    await screen.shows("backup", /^exporting/);
    release[0]?.();
    await screen.shows("backup", /^storing/);
    release[1]?.();
    await screen.shows("backup", "succeeded");
    observer.disconnect();
    expectEqual(torn, [], "torn values");
  },

  async "behavior: each value is subscribed to once, and no subscription is left behind"(open) {
    const { backups, host } = world();
    const counts = countListeners(backups);
    const screen = open(backups, { panels: 2 });
    await screen.shows("listing", "loaded");
    const release = host.failures.holdNext("exportArchive");
    screen.click("backup");
    await screen.shows("backup", /^exporting/);
    // Each panel shows the status, and follows it for the backup, the restore and the archives.
    const expected = { status$: 8, reminders$: 2, activation$: 2, imported$: 2, conversation: 2, task: 2 };
    const counted = () => Object.fromEntries(Object.keys(expected).map((name) => [name, counts.get(name) ?? 0]));
    await until(
      () => JSON.stringify(counted()) === JSON.stringify(expected),
      () => `listeners: ${JSON.stringify(counted())}`,
    );
    screen.unmount();
    await until(
      () => [...counts.values()].every((count) => count === 0),
      () => `listeners left: ${JSON.stringify(counted())}`,
    );
    release();
    await backups.current()?.task.result;
  },
};

/** Runs one; fails as well when the framework has complained about anything. */
export async function runBehaviour(framework: Framework, run: (open: Open) => Promise<void>): Promise<void> {
  const complaints: string[] = [];
  const { error, warn } = console;
  console.error = console.warn = (...parts: unknown[]) => void complaints.push(parts.map(String).join(" "));
  const screens: Screen[] = [];
  try {
    await run((backups, options) => {
      const screen = openScreen(framework, backups, options);
      screens.push(screen);
      return screen;
    });
  } finally {
    screens.forEach((screen) => screen.unmount());
    Object.assign(console, { error, warn });
  }
  expectThat(complaints.length === 0, complaints.join("\n"));
}
