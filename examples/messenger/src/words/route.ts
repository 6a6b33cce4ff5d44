/** Where in the app the user is; it is the hash of the page, so that the browser's back button works. */
export type Route = { screen: "chats"; conversationId?: string } | { screen: "backups" } | { screen: "settings" };
export type Screen = Route["screen"];

/** What a hash such as `#/chats/1f` means; the list of chats for anything unknown. */
export function routeOf(hash: string): Route {
  const [screen, conversationId] = hash.replace(/^#\//, "").split("/");
  if (screen === "backups" || screen === "settings") return { screen };
  return { screen: "chats", ...(conversationId && { conversationId }) };
}

/** The hash of a route, for links. */
export function hashOf(route: Route): string {
  const isConversation = route.screen === "chats" && route.conversationId !== undefined;
  return isConversation ? `#/chats/${route.conversationId}` : `#/${route.screen}`;
}

/** The screens of the navigation, in its order. */
export const screens = [
  { screen: "chats", title: "Chats", icon: "chat" },
  { screen: "backups", title: "Backups", icon: "shield" },
  { screen: "settings", title: "Settings", icon: "sliders" },
] as const satisfies readonly { screen: Screen; title: string; icon: string }[];

/** The heading of a screen. */
export function screenTitle(screen: Screen): string {
  return screens.find((each) => each.screen === screen)?.title ?? "";
}
