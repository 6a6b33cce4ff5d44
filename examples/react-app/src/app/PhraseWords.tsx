import { phraseTexts } from "@xmtp-backup/example-messenger/words";

export function PhraseWords({ phrase }: { phrase: string }) {
  return (
    <ol className="phrase" aria-label={phraseTexts.words} translate="no">
      {phrase.split(" ").map((word, index) => (
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}
