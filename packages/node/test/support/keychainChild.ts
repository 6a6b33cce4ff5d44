import { registerHooks } from "node:module";
import { inspect } from "node:util";
import { isBackupError } from "@xmtp-backup/core";
import { keychainAvailability } from "../../src/keychain/keychainAvailability.ts";
import { keychainKeys } from "../../src/keychain/keychainKeys.ts";
import type { KeychainReport, KeychainTask } from "./keychainInChild.ts";

const { service, account, key, withoutModule } = JSON.parse(process.argv[2] ?? "") as KeychainTask;

if (withoutModule) {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === "@napi-rs/keyring")
        throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" });
      return next(specifier, context);
    },
  });
}
const keys = keychainKeys({ service, account });
const availability = await keychainAvailability();
const codeOf = (error: unknown) => (isBackupError(error) ? error.code : String(error));
const report: KeychainReport = {
  available: availability.isAvailable ? "yes" : availability.error.code,
  loaded: await keys.load().then((loaded) => loaded.map((each) => Buffer.from(each).toString("hex")), codeOf),
  added: key ? await keys.add(Buffer.from(key, "hex")).then(() => "yes", codeOf) : "not asked",
  said: availability.isAvailable ? "" : inspect(availability.error),
};
process.stdout.write(JSON.stringify(report));
