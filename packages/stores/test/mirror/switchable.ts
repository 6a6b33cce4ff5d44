import { type ArchiveStore, BackupError } from "@xmtp-backup/core";

export type Switchable = ArchiveStore & {
  isUp: boolean;
  /** Makes the next call of a method fail: before it does anything, or with its work done, as when the answer is lost. */
  failNext(method: keyof ArchiveStore, when: "before" | "after"): void;
  /** Forgets the failures that are yet to come. */
  calm(): void;
};

/** A place that can be taken away: then every call of it fails, the ones that are under way too once they come to an end. */
export function switchable(store: Required<ArchiveStore>): Switchable {
  const assertUp = () => {
    if (!place.isUp) throw new BackupError("STORE_UNAVAILABLE", "The place is away.");
  };
  const failing = new Map<string, "before" | "after">();
  const fail = (method: string, when: "before" | "after") => {
    if (failing.get(method) === when && failing.delete(method)) throw new BackupError("STORE_UNAVAILABLE", "It broke off.");
  };
  const guarded =
    <A extends unknown[], T>(method: string, run: (...args: A) => Promise<T>) =>
    async (...args: A) => {
      assertUp();
      fail(method, "before");
      const value = await run(...args);
      fail(method, "after");
      return value;
    };
  const place: Switchable = {
    isUp: true,
    failNext: (method, when) => failing.set(method, when),
    calm: () => failing.clear(),
    features: store.features,
    open: guarded("open", (options) => store.open(options)),
    put: guarded("put", (id, archive, options) => store.put(id, archive, options)),
    putManifest: guarded("putManifest", (id, manifest, options) => store.putManifest(id, manifest, options)),
    async *list(options) {
      assertUp();
      fail("list", "before");
      yield* store.list(options);
      fail("list", "after");
    },
    get: guarded("get", (id, options) => store.get(id, options)),
    remove: guarded("remove", (id, options) => store.remove(id, options)),
    unfinished: guarded("unfinished", (options) => store.unfinished(options)),
    sizeOf: guarded("sizeOf", (id, options) => store.sizeOf(id, options)),
    usage: guarded("usage", (options) => store.usage(options)),
    getDocument: guarded("getDocument", (name, options) => store.getDocument(name, options)),
    putDocument: guarded("putDocument", (name, bytes, options) => store.putDocument(name, bytes, options)),
  };
  return place;
}
