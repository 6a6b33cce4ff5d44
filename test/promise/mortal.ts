/** When a process dies: at which of its calls to the world, and whether that call still does its work. */
export type Death = { afterCalls: number; when: "before" | "after" };

export type Mortal = {
  /** The same part of the world, as long as the process lives; afterwards no call does anything or ever answers. */
  wrap<T extends object>(part: T): T;
  /** Sets the call at which the process dies. */
  dieAt(death: Death): void;
  /** Ends the process now, whatever it is doing. */
  kill(): void;
  /** Resolves when the process dies. */
  readonly died: Promise<void>;
  readonly isDead: boolean;
};

/** Calls that answer at once and touch nothing. */
const harmless = new Set(["watch"]);

/** A process that can be killed between any two of its calls to the world, or right after one whose answer it never hears. */
export function mortal(): Mortal {
  let isDead = false;
  let left = Infinity;
  let when: Death["when"] = "before";
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = () => {
      isDead = true;
      resolve();
    };
  });
  const never = new Promise<never>(() => {});

  /** Counts one call; says whether its work is done and whether its answer arrives. */
  function count(): { works: boolean; answers: boolean } {
    if (isDead) return { works: false, answers: false };
    left -= 1;
    if (left >= 0) return { works: true, answers: true };
    die();
    return { works: when === "after", answers: false };
  }

  async function* iterate(items: () => AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const { works, answers } = count();
    if (!works || !answers) await never;
    for await (const item of items()) {
      if (isDead) await never;
      yield item;
    }
  }

  function wrap<T extends object>(part: T): T {
    return new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === "notes") return value === undefined ? undefined : wrap(value as object);
        if (typeof value !== "function" || typeof name === "symbol" || harmless.has(name)) return value;
        const method = value as (...args: unknown[]) => unknown;
        if (name === "list") return (...args: unknown[]) => iterate(() => method.apply(target, args) as AsyncIterable<unknown>);
        return async (...args: unknown[]) => {
          const { works, answers } = count();
          const answer = works ? await method.apply(target, args) : undefined;
          return answers && !isDead ? answer : never;
        };
      },
    });
  }

  return {
    wrap,
    dieAt(death) {
      left = death.afterCalls;
      when = death.when;
    },
    kill: () => die(),
    died,
    get isDead() {
      return isDead;
    },
  };
}
