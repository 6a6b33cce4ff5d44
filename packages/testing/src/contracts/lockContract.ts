import type { Lock } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectThat } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

/** A new lock for each case; `reopen` gives a second one over the same place, as another process has. */
export type LockSetUp = () => Promise<{ lock: Lock; reopen?: () => Lock; dispose?: () => Promise<void> }>;

/** What every `Lock` must do. */
export function lockContract(setUp: LockSetUp): ContractCase[] {
  const withLock = (name: string, run: (lock: Lock, other: Lock) => Promise<void>): ContractCase =>
    ownCase(setUp, name, ({ lock, reopen }) => run(lock, reopen?.() ?? lock));

  return [
    withLock("default: one holder at a time", async (lock, other) => {
      const unlock = await lock.tryAcquire("inbox");
      expectThat(unlock !== undefined, "the first one holds it");
      expectThat((await other.tryAcquire("inbox")) === undefined, "a second one does not");
      expectThat((await lock.tryAcquire("inbox")) === undefined, "nor does the first one twice");
      await unlock();
      const next = await other.tryAcquire("inbox");
      expectThat(next !== undefined, "another holds it once it is given back");
      await next();
    }),
    withLock("behavior: names are apart", async (lock, other) => {
      const [one, two] = [await lock.tryAcquire("inbox-1"), await other.tryAcquire("inbox-2")];
      expectThat(one !== undefined && two !== undefined, "both are held");
      await one();
      await two();
    }),
    withLock("behavior: giving back twice does nothing", async (lock, other) => {
      const unlock = await lock.tryAcquire("inbox");
      await unlock?.();
      const next = await other.tryAcquire("inbox");
      await unlock?.();
      expectThat((await lock.tryAcquire("inbox")) === undefined, "the next holder keeps it");
      await next?.();
    }),
    withLock("parameters: signal: an aborted call rejects with its reason", async (lock) => {
      await expectAbort((signal) => lock.tryAcquire("inbox", { signal }), "tryAcquire");
    }),
  ];
}
