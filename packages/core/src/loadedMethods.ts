import { type LoadedParts, type MethodName, methodsOfPart } from "./backupsMethods.ts";

type Method = (...parameters: never[]) => Promise<unknown>;

/** The methods of one part of the code, which is loaded when the first of them is called. */
export function loadedMethods<TPart extends keyof LoadedParts>(part: TPart, load: () => Promise<LoadedParts[TPart]>): LoadedParts[TPart] {
  const loaded = async () => (await load()) as unknown as Record<MethodName, Method>;
  const methods = methodsOfPart(part).map((name) => [name, async (...parameters: never[]) => (await loaded())[name](...parameters)]);
  return Object.fromEntries(methods) as LoadedParts[TPart];
}
