import type { KnownConditions } from "./knownConditions.ts";
import type { CallOptions } from "./callOptions.ts";

/**
 * What a device tells: it was asleep and is not any more, the network is there again, or another condition has changed.
 */
export type DeviceEvent = "wake" | "online" | "changed";

/**
 * The facts that the platform knows about the machine, for the conditions of a policy and to look again after a sleep.
 *
 * It only tells: what it can't know is absent and never blocks.
 */
export interface Device {
  /** What is known now; a platform that can't tell something leaves it out, and never fails for that. */
  conditions(options?: CallOptions): Promise<KnownConditions>;
  /**
   * Calls `listener` when something happens, until the returned function is called.
   *
   * It never throws and never keeps the process alive. One that comes late does no harm: time itself is looked at anyway.
   */
  watch(listener: (event: DeviceEvent) => void): () => void;
}

/** A device that knows nothing and says nothing: conditions never block then, and a wake-up is noticed by the clock alone. */
export const silentDevice: Device = {
  async conditions({ signal } = {}) {
    signal?.throwIfAborted();
    return {};
  },
  watch: () => () => undefined,
};
