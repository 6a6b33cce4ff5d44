import { defineConfig } from "tsup";
import base from "../../tsup.config.base.ts";

/** Passkeys have an entry of their own: they alone need a browser's page. */
export default defineConfig({ ...base, entry: { index: "src/index.ts", passkey: "src/passkey/index.ts" } });
