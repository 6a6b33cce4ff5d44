import { errorText } from "@xmtp-backup/example-messenger/words";

/** The error and what to do. Screen readers announce it at once. */
export function ErrorNote({ error, id }: { error: unknown; id?: string }) {
  const { title, advice } = errorText(error);
  return (
    <p className="note note-bad" role="alert" id={id}>
      <strong>{title}</strong> {advice}
    </p>
  );
}
