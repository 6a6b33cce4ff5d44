/** The progress of several transfers of the same bytes as that of the slowest which has not failed; it never goes back. */
export function slowest(onProgress: ((doneBytes: number) => void) | undefined) {
  const done = new Map<number, number>();
  let furthest = 0;

  function tell(): void {
    const least = Math.min(...done.values());
    if (!Number.isFinite(least) || least <= furthest) return;
    furthest = least;
    onProgress?.(least);
  }

  return (index: number) => {
    done.set(index, 0);
    return {
      done(doneBytes: number) {
        done.set(index, doneBytes);
        tell();
      },
      end() {
        done.delete(index);
        tell();
      },
    };
  };
}
