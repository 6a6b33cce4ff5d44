/** How an error of the SDK says that its client is closed: it shows in the words alone (docs/sdk-facts.md#closed-client). */
export const closedClientMessage = /needs to\s+reconnect|client is closed|not initialized/i;
