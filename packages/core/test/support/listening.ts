import { type Backups, BackupError, followBackups, type Logger, type LogEvent, serveBackups } from "@xmtp-backup/core";
import { fakeClock, type FakeClock } from "@xmtp-backup/testing";
import { expect, vi } from "vitest";
import { channelOf } from "./channel.ts";

export const ends: (() => void)[] = [];

export type Entry = LogEvent & { level: string; message: string };

/** A logger as pino is: an object first, then a text; what it hears is kept. */
export function listening() {
  const heard: Entry[] = [];
  const at = (level: string) => (event: LogEvent, message: string) => void heard.push({ ...event, level, message });
  const logger: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const of = (event: string) => heard.filter((each) => each.event === event);
  return { heard, logger, of };
}

/** Waits as long as a busy machine takes. */
export const soon = (check: () => void) => vi.waitFor(check);

export const quarterMs = 15 * 60_000;

/** Lets time pass in the steps of the policy, each once it rests, until something is so. */
export const passUntil = (clock: FakeClock, check: () => void) =>
  vi.waitFor(
    async () => {
      // A backup that is due begins within seconds.
      for (const ms of [quarterMs, 10_000]) {
        await vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0), { interval: 1 });
        clock.advance(ms);
      }
      check();
    },
    { interval: 5, timeout: 30_000 },
  );

export const denied = () => new BackupError("STORE_DENIED", "The folder is locked.");

/** The backups of a leading tab, and the same as another tab sees them, each with a logger of its own. */
export function twoTabs(backups: Backups, clock = fakeClock()) {
  const link = channelOf(ends);
  const server = serveBackups(link(), { clock: { ...clock, now: () => Date.now() } });
  server.open(backups);
  const there = listening();
  const follower = followBackups(link(), { logger: there.logger });
  ends.push(follower.close, server.close);
  return { followed: follower.backups, there, follower, server };
}
