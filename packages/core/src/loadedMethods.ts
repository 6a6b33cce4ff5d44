type Method = (...parameters: never[]) => Promise<unknown>;

/** Methods of an object whose code is loaded when the first of them is called. */
export function loadedMethods<TName extends string, TObject extends Record<TName, Method>>(
  load: () => Promise<TObject>,
  names: readonly TName[],
): Pick<TObject, TName> {
  const methods = names.map((name) => [name, async (...parameters: never[]) => (await load())[name](...parameters)]);
  return Object.fromEntries(methods) as Pick<TObject, TName>;
}
