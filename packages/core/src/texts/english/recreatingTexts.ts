/** The question before conversations with one person are started again. */
export const recreatingTexts = {
  "recreating.title": { one: "Start this conversation again?", other: "Start {count} conversations again?" },
  "recreating.title.named": "Start again with {name}?",
  "recreating.body": {
    one: "A new conversation with this person is made, and you can write there at once. It shows your earlier messages with them too. They get no message about this.",
    other:
      "For each of these people a new conversation is made, and you can write there at once. It shows your earlier messages with them too. They get no message about this.",
  },
  "recreating.body.named":
    "A new conversation with {name} is made, and you can write there at once. It shows your earlier messages with {name} too. {name} gets no message about this.",
  "recreating.confirm": "Start again",
  "recreating.cancel": "Keep waiting",
} as const;
