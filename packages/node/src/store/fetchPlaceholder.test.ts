import { unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { fetchPlaceholder } from "./fetchPlaceholder.ts";

it("fetchPlaceholder default: a file that the system brings has come, one that it does not bring has not", async () => {
  const { path, dispose } = await temporaryFolder();
  const asked = join(path, "asked");
  expect(await fetchPlaceholder(asked, { ask: (file) => writeFile(file, "x") })).toBe(true);
  expect(await fetchPlaceholder(join(path, "other"), { ask: () => Promise.reject(new Error("Offline.")), waitMs: 0 })).toBe(false);
  await dispose();
});

it("fetchPlaceholder behavior: a file whose placeholder is deleted is not waited for", async () => {
  const { path, dispose } = await temporaryFolder();
  const placeholder = join(path, ".other.icloud");
  await writeFile(placeholder, "bplist00");
  expect(await fetchPlaceholder(join(path, "other"), { ask: () => unlink(placeholder), waitMs: 3_600_000, lookMs: 1 })).toBe(false);
  await dispose();
});

it("fetchPlaceholder parameters: signal: ends the waiting with its reason", async () => {
  const { path, dispose } = await temporaryFolder();
  const [controller, reason] = [new AbortController(), new Error("Enough.")];
  const ask = async () => controller.abort(reason);
  await expect(fetchPlaceholder(join(path, "other"), { ask, signal: controller.signal })).rejects.toBe(reason);
  await dispose();
});
