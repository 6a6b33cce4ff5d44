/** What the docs say of a server that a store is tested against. */
export type TestedServer = {
  name: string;
  /** The version that the tests ran with. */
  version: string;
  /** Which documents a device can't write over that another device wrote in the same moment. */
  refuses: "new and changed" | "new" | "changed" | "none";
  /** Whether its contract runs in a page, too. @default false */
  inPage?: boolean;
};
