import type { SdkName } from "./sdkVariables.ts";

/** The test files of an SDK: all of them, and a few that show that backing up and restoring work. */
export type Suites = { all: readonly string[]; short: readonly string[] };

/** That the version is the one that is asked for. */
const itself = "test/testedVersion.sdk.test.ts";

export const suites: Record<SdkName, Suites> = {
  "@xmtp/node-sdk": {
    all: [
      itself,
      "packages/node/test/*.sdk.test.ts",
      "packages/archive/test/sdkArchives.sdk.test.ts",
      "packages/local-network/test/nodeClients.sdk.test.ts",
      "packages/local-network/test/persistence.sdk.test.ts",
      "test/demo.sdk.test.ts",
      "test/readme/readme.browser.test.ts",
    ],
    short: [
      itself,
      "packages/node/test/nodeHost.sdk.test.ts",
      "packages/node/test/otherSdks.sdk.test.ts",
      "packages/node/test/sdkValues.sdk.test.ts",
      "test/demo.sdk.test.ts",
    ],
  },
  "@xmtp/browser-sdk": {
    all: [
      itself,
      "packages/browser/test/*.sdk.test.ts",
      "packages/browser/test/*.sdk.browser.test.ts",
      "packages/local-network/test/browserClients.sdk.test.ts",
    ],
    short: [itself, "packages/browser/test/browserHost.sdk.browser.test.ts", "packages/browser/test/sdkValues.sdk.test.ts"],
  },
};
