type PageEvents = {
  /** The page is about to go, to be kept aside or to be frozen: what needs to be done must be done now. */
  leaving(): void;
  /** A page that was kept aside or frozen is there again. */
  back(): void;
};

/** Watches the page's lifecycle until the returned function is called. */
export function watchPage({ leaving, back }: PageEvents): () => void {
  const over = new AbortController();
  const { signal } = over;
  const page: Document | undefined = globalThis.document;
  addEventListener("pagehide", leaving, { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && back(), { signal });
  page?.addEventListener("freeze", leaving, { signal });
  page?.addEventListener("resume", back, { signal });
  return () => over.abort();
}
