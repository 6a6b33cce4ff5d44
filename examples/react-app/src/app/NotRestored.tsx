import type { NotRestoredText } from "@xmtp-backup/core";

/** The limits of a restore; nothing if everything comes back. */
export function NotRestored({ text: { title, leftOut, limits } }: { text: NotRestoredText }) {
  const all = [...leftOut, ...limits];
  if (all.length === 0) return null;
  return (
    <section className="not-restored">
      <h4>{title}</h4>
      <ul>
        {all.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}
