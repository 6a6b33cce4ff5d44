import type { HostEvent } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";

/** Tells when a conversation or message arrives; a stream that fails is retried by the SDK and never throws here. */
export function watchClient<T>(client: Client<T>, listener: (event: HostEvent) => void): () => void {
  const ends: (() => Promise<unknown>)[] = [];
  let isOver = false;

  async function open(event: HostEvent, start: (onValue: () => void) => Promise<{ end(): Promise<unknown> }>): Promise<void> {
    try {
      const stream = await start(() => (isOver ? undefined : listener(event)));
      if (isOver) await stream.end();
      else ends.push(() => stream.end());
    } catch {
      // A client that is offline or closed has no streams; the interval of the one who watches covers for it.
    }
  }

  void open("conversation", (onValue) => client.conversations.stream({ onValue, onRestart: onValue }));
  void open("message", (onValue) => client.conversations.streamAllMessages({ onValue, onRestart: onValue }));

  return () => {
    isOver = true;
    for (const end of ends.splice(0)) void end().catch(() => undefined);
  };
}
