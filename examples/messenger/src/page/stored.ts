/** A small JSON value in `localStorage`; what can't be read counts as absent. */
export function stored<T>(name: string): { read(): T | undefined; write(value: T): void; forget(): void } {
  const key = `messenger.${name}`;
  return {
    read() {
      try {
        return (JSON.parse(localStorage.getItem(key) ?? "null") as T | undefined) ?? undefined;
      } catch {
        return undefined;
      }
    },
    write: (value) => localStorage.setItem(key, JSON.stringify(value)),
    forget: () => localStorage.removeItem(key),
  };
}
