// The script of a page: validates archives in a browser.
import { browserPrimitives } from "../../packages/browser/src/host/browserPrimitives.ts";
import { validationRounds, type ValidationRounds } from "./validationRounds.ts";

export async function validation(path: string, messages: number, rounds: number): Promise<ValidationRounds> {
  const archive = await (await fetch(path)).blob();
  return validationRounds(archive, messages, browserPrimitives, rounds);
}
