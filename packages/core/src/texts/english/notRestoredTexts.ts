import type { LeftOut, RestoreLimit } from "../../model/restore.ts";
import type { PluralForms } from "../textCatalogue.ts";

/** What a restore does not bring back: messages that it leaves out, and what no archive holds. */
export const notRestoredTexts = {
  "notRestored.title": "What does not come back",
  "notRestored.title.after": "What is not as it was",

  "notRestored.leftOut.deleted": {
    one: "One message was deleted for everyone. It stays deleted.",
    other: "{count} messages were deleted for everyone. They stay deleted.",
  },
  "notRestored.leftOut.expired": {
    one: "The time of one disappearing message is over.",
    other: "The time of {count} disappearing messages is over.",
  },
  "notRestored.leftOut.unsent": {
    one: "One message was never sent.",
    other: "{count} messages were never sent.",
  },
  "notRestored.leftOut.oddDms": {
    one: "One message stands in a conversation whose members are not clear.",
    other: "{count} messages stand in conversations whose members are not clear.",
  },
  "notRestored.orphans": {
    one: "The conversation of one message is not in the backup.",
    other: "The conversations of {count} messages are not in the backup.",
  },

  "notRestored.limit.memberLists": "Who is in a group shows once that group is active again.",
  "notRestored.limit.permissions": "What members of a group may do shows once that group is active again.",
  "notRestored.limit.creator": "A conversation names you as the person who started it until it is active again.",
  "notRestored.limit.admins": "A group names you as its only admin until it is active again.",
  "notRestored.limit.createdAt": "Conversations are dated by this restore, and not by when they began.",
  "notRestored.limit.membershipChanges": "Notes such as “Bob added Carol” stay behind. All that people wrote comes back.",
  "notRestored.limit.disappearingTimers": "Disappearing messages that come back do not disappear any more.",
  "notRestored.limit.deletion": "A message that is here already stays, although it was deleted for everyone later.",
  "notRestored.limit.remoteAttachments": "Photos and files open only as long as the place where they were uploaded keeps them.",
  "notRestored.limit.readState": "What you had read and what not is not in a backup.",
  "notRestored.limit.gap": "Messages sent after this backup are not in it. A newer backup or another device of yours can bring them.",
} as const satisfies Readonly<
  Record<`notRestored.leftOut.${keyof LeftOut}`, PluralForms> &
    Record<`notRestored.limit.${RestoreLimit}`, string> &
    Record<"notRestored.title" | "notRestored.title.after", string> &
    Record<"notRestored.orphans", PluralForms>
>;
