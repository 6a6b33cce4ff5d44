// One list for each room, so that a bundler that places whole files, such as esbuild, gives an app what of a room it asked for.
export * from "./actors/exports.ts";
export * from "./client/exports.ts";
export * from "./errors/exports.ts";
export * from "./machines/exports.ts";
export * from "./model/exports.ts";
export * from "./policy/exports.ts";
export * from "./ports/exports.ts";
export * from "./remote/exports.ts";
export * from "./texts/exports.ts";
