/** Asking the user to open the app on another device. */
export const wakeUpTexts = {
  "wakeUp.title": "Do you still have your other device?",
  "wakeUp.body":
    "Open the app there, and leave it open for about a minute. It can then let this device into all your conversations of the last 90 days at once, except those that you blocked.",
  "wakeUp.otherwise": "If nothing changes, send a message from there in the conversation that matters most to you. That makes it active.",
  "wakeUp.confirm": "I opened it",
  "wakeUp.cancel": "I don't have it",
  "wakeUp.alone.title": "No other device is known",
  "wakeUp.alone.body": "Your conversations become active when somebody in them writes, or opens them half an hour from now or later.",
  "wakeUp.source": "The device that the backup came from",
  "wakeUp.source.dated": "The device that the backup came from, set up on {date}",
  "wakeUp.other": "Another device",
  "wakeUp.other.dated": "Another device, set up on {date}",
} as const;
