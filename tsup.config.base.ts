import { defineConfig } from "tsup";

/** One ESM build per package, its own code only: everything it depends on stays an import. Declarations are made by `tsc`. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "es2023",
  // node:sqlite has no other name.
  removeNodeProtocol: false,
  clean: true,
  sourcemap: true,
  treeshake: true,
  splitting: true,
});
