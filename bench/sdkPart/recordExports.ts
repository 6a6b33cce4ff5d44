import type { ExportRequest, Host } from "@xmtp-backup/core";
import type { OpenedClient } from "../loaded/openedClient.ts";
import { exportRaw } from "./exportRaw.ts";

/** What a backup asked of the SDK. */
export type RecordedExports = {
  requests: ExportRequest[];
  sideBySide: number;
  /** How long at least one export was under way, in seconds. */
  seconds: number;
};

export function recordExports(): { around(host: Host): Host; recorded: RecordedExports } {
  const recorded: RecordedExports = { requests: [], sideBySide: 1, seconds: 0 };
  let underWay = 0;
  let startMs = 0;
  return {
    recorded,
    around(host) {
      recorded.sideBySide = host.features.parallelExports;
      return {
        ...host,
        async exportArchive(request, key, options) {
          recorded.requests.push(request);
          if ((underWay += 1) === 1) startMs = performance.now();
          try {
            return await host.exportArchive(request, key, options);
          } finally {
            if ((underWay -= 1) === 0) recorded.seconds += (performance.now() - startMs) / 1_000;
          }
        },
      };
    },
  };
}

/** The SDK's own part of a backup: the same exports, as many side by side, and nothing else. */
export async function replayExports(opened: OpenedClient, { requests, sideBySide }: RecordedExports): Promise<void> {
  const queue = [...requests.entries()];
  async function work(): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, request] = next;
      await exportRaw(opened, `export-${index}`, request);
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, work));
}
