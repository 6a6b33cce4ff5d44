type PageEvents = {
  /** The page is about to be gone or kept aside; what needs to be said must be said now. */
  hidden(): void;
  /** The browser stops the page's scripts for a while. */
  frozen(): void;
  /** A page that was kept aside or frozen is there again. */
  back(): void;
};

/** The page's lifecycle, until the returned function is called; in a worker, which has none, nothing happens. */
export function watchPage({ hidden, frozen, back }: PageEvents): () => void {
  const over = new AbortController();
  const { signal } = over;
  const page: Document | undefined = globalThis.document;
  addEventListener("pagehide", hidden, { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && back(), { signal });
  page?.addEventListener("freeze", frozen, { signal });
  page?.addEventListener("resume", back, { signal });
  return () => over.abort();
}
