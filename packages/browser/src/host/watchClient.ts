import type { HostEvent } from "@xmtp-backup/core";
import { openStreams } from "@xmtp-backup/core/sdk";
import type { BrowserClient } from "./browserClient.ts";
import { keepStreamOpen } from "./keepStreamOpen.ts";

type Listener = (event: HostEvent) => void;

/**
 * Tells when a conversation or message arrives or consent changes, and when a stream that had failed is there again; never throws.
 *
 * A page can hold two message streams over HTTP/1.1: all who watch share one of each kind, open as long as anybody watches.
 */
export function watchClient(client: BrowserClient): (listener: Listener) => () => void {
  const watchers = new Set<{ listener: Listener }>();
  let end: (() => void) | undefined;
  const tell = (event: HostEvent) => [...watchers].forEach((each) => watchers.has(each) && each.listener(event));

  return (listener) => {
    const watcher = { listener };
    watchers.add(watcher);
    if (watchers.size === 1) end = openStreams(client, (open, told) => keepStreamOpen(client, open, told), tell);
    return () => {
      if (watchers.delete(watcher) && watchers.size === 0) end?.();
    };
  };
}
