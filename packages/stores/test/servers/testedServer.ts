/** What the docs say of a server that a store is tested against. */
export type TestedServer = {
  name: string;
  /** The version that the tests ran with. */
  version: string;
  /** Which documents two devices can't both write in the same moment: one of them is refused. */
  orders: "new and changed" | "new" | "changed" | "none";
  /** Whether its contract runs in a page, too. @default false */
  inPage?: boolean;
};
