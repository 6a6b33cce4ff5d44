/** What closing the app would stop. */
export const closingTexts = {
  "closing.safe": "You can close the app now.",
  "closing.backup": "A backup is running. Closing now cancels it. Your earlier backups are safe.",
  "closing.restore": "A restore is about to begin. Closing now cancels it. Nothing was changed yet.",
  "closing.restore.begun":
    "A restore is running. Closing now stops it. Everything restored so far stays, and restoring again adds the rest.",
  "closing.unknown": "Something is running. Closing now stops it.",
} as const;
