export const activationTexts = {
  label: "Restored conversations",
  dismiss: "Got it",
} as const;

/** The reminders that are worth a tap, and what the tap is called. */
export const reminderActions = {
  backup: "Back up now",
  setUp: "Set up",
  confirmKey: "Show the phrase",
  freeSpace: "Free some space",
  resolve: "Take a look",
  acceptSmaller: "See your backups",
} as const;

export const reminderTexts = { label: "Suggestions", dismiss: "Not now", tomorrow: "Tomorrow", accept: "That is right" } as const;
