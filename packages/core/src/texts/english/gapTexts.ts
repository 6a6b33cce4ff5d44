/** The messages that neither the backup nor the others' devices bring. */
export const gapTexts = {
  "gap.open": "Messages sent since {from} are missing here. New ones arrive once the conversation is active again.",
  "gap.closed": "Messages sent between {from} and {to} are missing here.",
  "gap.filled": "Messages sent between {from} and {to} are here too now.",
  "gap.filled.open": "Nothing is missing here now.",
  "gap.action.any":
    "A newer backup of a device that was in use at that time brings them back. So does that device itself, if it is online.",
  "gap.action.archive": "There is a newer backup that can bring them back. Restoring it changes nothing else.",
  "gap.action.offered": "Another device of yours has sent what it has. Fetching it can bring them back, and changes nothing else.",
  "gap.action.historySync": "Another device of yours can send them. Ask it for your history, and keep the app open there.",
  "gap.action.both": "A newer backup can bring them back, and another device of yours can send them. Neither changes anything else.",
  "gap.action.none":
    "Nothing at hand can bring them back. If you still have a device that was in use at that time, back up there once more and restore that backup here.",
} as const;
