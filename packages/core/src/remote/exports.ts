export type { BackupsLink } from "../sharing/backupsLink.ts";
export { type FollowedBackups, followBackups, type FollowOptions, type ServerState } from "../sharing/followBackups.ts";
export { keepStarting, type KeepStartingOptions } from "../sharing/keepStarting.ts";
export { type BackupsServer, serveBackups } from "../sharing/serveBackups.ts";
export { switchBackups } from "../sharing/switchBackups.ts";
