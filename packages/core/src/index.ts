// One list for each folder, so that a bundler that places whole files, such as esbuild, gives an app only what it asked for.
export * from "./activation/exports.ts";
export * from "./archives/exports.ts";
export * from "./backup/exports.ts";
export * from "./errors/exports.ts";
export * from "./imported/exports.ts";
export * from "./logging/exports.ts";
export * from "./policy/exports.ts";
export * from "./ports/exports.ts";
export * from "./restore/exports.ts";
export * from "./retention/exports.ts";
export * from "./sharing/exports.ts";
export * from "./tasks/exports.ts";
export * from "./texts/exports.ts";
export * from "./time/exports.ts";
export * from "./exports.ts";
