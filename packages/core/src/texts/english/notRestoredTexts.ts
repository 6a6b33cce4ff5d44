import type { RestoreLimit } from "../../restore/restoreResult.ts";
import type { LeftOut } from "../../archives/archivePreview.ts";
import type { PluralForms } from "./pluralForms.ts";

/** What a restore does not bring back: messages that it leaves out, and what no archive holds. */
export const notRestoredTexts = {
  "notRestored.title": "What does not come back",
  "notRestored.title.after": "What is not as it was",

  "notRestored.leftOut.deleted": {
    one: "One message was deleted for everyone. It stays deleted.",
    other: "{count} messages were deleted for everyone. They stay deleted.",
  },
  "notRestored.leftOut.expired": {
    one: "One disappearing message is left out. Its time is over.",
    other: "{count} disappearing messages are left out. Their time is over.",
  },
  "notRestored.leftOut.unsent": {
    one: "One message is left out. It was never sent.",
    other: "{count} messages are left out. They were never sent.",
  },
  "notRestored.leftOut.oddDms": {
    one: "One message is left out. It is not clear who is in its conversation.",
    other: "{count} messages are left out. It is not clear who is in their conversations.",
  },
  "notRestored.orphans": {
    one: "One message is left out. Its conversation is not in the backup.",
    other: "{count} messages are left out. Their conversations are not in the backup.",
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
  "notRestored.limit.unknown": "Something more is not as it was. This version of the app can't say what.",
} as const satisfies Readonly<
  Record<`notRestored.leftOut.${keyof LeftOut}`, PluralForms> &
    Record<`notRestored.limit.${RestoreLimit | "unknown"}`, string> &
    Record<"notRestored.title" | "notRestored.title.after", string> &
    Record<"notRestored.orphans", PluralForms>
>;
