import { type ActivationState, type Backups, type BackupsOptions, createBackups } from "@xmtp-backup/core";
import { type FakeClock, type FakeHost, fakeHost, type FakeHostOptions, fakeInbox } from "@xmtp-backup/testing";
import { vi } from "vitest";
import { backUp, world } from "./world.ts";

export const hourMs = 3_600_000;

/** Somebody whose archive is restored on a new installation, and followed there. */
export async function restored(inbox = fakeInbox(), host: FakeHostOptions = {}, options: Partial<BackupsOptions> = {}) {
  const one = world({ inbox });
  const entry = await backUp(one.backups);
  const two = open(one, { ...host }, options);
  await two.backups.restore(entry).result;
  return { one, ...two, entry, ids: stateOf(two.backups).conversations.map(({ id }) => id) };
}

/** A new installation over the same store, keys and clock. */
export function open(one: ReturnType<typeof world>, host: FakeHostOptions | FakeHost = {}, options: Partial<BackupsOptions> = {}) {
  const { store, keys, clock } = one;
  const opened = "failures" in host ? host : fakeHost(host);
  const backups = createBackups({ host: opened, store, keys, clock, ...options });
  return { host: opened, backups, clock };
}

/** Lets time pass until it holds. */
export function passUntil(clock: FakeClock, holds: () => void, stepMs = 1_000): Promise<void> {
  return vi.waitFor(
    () => {
      clock.advance(stepMs);
      holds();
    },
    { interval: 1 },
  );
}

export function stateOf({ activation$ }: Backups): ActivationState {
  let current: ActivationState | undefined;
  activation$.subscribe((state) => (current = state)).unsubscribe();
  return current as ActivationState;
}

export const statusesOf = (backups: Backups) => stateOf(backups).conversations.map(({ status }) => status);

/** The DMs of an inbox, the most recently used first. */
export function dmsOf({ inbox }: FakeHost): { id: string; peerInboxId: string }[] {
  return [...inbox.conversations.values()]
    .flatMap(({ id, peerInboxId }) => (peerInboxId === undefined ? [] : [{ id, peerInboxId }]))
    .reverse();
}
