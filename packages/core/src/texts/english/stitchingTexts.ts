/** The question before conversations with one person are started again. */
export const stitchingTexts = {
  "stitching.title": { one: "Start this conversation again?", other: "Start {count} conversations again?" },
  "stitching.title.named": "Start again with {name}?",
  "stitching.body": {
    one: "A new conversation with this person is made, and you can write there at once. It shows your earlier messages with them too. They get no message about this.",
    other:
      "For each of these people a new conversation is made, and you can write there at once. It shows your earlier messages with them too. They get no message about this.",
  },
  "stitching.body.named":
    "A new conversation with {name} is made, and you can write there at once. It shows your earlier messages with {name} too. {name} gets no message about this.",
  "stitching.confirm": "Start again",
  "stitching.cancel": "Keep waiting",
} as const;
