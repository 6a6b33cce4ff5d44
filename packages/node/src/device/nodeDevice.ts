import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { assertShape, BackupError, type Clock, type Device, type DeviceEvent, type KnownConditions, systemClock } from "@xmtp-backup/core";
import { readCharging, systemPowerSupplies } from "./readCharging.ts";

export type NodeDeviceOptions = {
  /** How often a watch looks, in milliseconds. @default 30000 */
  pollMs?: number;
  /** Where the system shows its power supplies. @default "/sys/class/power_supply" */
  powerSupplyDirectory?: string;
  /** The network interfaces and their addresses. @default os.networkInterfaces */
  interfaces?: () => Readonly<Record<string, readonly NetworkAddress[] | undefined>>;
  /** @default the platform's */
  clock?: Clock;
};

export type NetworkAddress = Pick<NetworkInterfaceInfo, "address" | "internal">;

const defaultPollMs = 30_000;

/** A timer that fires later than this tells that the machine slept. */
const latenessMs = 60_000;

/** Addresses that a machine gives itself when nobody answers: they lead nowhere but to the next cable. */
const linkLocal = /^(fe[89ab][0-9a-f]:|169\.254\.)/i;

/**
 * What Node knows about the machine: whether it is online, on Linux whether it charges, and that it slept.
 *
 * Whether a network is Wi-Fi or metered is not known, so a policy that asks for either is not held up by it.
 *
 * @throws OPTIONS_INVALID when an option is unknown or of another kind
 *
 * @example
 * ```ts
 * import { nodeDevice } from "@xmtp-backup/node";
 *
 * const { online, charging } = await nodeDevice().conditions();
 * console.log(online, charging);
 * ```
 */
export function nodeDevice(options: NodeDeviceOptions = {}): Device {
  assertShape("nodeDevice", options, { pollMs: "number?", powerSupplyDirectory: "text?", interfaces: "function?", clock: "object?" });
  const {
    pollMs = defaultPollMs,
    powerSupplyDirectory = systemPowerSupplies,
    interfaces = networkInterfaces,
    clock = systemClock,
  } = options;
  if (!(pollMs > 0)) throw new BackupError("OPTIONS_INVALID", "nodeDevice: pollMs is a number above 0.");

  async function look(): Promise<KnownConditions> {
    const online = isOnline(interfaces);
    const charging = await readCharging(powerSupplyDirectory);
    return { ...(online !== undefined && { online }), ...(charging !== undefined && { charging }) };
  }

  return {
    async conditions({ signal } = {}) {
      signal?.throwIfAborted();
      const known = await look();
      signal?.throwIfAborted();
      return known;
    },

    watch(listener) {
      let isOver = false;
      let timer: unknown;
      let known: KnownConditions | undefined;

      function tell(event: DeviceEvent): void {
        try {
          if (!isOver) listener(event);
        } catch {
          // A broken listener ends neither the watch nor the process.
        }
      }

      function lookLater(): void {
        if (isOver) return;
        const dueMs = clock.now() + pollMs;
        timer = clock.setTimeout(() => {
          if (clock.now() - dueMs > latenessMs) tell("wake");
          looking = looking.then(compare).finally(lookLater);
        }, pollMs);
        letProcessEnd(timer);
      }

      async function compare(): Promise<void> {
        const before = known;
        known = await look();
        if (!before) return;
        const isBack = before.online === false && known.online === true;
        if (isBack) tell("online");
        if ((!isBack && before.online !== known.online) || before.charging !== known.charging) tell("changed");
      }

      let looking = compare();
      lookLater();
      return () => {
        isOver = true;
        clock.clearTimeout(timer);
      };
    },
  };
}

/** Whether any address leads off the machine; undefined when the system shows none at all, not even the machine's own. */
function isOnline(interfaces: NonNullable<NodeDeviceOptions["interfaces"]>): boolean | undefined {
  try {
    const addresses = Object.values(interfaces()).flatMap((each) => each ?? []);
    if (addresses.length === 0) return undefined;
    return addresses.some(({ address, internal }) => !internal && !linkLocal.test(address));
  } catch {
    return undefined;
  }
}

function letProcessEnd(timer: unknown): void {
  (timer as { unref?: () => void } | undefined)?.unref?.();
}
