/** The SDKs that the hosts work with. */
export type SdkName = "@xmtp/node-sdk" | "@xmtp/browser-sdk";

/** The variables that name the folder of another version, as a `file:` address that ends with "/". */
export const sdkVariables = { "@xmtp/node-sdk": "XMTP_NODE_SDK", "@xmtp/browser-sdk": "XMTP_BROWSER_SDK" } as const satisfies Record<
  SdkName,
  string
>;

/** The folder of the version that the workspace develops on. */
export function ownSdk(name: SdkName): URL {
  return new URL(`../../node_modules/${name}/`, import.meta.url);
}

/** The folder of the version that is tested. */
export function testedSdk(name: SdkName): URL {
  const other = process.env[sdkVariables[name]];
  return other === undefined ? ownSdk(name) : new URL(other);
}
