// Makes the test vectors: node --conditions=@xmtp-backup/source packages/archive/vectors/makeVectors.ts
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { toJson } from "../test-support/toJson.ts";
import { makeVectors } from "../test-support/vectors.ts";

const directory = fileURLToPath(new URL("./", import.meta.url));
const { files, index } = await makeVectors();
// What other programs made was read before: it is written back as it was.
await rm(`${directory}archives`, { recursive: true, force: true });
await mkdir(`${directory}archives`);
for (const [name, bytes] of Object.entries(files)) await writeFile(`${directory}archives/${name}.xmtp`, bytes);
await writeFile(`${directory}vectors.json`, toJson(index));
