import { useCallback, useState } from "react";

/** Runs what the user asked for, one at a time: whether it runs, and why the last one failed. */
export function useAction(): { run(work: () => Promise<unknown>): Promise<boolean>; isBusy: boolean; error: unknown } {
  const [{ isBusy, error }, setState] = useState<{ isBusy: boolean; error?: unknown }>({ isBusy: false });
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setState({ isBusy: true });
    try {
      await work();
      setState({ isBusy: false });
      return true;
    } catch (failure) {
      setState({ isBusy: false, error: failure });
      return false;
    }
  }, []);
  return { run, isBusy, error };
}
