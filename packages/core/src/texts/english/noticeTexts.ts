/** What a notification says of restored conversations. */
export const noticeTexts = {
  "notice.first.title": { one: "The first conversation is active again", other: "The first {count} conversations are active again" },
  "notice.first.body": {
    one: "You can write there now. One more follows automatically.",
    other: "You can write there now. {count} more follow automatically.",
  },
  "notice.half.title": "Half of your conversations are active again",
  "notice.half.title.more": "More than half of your conversations are active again",
  "notice.half.body": {
    one: "{active} of {total} so far. One more follows automatically.",
    other: "{active} of {total} so far. {count} more follow automatically.",
  },
  "notice.all.title": { one: "Your conversation is active again", other: "All your conversations are active again" },
  "notice.all.body": "You can write everywhere, as before.",
  "notice.all.body.one": "You can write there, as before.",
  "notice.unknown.title": "There is news of your conversations",
  "notice.unknown.body": "Open the app to see more.",
} as const;
