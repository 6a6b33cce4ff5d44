export { mirror, type MirrorOptions, type MirrorStore } from "./mirror.ts";
export type { PlaceHealth } from "./places.ts";
export type { Remaining, RepairOptions, RepairReport } from "./repair.ts";
