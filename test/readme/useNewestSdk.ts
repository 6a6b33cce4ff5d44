// Loaded with `node --import`: agent-sdk gets the newest node-sdk of the workspace, in place of the version that it pins.
import { registerHooks } from "node:module";

const root = new URL("../../package.json", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    nextResolve(specifier, specifier === "@xmtp/node-sdk" ? { ...context, parentURL: root } : context),
});
