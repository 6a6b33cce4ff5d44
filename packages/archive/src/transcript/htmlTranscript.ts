import type { ArchivePreviewConversation } from "../model/archiveReport.ts";
import { toBase64 } from "./toBase64.ts";
import type { GroupChange, TranscriptContent } from "./transcriptContent.ts";
import { isoTime, isUnsent, type TranscriptNames, type TranscriptWriter } from "./transcriptWriter.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);

/** Other people's text, which can't change the direction of what stands around it. */
const quote = (text: string): string => `<bdi>${escape(text)}</bdi>`;

/** Pictures that a browser shows without running anything. */
const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Nothing is loaded and nothing runs, whatever the messages say. */
const head = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Messages</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h2{margin:3rem 0 1rem;border-bottom:1px solid #ccc}
article{margin:0 0 1rem}
header{font-size:.85em;color:#666}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
.note{color:#666;font-style:italic;overflow-wrap:anywhere}
img{max-width:100%}
</style>
`;

const changeNames: Record<Exclude<GroupChange["change"], "field">, string> = {
  added: "added",
  removed: "removed",
  left: "left",
  addedAdmins: "made an administrator",
  removedAdmins: "no longer an administrator",
  addedSuperAdmins: "made a super administrator",
  removedSuperAdmins: "no longer a super administrator",
};

const note = (html: string): string => `<div class="note">${html}</div>`;

/** A transcript for people: one page that needs nothing else. */
export const htmlTranscript = (): TranscriptWriter => {
  let names: TranscriptNames = {};
  const person = (inboxId: string): string =>
    `<bdi title="${escape(inboxId)}">${escape((Object.hasOwn(names, inboxId) ? names[inboxId] : undefined) ?? inboxId.slice(0, 8))}</bdi>`;

  const changeOf = (change: GroupChange): string =>
    change.change === "field"
      ? `${quote(change.field)}: ${quote(change.before)} → ${quote(change.after)}`
      : `${change.who.map(person).join(", ")} ${changeNames[change.change]}`;

  const show = (content: TranscriptContent): string => {
    switch (content.type) {
      case "text":
        return `<div class="text" dir="auto">${escape(content.text)}</div>`;
      case "reply":
        return note("In reply to an earlier message:") + show(content.content);
      case "reaction":
        return note(`${content.isRemoved ? "Took back" : "Reacted with"} ${quote(content.reaction)}`);
      case "readReceipt":
        return "";
      case "attachment": {
        const { filename, mimeType, bytes } = content;
        const isPicture = pictures.includes(mimeType);
        const source = `data:${isPicture ? mimeType : "application/octet-stream"};base64,${toBase64(bytes)}`;
        const label = quote(filename === "" ? "attachment" : filename);
        const link = `<a download="${escape(filename)}" href="${source}">${label}</a> (${bytes.length} bytes)`;
        return isPicture ? `<img alt="${escape(filename)}" src="${source}">` : note(link);
      }
      case "remoteAttachment":
        return content.files.map(({ filename, url }) => note(`File kept elsewhere: ${quote(filename)} ${quote(url)}`)).join("");
      case "groupUpdated":
        return note(`${person(content.initiatedByInboxId)}: ${content.changes.map(changeOf).join("; ")}`);
      case "transactionReference":
        return note(`Transaction ${quote(content.reference)} on ${quote(content.networkId)}`);
      case "other":
        return note(content.text === "" ? `Content of type ${quote(content.contentType)}` : quote(content.text));
    }
  };

  const titleOf = ({ name, type, memberInboxIds, id }: ArchivePreviewConversation): string => {
    if (name !== "") return quote(name);
    return type === "dm" ? memberInboxIds.map(person).join(" and ") : `Conversation ${escape(id.slice(0, 8))}`;
  };

  return {
    start(preview, givenNames) {
      names = givenNames;
      const { conversations, messages, metadata } = preview;
      return `${head}<h1>Messages</h1>\n<p>${messages} messages of ${conversations.length} conversations, as of ${isoTime(metadata.exportedAtNs)}</p>\n`;
    },
    conversation: (conversation) => `<section>\n<h2 id="${escape(conversation.id)}">${titleOf(conversation)}</h2>\n`,
    message({ sentAtNs, senderInboxId, deliveryStatus }, content) {
      const shown = show(content);
      const time = isoTime(sentAtNs);
      return shown === ""
        ? ""
        : `<article><header>${person(senderInboxId)} <time datetime="${time}">${time.slice(0, 16).replace("T", " ")}</time>${isUnsent(deliveryStatus) ? " (not sent)" : ""}</header>${shown}</article>\n`;
    },
    endConversation: () => "</section>\n",
    end: () => "</html>\n",
  };
};
