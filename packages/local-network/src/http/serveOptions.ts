/** How to answer. */
export type ServeOptions = {
  /** Whether to do what is asked and then cut the call instead of answering it. */
  dropAnswer: boolean;
};
