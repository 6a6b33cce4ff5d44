export type { Inspect } from "./toInspect.ts";
