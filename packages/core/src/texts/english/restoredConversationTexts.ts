/** What one restored conversation shows: a badge, a title, what is so, what the user can do, and the composer. */
export const restoredConversationTexts = {
  "conversation.badge.soon": "Active soon",
  "conversation.badge.waiting": "Waiting for a message",
  "conversation.badge.late": "Still waiting",
  "conversation.badge.readOnly": "Read-only",
  "conversation.badge.recreating": "Starting again",
  "conversation.badge.active": "Active again",

  "conversation.title.waiting": "Read-only for now",
  "conversation.title.waiting.dm": "Your conversation with {name} is read-only for now",
  "conversation.title.waiting.group": "{name} is read-only for now",
  "conversation.title.late": "Still read-only",
  "conversation.title.late.dm": "Your conversation with {name} is still read-only",
  "conversation.title.late.group": "{name} is still read-only",
  "conversation.title.readOnly": "Read-only",
  "conversation.title.readOnly.dm": "Your conversation with {name} is read-only",
  "conversation.title.readOnly.group": "{name} is read-only",
  "conversation.title.recreating": "Starting again",
  "conversation.title.recreating.dm": "Starting again with {name}",
  "conversation.title.recreating.group": "{name} is starting again",
  "conversation.title.active": "Active again",
  "conversation.title.active.dm": "Your conversation with {name} is active again",
  "conversation.title.active.group": "{name} is active again",

  "conversation.waiting.otherInstallation.dm":
    "Another device of yours is online and usually makes this conversation active within a few minutes.",
  "conversation.waiting.otherInstallation.group":
    "Another device of yours is online and usually makes this group active within a few minutes.",
  "conversation.waiting.recentMessages.dm":
    "You were in touch lately, so this should not take long. It becomes active when the other person writes, or opens it half an hour from now or later.",
  "conversation.waiting.recentMessages.group":
    "People wrote here lately, so this should not take long. It becomes active when one of them writes, or opens it half an hour from now or later.",
  "conversation.waiting.someMessages.dm":
    "It becomes active when the other person writes, or opens it half an hour from now or later. Nobody can say when that will be.",
  "conversation.waiting.someMessages.group":
    "It becomes active when somebody in the group writes, or opens it half an hour from now or later. Nobody can say when that will be.",
  "conversation.waiting.quiet.dm":
    "There was no message here for three months, so it may stay read-only for long. It becomes active when the other person writes.",
  "conversation.waiting.quiet.group":
    "Nobody has written here for three months, so it may stay read-only for long. It becomes active when somebody in the group writes.",
  "conversation.waiting.denied.dm": "You blocked this person, so your devices do nothing to make it active. You can still read it.",
  "conversation.waiting.denied.group": "You blocked this group, so your devices do nothing to make it active. You can still read it.",
  "conversation.waiting.removed.dm": "You were no longer part of this conversation when the backup was made. You can still read it.",
  "conversation.waiting.removed.group": "You were no longer in this group when the backup was made. You can still read it.",

  "conversation.waiting.left.dm": "You had left this conversation when the backup was made. You can still read it.",
  "conversation.waiting.left.group":
    "You had left this group when the backup was made, so this app does not join it again for you. You can still read it.",
  "conversation.waiting.otherInbox.dm": "This conversation belongs to another account. You can only read it here.",
  "conversation.waiting.otherInbox.group": "This group belongs to another account. You can only read it here.",

  "conversation.late.otherInstallation.dm":
    "This takes longer than expected: your other device has not made it active so far. It still becomes active when the other person writes.",
  "conversation.late.otherInstallation.group":
    "This takes longer than expected: your other device has not made it active so far. It still becomes active when somebody in the group writes.",
  "conversation.late.messages.dm":
    "This takes longer than expected: the other person seems not to have used the app. It still becomes active when they write.",
  "conversation.late.messages.group":
    "This takes longer than expected: nobody in the group seems to have used the app. It still becomes active when one of them writes.",

  "conversation.dismissed": "You chose to leave this as it is. You can still read it, and it becomes active if somebody writes.",
  "conversation.recreating": "A new conversation with the same person is being made. It will show the earlier messages too.",
  "conversation.recreatingFailed": "Starting it again has not worked so far.",
  "conversation.active": "You can write here again.",
  "conversation.active.moved": "You can write again, in a new conversation with the same person. It shows the earlier messages too.",
  "conversation.unknown": "You can read it. This version of the app can't say when you can write here.",

  "conversation.action.openOther": "Open the app on your other device, and leave it open for about a minute.",
  "conversation.action.recreate": "Start the conversation again to write at once.",
  "conversation.action.ask.dm": "If you can reach this person another way, ask them to send you a message here.",
  "conversation.action.ask.group": "If you can reach somebody in the group another way, ask them to write a message here.",
  "conversation.action.unblock.dm": "Unblock this person if you want to write again.",
  "conversation.action.unblock.group": "Unblock the group if you want to write again.",
  "conversation.action.comeBack": "Choose to follow it again if you want to be part of it after all.",
  "conversation.action.rejoin": "Ask somebody in the group to add you again if you want to write.",

  "conversation.placeholder.soon": "You can write here soon",
  "conversation.placeholder.waiting": "You can read here, and write later",
  "conversation.placeholder.readOnly": "You can only read here",
  "conversation.placeholder.recreating": "One moment, and you can write again",
  "conversation.placeholder.moved": "Write in the new conversation",
} as const;
