/** An installation of the user's inbox: one app on one device. */
export type Installation = {
  id: string;
  /** The one that this client is. */
  isOwn: boolean;
  /** When it was made, in milliseconds since 1970, where the network tells. */
  createdAtMs?: number;
};
