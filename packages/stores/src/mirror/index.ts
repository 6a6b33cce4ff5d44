export { mirror, type MirrorOptions, type MirrorStore } from "./mirror.ts";
export type { PlaceHealth } from "./places.ts";
export type { RepairReport } from "./repair.ts";
