/** An app that sends looks for new installations of the others at most every 5 s in a conversation; this is a little longer. */
export const lookEveryMs = 5_200;
