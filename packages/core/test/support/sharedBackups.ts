import { followBackups, isBackupError, serveBackups } from "@xmtp-backup/core";
import { filter, firstValueFrom } from "rxjs";
import { channelOf } from "./channel.ts";
import { world } from "./world.ts";

export const ends: (() => void)[] = [];

export const channel = (name?: string) => channelOf(ends, name);

/** Backups that one end serves and another follows. */
export async function shared(one = world()) {
  const link = channel();
  const server = serveBackups(link());
  server.open(one.backups);
  const follower = followBackups(link(), { guardedMethods: one.host.guardedMethods });
  ends.push(follower.close, server.close, one.backups.stop);
  await firstValueFrom(follower.server$.pipe(filter((state) => state === "open")));
  return { ...one, link, server, follower, followed: follower.backups };
}

export const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));
