/** Thrown for a compressed block that no encoder wrote. */
export class BrokenBlock extends Error {}

/** @throws BrokenBlock unless the condition holds. */
export const demand = (condition: boolean): void => {
  if (!condition) throw new BrokenBlock("broken block");
};
