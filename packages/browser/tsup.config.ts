import { defineConfig } from "tsup";
import base from "../../tsup.config.base.ts";

/** A worker is started by the address of its script, beside the entry. */
export default defineConfig({ ...base, entry: { index: "src/index.ts", fileWorker: "src/files/fileWorker.ts" } });
