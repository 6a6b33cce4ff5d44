// Loaded with `node --import`: who imports an SDK of the workspace gets the version that `sdkVariables` names.
import { registerHooks } from "node:module";
import { ownSdk, type SdkName, sdkVariables } from "./sdkVariables.ts";

const replaced = (Object.keys(sdkVariables) as SdkName[]).flatMap((name) => {
  const folder = process.env[sdkVariables[name]];
  return folder === undefined ? [] : [{ own: ownSdk(name).href, folder }];
});

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    const found = replaced.find(({ own }) => resolved.url.startsWith(own));
    return found === undefined ? resolved : { ...resolved, url: found.folder + resolved.url.slice(found.own.length) };
  },
});
