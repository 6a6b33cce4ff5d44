/** How long a stage still takes. */
export const remainingTexts = {
  "remaining.seconds": "less than a minute left",
  "remaining.minutes": { one: "about a minute left", other: "about {count} minutes left" },
  "remaining.hours": { one: "about an hour left", other: "about {count} hours left" },
} as const;
