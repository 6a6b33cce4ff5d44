/** What is said of an import: what of it is new on this device. */
export const importedTexts = {
  "imported.some": "{messages} in {conversations}",
  "imported.messages": { one: "{count} new message", other: "{count} new messages" },
  "imported.conversations": { one: "{count} conversation", other: "{count} conversations" },
  "imported.silent": { one: "{count} new conversation without messages", other: "{count} new conversations without messages" },
  "imported.none": "Nothing new: everything was on this device already.",
} as const;
