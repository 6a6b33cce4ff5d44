/** What a client holds, all of it short texts. */
export type Shape = {
  messages: number;
  conversations: number;
  /**
   * Whether its database is encrypted and on the disk, as most people's are. SQLCipher makes every insert of the SDK about three times
   * slower, for both sides of a ratio alike, and hides what is measured. So the other clients are neither.
   *
   * @default false
   */
  asPeopleHaveIt?: boolean;
};

export function nameOf({ messages, conversations, asPeopleHaveIt }: Shape): string {
  const inAll = conversations === fewConversations ? "" : ` in ${conversations.toLocaleString("en")} conversations`;
  return `${messages.toLocaleString("en")} messages${inAll}${asPeopleHaveIt ? ", encrypted, on disk" : ""}`;
}

/** How many conversations a client has unless its name says otherwise. */
export const fewConversations = 50;
