import type { Dm, Group } from "@xmtp/node-sdk";
import { canClose } from "./closeClient.ts";

type SendText = (text: string, option: boolean | { optimistic: boolean }) => Promise<string>;

/** Notes a text in the client without sending it; 6.0.0 takes a boolean for that, later versions take options. */
export function sendOptimistically(conversation: Group | Dm, text: string): Promise<string> {
  const sendText: SendText = conversation.sendText.bind(conversation) as SendText;
  return sendText(text, canClose ? { optimistic: true } : true);
}
