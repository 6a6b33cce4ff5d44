/**
 * An app that sends looks for new installations of the others at most every 5 s in a conversation; this is a little longer. Tests wait that
 * long for real: the SDK has no setting and no event for it, and its clock is not theirs.
 */
export const lookEveryMs = 5_200;
