/** What core says for those who build an app, in the words of those who use it. */
export function plain(text: string): string {
  return text
    .replaceAll("archive", "backup")
    .replaceAll("the user", "you")
    .replaceAll("verified", "checked")
    .replaceAll("installation", "device")
    .replaceAll("the inbox", "your account");
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
