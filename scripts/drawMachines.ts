// `npm run pictures:machines`: draws the state machines into docs/machines.md, each from its own code.
import { readFile, writeFile } from "node:fs/promises";
import { machinesPage, withPictures } from "./machinesPage.ts";

await writeFile(machinesPage, withPictures(await readFile(machinesPage, "utf8")));
