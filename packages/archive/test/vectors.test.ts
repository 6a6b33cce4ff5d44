import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readArchive, validateArchive } from "../src/index.ts";
import { toBlob } from "../test-support/archives.ts";
import { recordByRecord } from "../test-support/browserPrimitives.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { toJson } from "../test-support/toJson.ts";
import { makeVectors, type VectorIndex } from "../test-support/vectors.ts";

const directory = new URL("../vectors/", import.meta.url);
const index = JSON.parse(await readFile(new URL("vectors.json", directory), "utf8")) as VectorIndex;
const archiveOf = (name: string) => readFile(new URL(`archives/${name}.xmtp`, directory)).then((bytes) => new Uint8Array(bytes));
const keyOf = (keyHex: string) => Uint8Array.from(Buffer.from(keyHex, "hex"));
const plain = (value: unknown): unknown => JSON.parse(toJson(value));

describe.each([
  ["Node's primitives", nodePrimitives],
  ["portable primitives", undefined],
  ["Web Crypto's, record by record", recordByRecord],
])("vectors, with %s", (_, primitives) => {
  test.each(index.valid.map((vector) => [vector.name, vector] as const))("valid: %s", async (name, { keyHex, report, records }) => {
    const blob = toBlob(await archiveOf(name));
    const key = keyOf(keyHex ?? index.keyHex);
    expect(plain(await validateArchive(blob, key, { primitives }))).toEqual(report);
    const found = [];
    for await (const record of readArchive(blob, key, { primitives })) found.push(record);
    expect(plain(found)).toEqual(records);
  });

  test.each(index.invalid.map((vector) => [vector.name, vector] as const))(
    "invalid: %s",
    async (name, { keyHex, code, byteOffset, recordIndex }) => {
      const validating = validateArchive(toBlob(await archiveOf(name)), keyOf(keyHex ?? index.keyHex), { primitives });
      await expect(validating).rejects.toMatchObject({ code, byteOffset, recordIndex });
    },
  );
});

test("the script makes the same vectors again", async () => {
  const made = await makeVectors();
  expect(plain(made.index)).toEqual(index);
  expect((await readdir(new URL("archives", directory))).toSorted()).toEqual(
    Object.keys(made.files)
      .map((name) => `${name}.xmtp`)
      .toSorted(),
  );
  for (const [name, bytes] of Object.entries(made.files)) expect(Buffer.compare(await archiveOf(name), bytes), name).toBe(0);
});
