/** The version of this package, as its `package.json` says it; a test holds the two equal. */
export const version = "0.1.0";
