/** What an incomplete backup lacks. */
export const lacksTexts = {
  "lacks.messages": { one: "The newest backup lacks one message.", other: "The newest backup lacks {count} messages." },
  "lacks.some": "The newest backup is incomplete.",
  "lacks.conversations": { one: "The app can't read one conversation.", other: "The app can't read {count} conversations." },
  "lacks.conversations.named": {
    one: "The app can't read one conversation: {names}.",
    other: "The app can't read {count} conversations: {names}.",
  },
  "lacks.ranges": {
    one: "The messages of one time range could not be backed up.",
    other: "The messages of {count} time ranges could not be backed up.",
  },
  "lacks.consent": "The list of people whom you allow to write to you could not be backed up.",
} as const;
