export { mirror, type MirrorOptions, type MirrorStore } from "./mirror.ts";
export type { PlaceHealth } from "./places.ts";
export type { RepairOptions } from "./repair.ts";
export type { Remaining, RepairReport } from "./repairReport.ts";
