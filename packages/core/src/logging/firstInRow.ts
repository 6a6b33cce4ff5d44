/**
 * Tells the first of failures in a row: what works ends the row.
 *
 * The answer takes what failed each time, which is nothing where all of it worked.
 */
export function firstInRow(tell: (error: unknown) => void): (failures: readonly unknown[]) => void {
  let isFailing = false;
  return (failures) => {
    if (failures.length > 0 && !isFailing) tell(failures[0]);
    isFailing = failures.length > 0;
  };
}
