import type { SdkName } from "./sdkVariables.ts";

/** The test files of an SDK: all of them, and a few that show that backing up and restoring work. */
export type Suites = { all: readonly string[]; short: readonly string[] };

/** That the version is the one that is asked for. */
const itself = "test/testedSdk.test.ts";

export const suites: Record<SdkName, Suites> = {
  "@xmtp/node-sdk": {
    all: [
      itself,
      "packages/node/test/*.e2e.test.ts",
      "packages/node/test/sdkValues.test.ts",
      "packages/archive/test/sdk.e2e.test.ts",
      "packages/local-network/test/nodeSdk.test.ts",
      "packages/local-network/test/persistence.test.ts",
      "test/demo.test.ts",
      "test/readme/readme.test.ts",
    ],
    short: [itself, "packages/node/test/nodeHost.e2e.test.ts", "packages/node/test/otherSdks.e2e.test.ts", "packages/node/test/sdkValues.test.ts", "test/demo.test.ts"],
  },
  "@xmtp/browser-sdk": {
    all: [itself, "packages/browser/test/*.e2e.test.ts", "packages/browser/test/guardedMethods.test.ts", "packages/browser/test/sdkValues.test.ts", "packages/local-network/test/browserSdk.test.ts"],
    short: [itself, "packages/browser/test/browserHost.e2e.test.ts", "packages/browser/test/sdkValues.test.ts"],
  },
};
