import { inspectArchive as readArchive, writeArchive } from "@xmtp-backup/archive";
import { afterEach, expect, it, vi } from "vitest";
import { inspectArchive } from "./inspectArchive.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("behavior: what is told of an archive is made in several turns of the event loop", async () => {
  const key = new Uint8Array(32).fill(1);
  const stream = writeArchive([{ kind: "metadata", metadata: { elements: ["messages"], exportedAtNs: 1n } }], key);
  const archive = await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
  let turns = 0;
  // No time passes, so that nothing else rests.
  vi.spyOn(performance, "now").mockReturnValue(0);
  const Channel = MessageChannel;
  vi.stubGlobal(
    "MessageChannel",
    class extends Channel {
      constructor() {
        super();
        turns += 1;
      }
    },
  );
  await (await readArchive(archive, key)).preview();
  const toRead = turns;
  turns = 0;
  await inspectArchive(archive, key);
  expect(turns).toBe(toRead + 3);
});
