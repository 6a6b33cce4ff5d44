import type { RestoreLimit } from "../../restore/restoreResult.ts";
import type { LeftOut } from "../../archives/archivePreview.ts";
import type { PluralForms } from "./pluralForms.ts";

/** What a restore does not bring back: messages that it leaves out, and what no archive holds. */
export const notRestoredTexts = {
  "notRestored.title": "This does not come back",
  "notRestored.title.after": "This is different now",

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

  "notRestored.limit.memberLists": "A group shows its members once it is active again.",
  "notRestored.limit.permissions": "A group shows what its members may do once it is active again.",
  "notRestored.limit.creator": "A conversation names you as the person who started it until it is active again.",
  "notRestored.limit.admins": "A group names you as its only admin until it is active again.",
  "notRestored.limit.createdAt": "Conversations have the date of this restore, not the date on which they began.",
  "notRestored.limit.membershipChanges": "Notes such as “Bob added Carol” stay behind. Everything that people wrote comes back.",
  "notRestored.limit.disappearingTimers": "Disappearing messages that come back no longer disappear.",
  "notRestored.limit.deletion": "A message that is here already stays, even if it was deleted for everyone later.",
  "notRestored.limit.remoteAttachments": "Photos and files open only as long as the place where they were uploaded keeps them.",
  "notRestored.limit.readState": "A backup does not know which messages you had read.",
  "notRestored.limit.gap": "Messages sent after this backup are not in it. A newer backup or another device of yours can bring them.",
  "notRestored.limit.unknown": "Something more is not as it was. This version of the app can't say what.",
} as const satisfies Readonly<
  Record<`notRestored.leftOut.${keyof LeftOut}`, PluralForms> &
    Record<`notRestored.limit.${RestoreLimit | "unknown"}`, string> &
    Record<"notRestored.title" | "notRestored.title.after", string> &
    Record<"notRestored.orphans", PluralForms>
>;
