/** What a page asks of the worker that writes one file, one call after the other. */
export type FileCall =
  /** `path` leads from the root of the origin-private file system to the folder. */
  | { call: "open"; path: readonly string[]; name: string; part: string }
  | { call: "write"; bytes: ArrayBuffer }
  | { call: "close" }
  | { call: "abort" };

/** What the worker answers to each call: nothing, or the browser's error. */
export type FileAnswer = { error?: { name: string; message: string } };
