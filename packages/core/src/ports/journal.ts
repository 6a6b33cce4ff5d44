import type { CallOptions } from "./callOptions.ts";

/** What JSON can hold; bigint goes in as a string. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Small notes that survive the process, each under a name of lower-case letters, digits and dashes.
 *
 * A note is replaced whole or not at all. A damaged one reads as absent: the journal helps to resume, it is never
 * needed to read an archive.
 */
export interface Journal {
  read(name: string, options?: CallOptions): Promise<Json | undefined>;
  /** @throws JOURNAL_FAILED when it can't be kept */
  write(name: string, note: Json, options?: CallOptions): Promise<void>;
  remove(name: string, options?: CallOptions): Promise<void>;
}
