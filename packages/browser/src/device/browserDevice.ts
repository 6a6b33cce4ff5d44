import type { Device, DeviceEvent, KnownConditions } from "@xmtp-backup/core";

/** What not every browser has, and none has everywhere. */
type Battery = EventTarget & { charging: boolean };
type Connection = EventTarget & { type?: string; saveData?: boolean };
type Platform = { connection?: Connection; getBattery?: () => Promise<Battery> };

/**
 * The facts that a browser knows about the machine. It knows whether the machine is online, and that the page was hidden or frozen and is
 * back. Chromium also knows whether it charges, and its network.
 *
 * A network counts as metered when the user asked the browser to save data. In a worker, which has no document, only the
 * network and the battery tell something.
 *
 * @example
 * ```ts
 * import { browserDevice } from "@xmtp-backup/browser";
 *
 * const { online, charging } = await browserDevice().conditions();
 * console.log(online, charging);
 * ```
 */
export function browserDevice(): Device {
  const platform = navigator as Platform;

  return {
    async conditions({ signal } = {}) {
      signal?.throwIfAborted();
      const battery = await batteryOf(platform);
      signal?.throwIfAborted();
      return { ...networkOf(platform), ...(battery && { charging: battery.charging }) };
    },

    watch(listener) {
      const over = new AbortController();
      const on = (target: EventTarget | undefined, type: string, event: DeviceEvent, isTrue: () => boolean = () => true) =>
        target?.addEventListener(type, () => isTrue() && tell(listener, event), { signal: over.signal });

      on(globalThis, "online", "online");
      on(globalThis, "offline", "changed");
      on(platform.connection, "change", "changed");
      const page: Document | undefined = globalThis.document;
      on(page, "visibilitychange", "wake", () => page.visibilityState === "visible");
      on(page, "resume", "wake");
      void batteryOf(platform).then((battery) => over.signal.aborted || on(battery, "chargingchange", "changed"));
      return () => over.abort();
    },
  };
}

function networkOf({ connection }: Platform): KnownConditions {
  const type = connection?.type;
  return {
    ...(typeof navigator.onLine === "boolean" && { online: navigator.onLine }),
    ...(connection?.saveData === true && { metered: true }),
    ...(type && type !== "unknown" && type !== "none" && { wifi: type === "wifi" }),
  };
}

/** Absent where the browser has none, or keeps it from this page. */
async function batteryOf(platform: Platform): Promise<Battery | undefined> {
  return platform.getBattery?.().catch(() => undefined);
}

function tell(listener: (event: DeviceEvent) => void, event: DeviceEvent): void {
  try {
    listener(event);
  } catch {
    // A broken listener is no matter of the page's other listeners.
  }
}
