import {
  BackupError,
  type CallOptions,
  createTurns,
  type GetDocumentOptions,
  isBackupError,
  type PutDocumentOptions,
  type StoredDocument,
  untilAborted,
} from "@xmtp-backup/core";
import { sha256 } from "../sha256.ts";
import { written } from "./history.ts";
import type { Notebook } from "./notebook.ts";
import type { Places } from "./places.ts";
import type { RepairReport } from "./repairReport.ts";

/**
 * A document as one place keeps it, and the SHA-256 of its bytes: a revision that no place gives, since theirs differ for the same bytes.
 */
type Version = StoredDocument & { mark: string };
type Versions = ReadonlyMap<number, Version>;

export type MirrorDocuments = ReturnType<typeof mirrorDocuments>;

/**
 * The documents of a mirror, kept equal in all of its places.
 *
 * One is changed only while every place answers: two places that are changed apart would end with two key rings. One version takes the
 * place of another only where this device or a proven note knows that it was written after it. Of others, neither is touched.
 */
export function mirrorDocuments(places: Places, notebook: Notebook, names: readonly string[]) {
  const turns = createTurns<string>();
  const keeping = places.stores.flatMap((store, index) => (store.getDocument && store.putDocument ? [index] : []));
  /** The places that had an older version when they were last asked, or none; and those with one of which nothing is known. */
  const [behind, apart] = [new Map<string, Set<number>>(), new Map<string, Set<number>>()];

  async function readAll(
    name: string,
    options: CallOptions,
  ): Promise<{ versions: Versions; isWhole: boolean; failure: BackupError | undefined }> {
    const { values, failures } = await places.each(async (store) => store.getDocument?.(name, options), options, keeping);
    const versions = new Map<number, Version>();
    for (const [place, found] of [...values].sort(([left], [right]) => left - right))
      if (found) versions.set(place, { ...found, mark: await sha256(new Uint8Array(found.bytes)) });
    const isWhole = values.size === keeping.length;
    const others = [...values.keys()].filter((place) => versions.get(place)?.mark !== bestOf(name, versions)?.mark);
    behind.set(name, new Set(others.filter((place) => mayWrite(name, versions.get(place), versions, isWhole))));
    apart.set(
      name,
      new Set(others.filter((place) => !behind.get(name)?.has(place) && (versions.has(place) || notebook.versionsOf(name).length > 0))),
    );
    return { versions, isWhole, failure: [...failures.values()][0] };
  }

  /**
   * Whether the best version may be written where there is this one, or none. An unknown version may be replaced only where no place
   * knows of another.
   */
  function mayWrite(name: string, version: Version | undefined, versions: Versions, isWhole: boolean): boolean {
    const [history, best] = [notebook.versionsOf(name), bestOf(name, versions)];
    if (!best) return false;
    if (history.includes(best.mark)) return !version || history.includes(version.mark);
    return isWhole && !version && history.length === 0 && !differ(name, versions);
  }

  /** The latest version that is known; where none is, the first. */
  function bestOf(name: string, versions: Versions): Version | undefined {
    const history = notebook.versionsOf(name);
    return [...versions.values()].sort((left, right) => history.indexOf(right.mark) - history.indexOf(left.mark))[0];
  }

  /** Whether the versions differ, and nothing says of one of them which it follows. */
  function differ(name: string, versions: Versions): boolean {
    const history = notebook.versionsOf(name);
    const marks = new Set([...versions.values()].map(({ mark }) => mark));
    return marks.size > 1 && [...marks].some((mark) => !history.includes(mark));
  }

  /**
   * The other versions, each under a name by which it can be read. A name goes by what it names: the order of the places may be another
   * tomorrow, and a place can't put something else behind it. Second versions that a place has of its own keep their names, unless
   * another place uses them too.
   */
  async function copiesOf(
    name: string,
    versions: Versions,
    best: Version,
    options: CallOptions,
  ): Promise<Map<string, () => Promise<StoredDocument | undefined>>> {
    const copies = new Map<string, () => Promise<StoredDocument | undefined>>();
    for (const version of versions.values()) {
      const isKnown = notebook.versionsOf(name).includes(version.mark) && notebook.versionsOf(name).includes(best.mark);
      if (version.mark !== best.mark && !isKnown)
        copies.set(namedBy(name, version.mark), async () => ({ bytes: version.bytes, revision: version.mark }));
    }
    const named = [...versions].flatMap(([place, { copies: own = [] }]) => own.map((copy) => ({ place, copy })));
    for (const copy of new Set(named.map((each) => each.copy))) {
      const holders = named
        .filter((each) => each.copy === copy)
        .map(
          ({ place }) =>
            async () =>
              places.stores[place]?.getDocument?.(name, { ...options, copy }),
        );
      const [only, ...others] = holders;
      if (only && others.length === 0 && !copies.has(copy)) copies.set(copy, only);
      else
        for (const read of holders) {
          // One that can't be read now hides no other.
          const found = await read().catch(() => options.signal?.throwIfAborted());
          if (found) copies.set(namedBy(copy, await sha256(new Uint8Array(found.bytes))), async () => found);
        }
    }
    return copies;
  }

  /**
   * @throws STORE_UNAVAILABLE, or what else the place says, when a place fails and no other has the document: it may be there
   */
  async function get(name: string, { copy, ...options }: GetDocumentOptions = {}): Promise<StoredDocument | undefined> {
    options.signal?.throwIfAborted();
    await notebook.load(options);
    const { versions, failure } = await readAll(name, options);
    const best = bestOf(name, versions);
    if (!best && failure) throw failure;
    if (!best) return undefined;
    if (await noteShared(name, versions)) await notebook.save(options);
    const copies = await copiesOf(name, versions, best, options);
    if (copy !== undefined) return copies.get(copy)?.();
    return { bytes: best.bytes, revision: best.mark, ...(copies.size > 0 && { copies: [...copies.keys()] }) };
  }

  async function put(name: string, bytes: Uint8Array, { signal, replaces }: PutDocumentOptions): Promise<void> {
    signal?.throwIfAborted();
    // A place that ignores the signal holds up the next change, and not this caller.
    await untilAborted(
      turns(name, () => putInTurn(name, bytes, { signal, replaces }), { signal }),
      { signal },
    );
  }

  async function putInTurn(name: string, bytes: Uint8Array, { signal, replaces }: PutDocumentOptions): Promise<void> {
    await notebook.load({ signal });
    const { versions, isWhole, failure } = await readAll(name, { signal });
    if (failure && !isWhole)
      throw new BackupError(failure.code, "A document can't be changed while a place of the mirror is away.", {
        details: failure.details ?? failure.shortMessage,
        cause: failure,
      });
    if (differ(name, versions)) throw differing();
    const best = bestOf(name, versions);
    if (best?.mark !== replaces) throw new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
    // It is known before it is written: whatever ends this half-way, the next repair makes it whole.
    const older = [...versions.values()].map(({ mark }) => mark);
    const order = written(notebook.versionsOf(name), ...older.filter((mark) => !notebook.versionsOf(name).includes(mark)));
    await notebook.noteDocument(name, [...order, await sha256(new Uint8Array(bytes))]);
    await notebook.save({ signal });
    await writeAll(name, bytes, versions, { signal });
    await notebook.save({ signal });
  }

  /** The first place decides: its refusal refuses the call. A later place that can't take a document now gets it at the next repair. */
  async function writeAll(name: string, bytes: Uint8Array, versions: Versions, { signal }: CallOptions): Promise<void> {
    const lacking = new Set(keeping);
    behind.set(name, lacking);
    for (const place of keeping) {
      try {
        await places.stores[place]?.putDocument?.(name, bytes, { signal, replaces: versions.get(place)?.revision });
        lacking.delete(place);
      } catch (error) {
        signal?.throwIfAborted();
        if (lacking.size === keeping.length || (isBackupError(error) && error.code === "STORE_CONFLICT")) throw error;
      }
    }
  }

  /** Gives each place that answers the newest of every document. */
  async function repair({ signal }: CallOptions): Promise<RepairReport["remaining"]> {
    const remaining: RepairReport["remaining"] = [];
    for (const name of new Set([...names, ...notebook.documentNames()])) {
      const fail = (place: number, error: unknown) => {
        signal?.throwIfAborted();
        remaining.push({ place, code: isBackupError(error) ? error.code : "STORE_FAILED", document: name });
      };
      await untilAborted(
        turns(name, () => repairOne(name, fail, { signal }), { signal }),
        { signal },
      ).catch((error: unknown) => {
        // No place answers.
        for (const place of keeping) fail(place, error);
      });
    }
    return remaining;
  }

  async function repairOne(name: string, fail: (place: number, error: unknown) => void, { signal }: CallOptions): Promise<void> {
    const { versions } = await readAll(name, { signal });
    const best = bestOf(name, versions);
    for (const place of [...(behind.get(name) ?? [])]) {
      try {
        if (best) await places.stores[place]?.putDocument?.(name, best.bytes, { signal, replaces: versions.get(place)?.revision });
        behind.get(name)?.delete(place);
      } catch (error) {
        fail(place, error);
      }
    }
    for (const place of apart.get(name) ?? []) fail(place, differing());
    await noteShared(name, versions);
  }

  /**
   * Notes what every place holds alike, so that it is known when one of them holds something else. Makes older notes those of the newest
   * key.
   */
  async function noteShared(name: string, versions: Versions): Promise<boolean> {
    const [first, ...others] = [...versions.values()];
    const isShared = first !== undefined && versions.size === keeping.length && others.every(({ mark }) => mark === first.mark);
    const isNew = isShared && notebook.versionsOf(name).at(-1) !== first.mark;
    if (!isNew && !notebook.isStale(name)) return false;
    await notebook.noteDocument(name, isNew ? [first.mark] : []);
    return true;
  }

  const countOf = (sets: ReadonlyMap<string, ReadonlySet<number>>, place: number) =>
    [...sets.values()].filter((set) => set.has(place)).length;

  return {
    get,
    put,
    repair,
    areKept: keeping.length > 0,
    behindOf: (place: number) => countOf(behind, place),
    apartOf: (place: number) => countOf(apart, place),
  };
}

/** A name for a version that no other version has. */
function namedBy(name: string, mark: string): string {
  return `${name} ${mark.slice(0, 16)}`;
}

/** To repeat the change would end here again. */
function differing(): BackupError {
  return new BackupError("STORE_CONFLICT", "The places of the mirror hold different documents of this name.", {
    details: "Open each place alone, keep the document that opens, and move the other one out of its place.",
  });
}
