import type { Clock } from "../ports/clock.ts";
import { systemClock } from "../time/systemClock.ts";
import type { SdkStream, SdkStreamOptions } from "./sdkShapes.ts";

/** Waits before a stream that failed is opened again, in milliseconds; they double. */
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

export type StreamToKeep = {
  open(options: SdkStreamOptions): Promise<SdkStream>;
  /** Called for what arrives, and when a stream that had failed is there again. */
  tell(): void;
  /** Whether the client can be asked: only then a stream is opened or ended. @default always */
  isClientOpen?(): boolean;
  /** Called when the stream fails, and just before it is opened again. */
  onFail?(): void;
  onRetry?(): void;
  /** @default the platform's */
  clock?: Pick<Clock, "setTimeout" | "clearTimeout">;
};

export type KeptStream = {
  /** Opens a stream that failed at once, however long it was away. */
  retry(): void;
  end(): void;
};

/**
 * Holds one of an SDK's streams open until it is ended; never throws, and never holds a process.
 *
 * It retries in place of the SDK: docs/sdk-facts.md#retries-outlive-the-stream.
 */
export function keepStreamOpen({ open, tell, isClientOpen = () => true, onFail, onRetry, clock = systemClock }: StreamToKeep): KeptStream {
  let delayMs = firstDelayMs;
  let stream: SdkStream | undefined;
  let timer: unknown;
  let isOver = false;

  async function start(isAgain: boolean): Promise<void> {
    if (isOver || !isClientOpen()) return;
    const onValue = () => {
      delayMs = firstDelayMs;
      if (!isOver) tell();
    };
    const failed = () => {
      stream = undefined;
      onFail?.();
      startLater();
    };
    try {
      stream = await open({ onValue, onFail: failed, retryOnFail: false });
    } catch {
      // A client that is offline or closed has no streams. The watcher looks now and then anyway.
      return startLater();
    }
    if (isOver) return end();
    // docs/sdk-facts.md#stream-that-never-opened
    if (stream.isDone) return startLater();
    if (isAgain && timer === undefined) tell();
  }

  function startLater(): void {
    if (isOver || timer !== undefined) return;
    timer = clock.setTimeout(startAgain, delayMs);
    letProcessEnd(timer);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }

  function startAgain(): void {
    clock.clearTimeout(timer);
    timer = undefined;
    onRetry?.();
    void start(true);
  }

  function end(): void {
    isOver = true;
    clock.clearTimeout(timer);
    if (isClientOpen()) stream?.end().catch(() => undefined);
  }

  void start(false);
  return {
    retry() {
      delayMs = firstDelayMs;
      if (timer !== undefined) startAgain();
    },
    end,
  };
}

/** Node's timers hold the process; those of browsers are numbers. */
function letProcessEnd(timer: unknown): void {
  (timer as { unref?: () => void } | undefined)?.unref?.();
}
