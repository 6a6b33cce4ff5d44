import type { Backups } from "@xmtp-backup/core";

type Subscribable = { subscribe(next: (value: unknown) => void): { unsubscribe(): void } };

/** Counts who listens to what these backups tell, from now on, by the observable's name. */
export function countListeners(backups: Backups): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();

  function count(name: string, owner: object, key = name): void {
    const value$ = Reflect.get(owner, key) as Subscribable;
    const change = (by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
    const counted: Subscribable = {
      subscribe(next) {
        const subscription = value$.subscribe(next);
        let isLive = true;
        change(1);
        return {
          unsubscribe() {
            if (isLive) change(-1);
            isLive = false;
            subscription.unsubscribe();
          },
        };
      },
    };
    Object.assign(owner, { [key]: counted });
  }

  for (const name of ["status$", "reminders$", "activation$", "imported$"]) count(name, backups);
  const { current, conversation } = backups;
  const tasks = new WeakSet<object>();
  Object.assign(backups, {
    current() {
      const running = current();
      if (running && !tasks.has(running.task)) {
        tasks.add(running.task);
        count("task", running.task, "state$");
      }
      return running;
    },
    conversation(id: string) {
      const followed = conversation(id);
      count("conversation", followed, "state$");
      return followed;
    },
  });
  return counts;
}
