import type { Element } from "./element.ts";

/** An archive that another installation of the user offers through history sync. */
export type SyncArchive = {
  /** What it is asked for by. */
  pin: string;
  /** When it was exported, in milliseconds since 1970, by the other device's clock. */
  exportedAtMs: number;
  elements: Element[];
  /** Who sent it. */
  installationId: string;
};
