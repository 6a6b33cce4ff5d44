/** How far all restored conversations are. */
export const activationTexts = {
  "activation.empty": "No conversation is waiting",
  "activation.none": { one: "Your conversation is read-only for now", other: "{count} conversations are read-only for now" },
  "activation.some": {
    one: "{count} of {total} conversations is active again",
    other: "{count} of {total} conversations are active again",
  },
  "activation.all": { one: "Your conversation is active again", other: "All {count} conversations are active again" },

  "activation.waiting": {
    one: "One becomes active automatically, mostly when somebody writes there.",
    other: "{count} become active automatically, mostly when somebody writes there.",
  },
  "activation.recreating": { one: "One is being started again.", other: "{count} are being started again." },
  "activation.late": { one: "One takes longer than expected.", other: "{count} take longer than expected." },
  "activation.unlikely": { one: "One may stay read-only for long.", other: "{count} may stay read-only for long." },
  "activation.dismissed": { one: "One was left as it is.", other: "{count} were left as they are." },
  "activation.readOnly": { one: "One can only be read.", other: "{count} can only be read." },
} as const;
