import type { KeptArchives } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal, expectThat } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

/** A new and empty place for each case; `reopen` gives a second access to the same place, as after a restart. */
export type KeptArchivesSetUp = () => Promise<{ kept: KeptArchives; reopen?: () => KeptArchives; dispose?: () => Promise<void> }>;

/** What every `KeptArchives` must do. */
export function keptArchivesContract(setUp: KeptArchivesSetUp): ContractCase[] {
  const withKept = (name: string, run: (kept: KeptArchives, reopen: () => KeptArchives) => Promise<void>): ContractCase =>
    ownCase(setUp, name, ({ kept, reopen }) => run(kept, reopen ?? (() => kept)));

  return [
    withKept("default: gives what was kept, after a restart too", async (kept, reopen) => {
      expectEqual([await kept.get("last"), await kept.list()], [undefined, []], "what is there before");
      await kept.put("last", blobOf(3_000_000));
      for (const each of [kept, reopen()]) {
        expectThat(await isKept(each, "last", 3_000_000), "the archive is whole");
        expectEqual(await each.list(), [{ name: "last", sizeBytes: 3_000_000 }], "the list");
      }
    }),
    withKept("behavior: an archive takes the place of the one before", async (kept) => {
      await kept.put("last", blobOf(2_000));
      await kept.put("last", blobOf(1_000));
      expectThat(await isKept(kept, "last", 1_000), "the archive is whole");
      expectEqual((await kept.list()).length, 1, "how many there are");
    }),
    withKept("behavior: archives of other names are apart, and one that is removed is gone", async (kept, reopen) => {
      await kept.put("slice-1", blobOf(10));
      await kept.put("slice-2", blobOf(20));
      await kept.put("nothing", new Blob([]));
      await kept.remove("slice-1");
      await kept.remove("slice-1");
      const left = (await reopen().list()).toSorted((a, b) => a.sizeBytes - b.sizeBytes);
      expectEqual(
        left,
        [
          { name: "nothing", sizeBytes: 0 },
          { name: "slice-2", sizeBytes: 20 },
        ],
        "the list",
      );
      expectEqual(await kept.get("slice-1"), undefined, "the one that was removed");
      expectThat(await isKept(kept, "slice-2", 20), "the other one is whole");
    }),
    withKept("behavior: an archive that breaks off leaves the one before", async (kept, reopen) => {
      await expectRefusal(() => kept.put("new", new BrokenBlob([new Uint8Array(100)])), ["HOST_FAILED"], "an archive that breaks off");
      await kept.put("last", blobOf(1_000));
      await expectRefusal(() => kept.put("last", new BrokenBlob([new Uint8Array(100)])), ["HOST_FAILED"], "an archive that breaks off");
      expectEqual(await reopen().list(), [{ name: "last", sizeBytes: 1_000 }], "the list");
      expectThat(await isKept(kept, "last", 1_000), "the archive is whole");
    }),
    withKept("parameters: onProgress: grows to the size of the archive", async (kept) => {
      const done: number[] = [];
      await kept.put("last", blobOf(3_000_000), { onProgress: (doneBytes) => done.push(doneBytes) });
      expectThat(
        done.every((each, index) => index === 0 || each >= (done[index - 1] as number)),
        `progress grows, got ${done.join(", ")}`,
      );
      expectEqual(done.at(-1), 3_000_000, "the last progress");
    }),
    withKept("parameters: signal: an archive whose keeping is aborted leaves the one before", async (kept, reopen) => {
      await kept.put("last", blobOf(1_000));
      const controller = new AbortController();
      const reason = new Error("The test aborted this.");
      const outcome = await kept
        .put("last", blobOf(3_000_000), { signal: controller.signal, onProgress: () => controller.abort(reason) })
        .then(
          () => "kept",
          (error: unknown) => error,
        );
      expectThat(outcome === reason, `the signal's reason is expected, got ${String(outcome)}`);
      expectEqual(await reopen().list(), [{ name: "last", sizeBytes: 1_000 }], "the list");
    }),
    withKept("behavior: archives that are kept at the same time under one name leave one of them whole", async (kept) => {
      const sizes = Array.from({ length: 8 }, (_, index) => 1_000 * (index + 1));
      await Promise.all(sizes.map((size) => kept.put("last", blobOf(size))));
      const [left] = await kept.list();
      expectThat(await isKept(kept, "last", left?.sizeBytes ?? 0), "the archive is whole");
    }),
    withKept("parameters: name: refuses one that could leave the place", async (kept) => {
      for (const name of ["../last", "a/b", "", "Last", ".", "a.kept"]) {
        await expectRefusal(() => kept.put(name, blobOf(1)), ["HOST_FAILED"], `keeping ${JSON.stringify(name)}`);
        await expectRefusal(() => kept.get(name), ["HOST_FAILED"], `reading ${JSON.stringify(name)}`);
        await expectRefusal(() => kept.remove(name), ["HOST_FAILED"], `removing ${JSON.stringify(name)}`);
      }
      expectEqual(await kept.list(), [], "the list");
    }),
    withKept("parameters: signal: an aborted call rejects with its reason", async (kept) => {
      await expectAbort((signal) => kept.put("last", blobOf(1), { signal }), "put");
      await expectAbort((signal) => kept.get("last", { signal }), "get");
      await expectAbort((signal) => kept.remove("last", { signal }), "remove");
      await expectAbort((signal) => kept.list({ signal }), "list");
      expectEqual(await kept.list(), [], "the list");
    }),
  ];
}

/** An archive whose bytes end in an error. */
class BrokenBlob extends Blob {
  override stream(): ReturnType<Blob["stream"]> {
    let pulls = 0;
    return new ReadableStream({
      pull(controller) {
        pulls += 1;
        if (pulls === 1) controller.enqueue(new Uint8Array(50));
        else controller.error(new Error("cut"));
      },
    });
  }
}

/** Bytes of which each size has others. */
function blobOf(size: number): Blob {
  return new Blob([new Uint8Array(size).map((_, index) => (index + size) % 251)]);
}

/** Whether what is kept under a name is the archive of that size; the size says which one it is. */
async function isKept(kept: KeptArchives, name: string, size: number): Promise<boolean> {
  const [archive, expected] = [await kept.get(name), blobOf(size)];
  if (archive?.size !== size) return false;
  const [bytes, others] = await Promise.all([archive, expected].map(async (each) => new Uint8Array(await each.arrayBuffer())));
  return bytes!.every((byte, index) => byte === others![index]);
}
