export type { BackupsLink } from "./backupsLink.ts";
export { followBackups, type FollowedBackups, type FollowOptions, type ServerState } from "./followBackups.ts";
export { keepStarting, type KeepStartingOptions } from "./keepStarting.ts";
export { type BackupsServer, serveBackups } from "./serveBackups.ts";
export { switchBackups } from "./switchBackups.ts";
