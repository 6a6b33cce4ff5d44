import type { Host, HostEvent } from "./ports/host.ts";

/** One watch of the host for any number of listeners: a page can hold two streams at the most. */
export function shareWatch(host: Host): Host["watch"] {
  const listeners = new Set<(event: HostEvent) => void>();
  let unwatch: (() => void) | undefined;
  return (listener) => {
    const own = (event: HostEvent) => listener(event);
    listeners.add(own);
    unwatch ??= host.watch((event) => listeners.forEach((each) => each(event)));
    return () => {
      listeners.delete(own);
      if (listeners.size > 0) return;
      unwatch?.();
      unwatch = undefined;
    };
  };
}
