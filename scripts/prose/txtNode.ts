/** What the rules read of a node of textlint. */
export type TxtNode = { type: string; raw: string; range: readonly [number, number]; children?: readonly TxtNode[] };
