import type { HostEvent } from "../ports/host.ts";
import type { SdkPreferences, SdkStream, SdkStreamOptions } from "./sdkShapes.ts";

type StreamingClient = {
  readonly conversations: {
    stream(options?: SdkStreamOptions): Promise<SdkStream>;
    streamAllMessages(options?: SdkStreamOptions): Promise<SdkStream>;
  };
  readonly preferences: Pick<SdkPreferences, "streamConsent">;
};

/** Keeps one stream open; gives the function that ends it. */
type Keep = (open: (options: SdkStreamOptions) => Promise<SdkStream>, tell: () => void) => () => void;

/** Tells when a conversation or message arrives or consent changes, until the returned function is called. */
export function openStreams({ conversations, preferences }: StreamingClient, keep: Keep, tell: (event: HostEvent) => void): () => void {
  const ends = [
    keep(
      (options) => conversations.stream(options),
      () => tell("conversation"),
    ),
    keep(
      (options) => conversations.streamAllMessages(options),
      () => tell("message"),
    ),
    keep(
      (options) => preferences.streamConsent(options),
      () => tell("consent"),
    ),
  ];
  return () => ends.forEach((end) => end());
}
