import type { Backups } from "../backups.ts";
import type { ReminderHandle } from "../policy/reminderHandle.ts";
import type { Clock } from "../ports/clock.ts";
import type { ServerNews, Told, ToldTask } from "./messages.ts";
import { serveTasks, type ServedTasks } from "./serveTasks.ts";
import { changesOf } from "./toldActivation.ts";

/** Tells followers every change of what these backups show. */
export type Telling = {
  /** All that there is to tell now. */
  all(): Told & { tasks: ToldTask[] };
  readonly tasks: ServedTasks;
  /** The reminders as they are shown now, with their answers. */
  reminders(): readonly ReminderHandle[];
  stop(): void;
};

export function tellFollowers(
  backups: Backups,
  post: (news: ServerNews) => void,
  clock: Pick<Clock, "setTimeout" | "clearTimeout">,
): Telling {
  const told: Partial<Told> = {};
  let handles: readonly ReminderHandle[] = [];
  let isFirst = true;
  const tasks = serveTasks(backups, (task) => post({ type: "task", task }), clock);

  /** The current values come first, and are sent together. */
  function tell(change: Partial<Told>, news = change): void {
    Object.assign(told, change);
    if (!isFirst) post({ type: "told", news });
  }

  const subscriptions = [
    backups.policy$.subscribe((policy) => tell({ policy })),
    backups.activation$.subscribe((activation) => tell({ activation }, { activation: changesOf(activation) })),
    backups.imported$.subscribe((imported) => tell({ imported })),
    backups.activationNotices$.subscribe((notice) => post({ type: "notice", notice })),
    backups.status$.subscribe((status) => tell({ status, running: tasks.running() })),
    backups.reminders$.subscribe((reminders) => {
      handles = reminders;
      tell({ reminders: reminders.map(({ dismiss: _dismiss, snooze: _snooze, ...reminder }) => reminder) });
    }),
  ];
  isFirst = false;

  return {
    all: () => ({ ...(told as Told), tasks: tasks.all() }),
    tasks,
    reminders: () => handles,
    stop() {
      subscriptions.forEach((subscription) => subscription.unsubscribe());
      tasks.stop();
    },
  };
}
