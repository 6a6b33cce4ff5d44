import { BackupError } from "../errors/backupError.ts";
import type { ServerNews } from "./messages.ts";
import { withoutFunctions } from "./packErrors.ts";

/** News in place of some that no structured clone can be made of. */
export function withoutUncloneable(news: ServerNews, cause: unknown): ServerNews {
  if (news.type === "answered") return { type: "answered", call: news.call, error: answerLost(cause) };
  if (news.type === "task") return { type: "task", task: { ...news.task, state: { status: "failed", error: answerLost(cause) } } };
  return withoutFunctions(news) as ServerNews;
}

function answerLost(cause: unknown): BackupError {
  return new BackupError("TAB_ANSWER_LOST", "The other tab's answer can't be passed on.", { cause });
}
