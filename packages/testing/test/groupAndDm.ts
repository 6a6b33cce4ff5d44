import { type FakeInbox, fakeInbox } from "../src/index.ts";

/** What the host contract asks for: a group and a DM with two messages each. */
export const groupAndDm = (): FakeInbox => fakeInbox({ groups: 1, dms: 1, messagesEach: 2 });
