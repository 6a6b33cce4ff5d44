import { defineConfig } from "tsup";

/** One ESM build per package, its own code only: everything it depends on stays an import. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "es2023",
  // tsup sets baseUrl for its type roll-up, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  // node:sqlite has no other name.
  removeNodeProtocol: false,
  clean: true,
  sourcemap: true,
  treeshake: true,
  splitting: true,
});
