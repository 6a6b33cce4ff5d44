/** Runs work of the same name one after the other, whatever became of the one before. */
export function createTurns(): <T>(name: string, run: () => Promise<T>) => Promise<T> {
  const turns = new Map<string, Promise<unknown>>();
  return async (name, run) => {
    const turn = Promise.resolve(turns.get(name)).then(run, run);
    turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(name) === turn) turns.delete(name);
    }
  };
}
