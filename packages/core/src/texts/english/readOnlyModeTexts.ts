/** What read-only mode is. */
export const readOnlyModeTexts = {
  "readOnly.title": "Read-only for now",
  "readOnly.explanation":
    "Your messages are back, and you can read them all. Writing has to wait a little. For everybody's privacy, a new device joins a conversation only when the app of a member lets it in.",
  "readOnly.howItEnds":
    "This happens automatically. A conversation becomes active when somebody in it writes, or opens it half an hour from now or later. If nobody writes, it can take much longer.",
  "readOnly.action":
    "If you have another device with this app, open it there for about a minute. It can let this device into your recent conversations all at once.",
} as const;
