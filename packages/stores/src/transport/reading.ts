/** A response, and the word that more of its body has arrived. */
export type Reading = { response: Response; heard: () => void };
