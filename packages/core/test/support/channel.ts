import type { BackupsLink } from "@xmtp-backup/core";

/** A link of its own for each end, all over one channel of the platform; `ends` gets what closes each. */
export function channelOf(ends: (() => void)[], name: string = crypto.randomUUID()): () => BackupsLink {
  return () => {
    const own = new BroadcastChannel(name);
    ends.push(() => own.close());
    return {
      post: (message) => own.postMessage(message),
      listen(listener) {
        const hear = (event: unknown) => listener((event as { data: unknown }).data);
        own.addEventListener("message", hear);
        return () => own.removeEventListener("message", hear);
      },
    };
  };
}
