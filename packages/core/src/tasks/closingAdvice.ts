/** Whether the app can close now, and what closing would stop; `describeClosing` says it in words. */
export type ClosingAdvice =
  | { safe: true }
  | { safe: false; losing: "backup" }
  | {
      safe: false;
      losing: "restore";
      /** It has begun to add messages to the client. */
      hasBegun: boolean;
    };
