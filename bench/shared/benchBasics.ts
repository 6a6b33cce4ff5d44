/** What a run gives to every bench, also to those of pages. */
export type BenchBasics = {
  /** Says on the way what is measured, beside the results. */
  note(line: string): void;
  /** Leaves out what takes minutes. */
  isQuick: boolean;
  /** A count of messages or conversations: smaller in a run that only tries the benches out. */
  scaled(count: number): number;
};
