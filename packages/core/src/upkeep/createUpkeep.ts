import { acceptSmaller } from "../retention/acceptSmaller.ts";
import { assertName } from "../archives/assertName.ts";
import { callPort } from "../ports/callPort.ts";
import { readDeletions } from "../archives/deletionsNote.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { findDeleted } from "../restore/findDeleted.ts";
import { markOtherNetworks } from "../archives/markOtherNetworks.ts";
import { planStored } from "../retention/planStored.ts";
import { restoreOptionNames } from "../restore/restoreOptions.ts";
import type { RetentionPolicy } from "../retention/retentionScope.ts";
import { openStore } from "../ports/openStore.ts";
import { listStored } from "../archives/listArchives.ts";
import { toArchiveId } from "../archives/toArchiveId.ts";
import { toSource } from "../restore/toSource.ts";
import { updateManifest } from "./updateManifest.ts";
import { assertOptions, callOptionNames, transferOptionNames } from "../errors/assertOptions.ts";
import type { ArchiveRef } from "../archives/archiveEntry.ts";
import { assertKeep } from "../retention/rules/keep.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import type { Upkeep } from "./upkeep.ts";

const loadInspection = loadOnce("reads archives", () => import("../restore/inspectSource.ts"));
const loadVerification = loadOnce("verifies archives", () => import("./verifyStored.ts"));
const loadRemoval = loadOnce("removes archives", () => import("./removeStored.ts"));
const loadRekey = loadOnce("encrypts archives again", () => import("./rekeyStored.ts"));

/** `policy` says what is kept now; `changed` is called after each change of what the store holds. */
export function createUpkeep(dependencies: Dependencies, policy: () => RetentionPolicy, changed: () => void): Upkeep {
  const { host, store, keys } = dependencies;

  async function telling<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    changed();
    return result;
  }

  return {
    list: async (options) => {
      assertOptions("list", options, callOptionNames);
      await openStore(store, options);
      return markOtherNetworks(host, await listStored({ store, keys }, options), options);
    },

    async inspect(source, options = {}) {
      assertOptions("inspect", options, [...restoreOptionNames, ...callOptionNames]);
      const known = toSource(source);
      const { inspectSource } = await loadInspection();
      return inspectSource(dependencies, known, options);
    },

    async deletedMessages(options = {}) {
      assertOptions("deletedMessages", options, callOptionNames);
      const find = async () => findDeleted(host, await readDeletions(dependencies.journal, options), options);
      return callPort(options, "HOST_FAILED", "The messages could not be looked up.", find);
    },

    async remove(archive, options = {}) {
      const id = idFor("remove", archive, options);
      const { removeStored } = await loadRemoval();
      return telling(removeStored(dependencies, id, options));
    },

    async rename(archive, name, options = {}) {
      const id = idFor("rename", archive, options);
      assertName(name);
      return telling(updateManifest(dependencies, id, ({ name: _old, ...details }) => ({ ...details, ...(name && { name }) }), options));
    },

    pin: async (archive, options = {}) =>
      telling(updateManifest(dependencies, idFor("pin", archive, options), (details) => ({ ...details, pinned: true }), options)),
    unpin: async (archive, options = {}) =>
      telling(updateManifest(dependencies, idFor("unpin", archive, options), ({ pinned: _old, ...details }) => details, options)),
    verify: async (archive, options) => {
      const id = idFor("verify", archive, options, transferOptionNames);
      const { verifyStored } = await loadVerification();
      return telling(verifyStored(dependencies, id, options));
    },

    rekey: async (archive, options) => {
      const id = idFor("rekey", archive, options, transferOptionNames);
      const { rekeyStored } = await loadRekey();
      return telling(rekeyStored(dependencies, id, options));
    },

    consolidate: async (archive, options) => {
      const id = idFor("consolidate", archive, options, transferOptionNames);
      const { consolidateStored } = await loadRekey();
      return telling(consolidateStored(dependencies, id, options));
    },

    async planRetention(keep = policy().keep, options = {}) {
      assertOptions("planRetention", options, callOptionNames);
      assertKeep(keep);
      const identity = await callPort(options, "HOST_FAILED", "The XMTP client did not say who it is.", () => host.identity(options));
      await openStore(store, options);
      return (await planStored(dependencies, identity, { keep, timeZone: policy().timeZone }, options)).decisions;
    },

    async acceptSmaller(options = {}) {
      assertOptions("acceptSmaller", options, callOptionNames);
      return telling(acceptSmaller(dependencies, options));
    },
  };
}

/** The archive that a call is about, once its options are fine. */
function idFor(call: string, archive: ArchiveRef, options: unknown, known: readonly string[] = callOptionNames): string {
  assertOptions(call, options, known);
  return toArchiveId(archive);
}
