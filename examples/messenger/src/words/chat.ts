export const appName = "Harbour";
export const skipText = "Skip to content";

export const chatTexts = {
  conversations: "Conversations",
  empty: "Nobody here yet",
  emptyBody: "Meet Bob. He answers every message, and starts a group with you.",
  meetBob: "Meet Bob",
  meeting: "Bob is on his way …",
  choose: "Choose a conversation",
  chooseBody: "Your conversations are on the left.",
  unknown: "This conversation is not on this device",
  unknownBody: "It may belong to another device of yours.",
  noMessages: "No messages yet. Say hello.",
  back: "All chats",
  message: "Message",
  placeholder: "Write a message",
  send: "Send",
  startAgain: "Start again",
  trackAgain: "Follow again",
  leave: "Leave",
  left: "You asked to leave this group. You can still read it.",
  deleted: "This message was deleted",
} as const;

/** The question before a group is left. */
export const leaveQuestion = {
  title: "Leave this group?",
  body: "You can still read what was said. To come back, you need somebody who is in it.",
  confirm: "Leave it",
  cancel: "Stay",
} as const;

/** For a tab beside the one that has the chats. */
export const elsewhereTexts = {
  title: "Your chats are open in another tab",
  body: "Your backups can be seen and made from here too. Close the other tab, and your chats open here.",
} as const;

/** What the list of a conversation's messages is called by screen readers. */
export function messagesLabel(title: string): string {
  return `Messages of ${title}`;
}

/** What a bubble and the list show of a message. */
export function messageText({ text, isDeleted }: { text: string; isDeleted: boolean }): string {
  return isDeleted ? chatTexts.deleted : text;
}

/** The two letters of a picture, where there is none. */
export function initialsOf(title: string): string {
  const words = title.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

export const welcomeTexts = {
  new: {
    title: "Messages that stay yours",
    body: "A small messenger on a network of its own. Your messages are backed up, encrypted, and come back when a device is lost.",
    action: "Sign in",
  },
  returning: {
    title: "Welcome back",
    body: "This device has no messages yet. Sign in, and the app looks for your backups.",
    action: "Sign in",
  },
  opening: "Signing in …",
  failed: "Signing in did not work.",
  retry: "Try again",
  startOver: "Start over with a new account",
} as const;
