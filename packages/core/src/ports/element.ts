/** What an archive can hold: conversations with their messages, and consent records. */
export type Element = "messages" | "consent";

/** Every element, in the order in which an archive holds them. */
export const allElements = ["consent", "messages"] as const satisfies readonly Element[];
