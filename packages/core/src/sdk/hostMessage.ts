import type { HostMessage } from "../ports/hostConversation.ts";
import type { SdkMessage } from "./sdkShapes.ts";

/** What core sees of one of the SDK's messages; undefined for none, and for one that the SDK shows as deleted. */
export function hostMessage(message: SdkMessage | undefined): HostMessage | undefined {
  if (!message || message.contentType.typeId === "deletedMessage") return undefined;
  return { id: message.id, conversationId: message.conversationId, senderInboxId: message.senderInboxId };
}
