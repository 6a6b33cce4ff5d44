export type { BackupsLink } from "./backupsLink.ts";
export { type FollowedBackups, followBackups, type FollowOptions, type ServerState } from "./followBackups.ts";
export { keepStarting, type KeepStartingOptions } from "./keepStarting.ts";
export { type BackupsServer, serveBackups } from "./serveBackups.ts";
export { switchBackups } from "./switchBackups.ts";
