import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { temporaryFiles } from "./temporaryFiles.ts";

const streamOf = (text: string) => new Blob([text]).stream();

describe("temporaryFiles", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let directory: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    directory = join(folder.path, "tmp");
  });
  afterEach(() => folder.dispose());

  it("default: withFile gives a spooled blob as the file that it is, which stays until it is released", async () => {
    const files = temporaryFiles(directory);
    const { blob, release } = await files.spool(streamOf("chunk"));
    const [name] = await readdir(directory);
    await files.withFile(blob, async (path) => {
      expect(path).toBe(join(directory, name as string));
      expect(await readdir(directory)).toEqual([name]);
    });
    expect(await blob.text()).toBe("chunk");
    await release();
    expect(await readdir(directory)).toEqual([]);
  });

  it("default: withFile keeps a private copy of any other blob, and deletes it", async () => {
    await temporaryFiles(directory).withFile(new Blob(["chunk"]), async (path) => {
      expect(await readFile(path, "utf8")).toBe("chunk");
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it("behavior: a file whose writing or use fails is deleted", async () => {
    const files = temporaryFiles(directory);
    const failure = new Error("broken");
    const broken = new ReadableStream<Uint8Array>({
      pull() {
        throw failure;
      },
    });
    await expect(files.spool(broken)).rejects.toBe(failure);
    await expect(files.create(() => Promise.reject(failure))).rejects.toBe(failure);
    await expect(files.withFile(new Blob(["chunk"]), () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await readdir(directory)).toEqual([]);
  });

  it("behavior: a sweep leaves the files that this process uses", async () => {
    const files = temporaryFiles(directory);
    const { blob, release } = await files.spool(streamOf("chunk"));
    await temporaryFiles(directory).sweep();
    expect(await blob.text()).toBe("chunk");
    await release();
  });
});
