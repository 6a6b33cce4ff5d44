import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "./dependencies.ts";
export async function verifyStored(_d: Dependencies, _id: string, _o: CallOptions): Promise<unknown> { return undefined; }
