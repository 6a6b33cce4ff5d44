export type { Chat, ChatMessage, ConversationSummary } from "./chat.ts";
export { createMessenger, type Messenger, type Session } from "./createMessenger.ts";
export type { OpenSession } from "./openSession.ts";
export type { Recovery, TypedSecret } from "./recovery.ts";
export type { Settings } from "./settings.ts";
