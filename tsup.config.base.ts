import { defineConfig } from "tsup";

/** One ESM build per package, its own code only: everything it depends on stays an import. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "es2023",
  dts: true,
  clean: true,
  sourcemap: true,
  treeshake: true,
  splitting: true,
});
