import { defineConfig } from "tsup";
import base from "../../tsup.config.base.ts";

/** Agents have an entry of their own: nobody else needs it. */
export default defineConfig({ ...base, entry: { index: "src/index.ts", agents: "src/agents/index.ts" } });
