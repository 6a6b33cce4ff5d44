import { openWorld, type World } from "../loaded/openWorld.ts";
import type { Result } from "./result.ts";

/** What a run gives each of its benches. */
export type BenchContext = {
  /** Says on the way what is measured, beside the results. */
  note(line: string): void;
  /** Leaves out what takes minutes. */
  isQuick: boolean;
  /** A count of messages or conversations: smaller in a run that only tries the benches out. */
  scaled(count: number): number;
  /** The clients that the benches of a run share. */
  world(): Promise<World>;
};

export type Bench = (context: BenchContext) => AsyncIterable<Result>;

export type ContextOptions = Pick<BenchContext, "note" | "isQuick"> & { scale: number };

export function createContext({ note, isQuick, scale }: ContextOptions): BenchContext & { dispose(): Promise<void> } {
  let opened: Promise<World> | undefined;
  return {
    note,
    isQuick,
    scaled: (count) => Math.max(1, Math.round(count * scale)),
    world: () => (opened ??= openWorld(note)),
    dispose: async () => (await opened)?.dispose(),
  };
}
