import { BackupError, type BackupsLink } from "@xmtp-backup/core";

export type BroadcastLink = BackupsLink & {
  /** Why this page has no channel; nothing is posted then, and nothing heard. */
  readonly failure?: BackupError;
  close(): void;
};

/** Between all tabs of the origin, this one included: each link is a channel of its own, and hears all others of its name. */
export function broadcastLink(name: string): BroadcastLink {
  const channel = openChannel(name);
  if (channel instanceof BackupError)
    return { failure: channel, post: () => undefined, listen: () => () => undefined, close: () => undefined };
  let isOpen = true;
  return {
    post: (message) => isOpen && channel.postMessage(message),
    listen(listener) {
      const hear = ({ data }: MessageEvent<unknown>) => listener(data);
      channel.addEventListener("message", hear);
      return () => channel.removeEventListener("message", hear);
    },
    close() {
      isOpen = false;
      channel.close();
    },
  };
}

/** A frame whose origin is nobody's, as `sandbox` makes one, may not have a channel; an old browser knows none. */
function openChannel(name: string): BroadcastChannel | BackupError {
  try {
    return new BroadcastChannel(name);
  } catch (cause) {
    return new BackupError("JOURNAL_FAILED", "The tabs can't agree on the one that leads.", {
      details:
        "This page may not use BroadcastChannel. A frame with a sandbox needs allow-same-origin; otherwise use createBackups instead of shareBackups.",
      cause,
    });
  }
}
