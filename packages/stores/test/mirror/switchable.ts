import { type ArchiveStore, BackupError } from "@xmtp-backup/core";

export type Switchable = ArchiveStore & { isUp: boolean };

/** A place that can be taken away: then every call of it fails, the ones that are under way too once they come to an end. */
export function switchable(store: Required<ArchiveStore>): Switchable {
  const assertUp = () => {
    if (!place.isUp) throw new BackupError("STORE_UNAVAILABLE", "The place is away.");
  };
  const guarded = <A extends unknown[], T>(run: (...args: A) => Promise<T>) => async (...args: A) => {
    assertUp();
    return run(...args);
  };
  const place: Switchable = {
    isUp: true,
    features: store.features,
    open: guarded((options) => store.open(options)),
    put: guarded((id, archive, options) => store.put(id, archive, options)),
    putManifest: guarded((id, manifest, options) => store.putManifest(id, manifest, options)),
    async *list(options) {
      assertUp();
      yield* store.list(options);
    },
    get: guarded((id, options) => store.get(id, options)),
    remove: guarded((id, options) => store.remove(id, options)),
    unfinished: guarded((options) => store.unfinished(options)),
    usage: guarded((options) => store.usage(options)),
    getDocument: guarded((name, options) => store.getDocument(name, options)),
    putDocument: guarded((name, bytes, options) => store.putDocument(name, bytes, options)),
  };
  return place;
}
