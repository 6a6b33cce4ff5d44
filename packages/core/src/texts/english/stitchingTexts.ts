/** Asking before conversations with one person are started anew. */
export const stitchingTexts = {
  "stitching.title": { one: "Start this conversation anew?", other: "Start {count} conversations anew?" },
  "stitching.title.named": "Start anew with {name}?",
  "stitching.body": {
    one: "A new conversation with this person is made, and you can write there at once. It shows your earlier messages with them too. They get no message from this.",
    other:
      "For each of these people a new conversation is made, and you can write there at once. It shows your earlier messages with them too. They get no message from this.",
  },
  "stitching.body.named":
    "A new conversation with {name} is made, and you can write there at once. It shows your earlier messages with {name} too. {name} gets no message from this.",
  "stitching.confirm": "Start anew",
  "stitching.cancel": "Keep waiting",
} as const;
