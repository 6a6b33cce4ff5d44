import type { BackupsLink } from "@xmtp-backup/core";

/** Between all tabs of the origin, this one included: each link is a channel of its own, and hears all others of its name. */
export function broadcastLink(name: string): BackupsLink & { close(): void } {
  const channel = new BroadcastChannel(name);
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
