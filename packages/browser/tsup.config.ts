import { defineConfig } from "tsup";
import base from "../../tsup.config.base.ts";

/** A worker is started by the address of its script, beside the entry. */
export default defineConfig({ ...base, entry: ["src/index.ts", "src/fileWorker.ts"] });
