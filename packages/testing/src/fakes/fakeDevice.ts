import type { Device, DeviceEvent, KnownConditions } from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";

export type FakeDevice = Device & {
  /** Makes calls of `conditions` fail or wait. */
  failures: Failures;
  /** Replaces what is known; watchers hear of it by `emit`. */
  setConditions(conditions: KnownConditions): void;
  /** Tells every watcher. */
  emit(event: DeviceEvent): void;
  /** How many watch now. */
  readonly watchers: number;
};

/**
 * A device whose conditions and events are the test's own.
 *
 * @example
 * ```ts
 * import { fakeDevice } from "@xmtp-backup/testing";
 *
 * const device = fakeDevice({ online: false });
 * device.setConditions({ online: true, charging: true });
 * device.emit("online");
 * ```
 */
export function fakeDevice(conditions: KnownConditions = {}): FakeDevice {
  const failures = createFailures();
  const listeners = new Set<{ tell: (event: DeviceEvent) => void }>();
  let known = conditions;
  return {
    failures,
    setConditions(next) {
      known = next;
    },
    emit(event) {
      for (const { tell } of [...listeners]) tell(event);
    },
    get watchers() {
      return listeners.size;
    },
    async conditions({ signal } = {}) {
      await failures.pass("conditions", signal);
      return { ...known };
    },
    watch(tell) {
      const listener = { tell };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
