import { type Backups, type BackupsOptions, createBackups, generateArchiveKey, type TaskState } from "@xmtp-backup/core";
import { fakeClock, fakeHost, type FakeHostOptions, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";

/** A client with two groups of three messages, an empty store, a key, and the backups over them. */
export function world(host: FakeHostOptions = {}, options: Partial<BackupsOptions> = {}) {
  const clock = fakeClock();
  const key = generateArchiveKey();
  const parts = {
    host: fakeHost({ inbox: fakeInbox(), ...host }),
    store: memoryStore(clock.now),
    keys: memoryKeys(key),
    clock,
    key,
  };
  return { ...parts, backups: createBackups({ ...partsOf(parts), ...options }) };
}

/** What backups are made of, of something that holds more. */
export function partsOf({ host, store, keys, clock }: Pick<BackupsOptions, "host" | "store" | "keys" | "clock">): BackupsOptions {
  return { host, store, keys, ...(clock && { clock }) };
}

/** A new installation of the same inbox over the same store and key. */
export function newInstallation({ store, keys, clock }: ReturnType<typeof world>, host: FakeHostOptions = {}) {
  const fresh = fakeHost(host);
  return { host: fresh, backups: createBackups({ host: fresh, store, keys, clock }) };
}

/** Every state that a task goes through, as `stage` or `status`, each once in a row. */
export async function statesOf(task: {
  state$: { subscribe(observer: { next(state: TaskState<string, unknown, unknown>): void; complete(): void }): unknown };
}): Promise<string[]> {
  const names: string[] = [];
  await new Promise<void>((complete) => {
    task.state$.subscribe({
      next(state) {
        const name = state.status === "running" ? state.stage : state.status;
        if (names.at(-1) !== name) names.push(name);
      },
      complete,
    });
  });
  return names;
}

/** The archives of a store, byte for byte, to compare before and after. */
export function contentsOf({ archives, manifests }: ReturnType<typeof memoryStore>): unknown {
  return structuredClone({ archives, manifests });
}

/** Makes one archive and answers with its entry. */
export async function backUp(backups: Backups, name?: string) {
  return (await backups.backup(name === undefined ? {} : { name }).result).entry;
}
