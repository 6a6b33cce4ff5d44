import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Path of the module `@xmtp/node-sdk` that `@xmtp/agent-sdk` brings: the version that npm gives. */
export const agentsSdk: string = createRequire(fileURLToPath(new URL("../node_modules/@xmtp/agent-sdk/package.json", import.meta.url))).resolve("@xmtp/node-sdk");
