const wellFormed = /^dm:([0-9a-f]{64}):([0-9a-f]{64})$/;

/** The two inboxes of a DM; undefined where its id does not name two different ones, in lower case and in order. */
export const dmPair = (dmId: string | undefined): readonly [string, string] | undefined => {
  const [, first, second] = wellFormed.exec(dmId ?? "") ?? [];
  return first !== undefined && second !== undefined && first < second ? [first, second] : undefined;
};
