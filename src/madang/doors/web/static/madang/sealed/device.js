/* What stays on this device of a sealed vote: one record a poll in IndexedDB, until it is forgotten.
   {poll, owner, classKey, kept: the secret as a key nobody reads, answers: [city, observers], seq, pending, receipts}
   1. Marks are never kept: what waits to be sent again is sealed already, and this device cannot open it either.
   2. One tab at a time changes a record; another waits for its turn. */

import { b64 } from "./bytes.js";

const STORE = "polls";

function base() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("madang-sealed", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "poll" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(how, work) {
  const open = await base();
  try {
    return await new Promise((done, failed) => {
      const turn = open.transaction(STORE, how, { durability: "strict" });
      const asked = work(turn.objectStore(STORE));
      turn.oncomplete = () => done(asked.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  } finally {
    open.close();
  }
}

/* Whether this browser keeps anything (a private window may not). */
export async function keeps() {
  try {
    (await base()).close();
    return true;
  } catch {
    return false;
  }
}

export const kept = (poll) => within("readonly", (store) => store.get(b64(poll.digest)));
export const keep = (record) => within("readwrite", (store) => store.put(record));
export const forget = (poll) => within("readwrite", (store) => store.delete(b64(poll.digest)));

/* A fresh record of a voter of this poll. */
export const fresh = (poll, owner, classKey, secret) =>
  ({ poll: b64(poll.digest), owner, classKey, kept: secret, answers: [null, null], seq: 0, pending: null, receipts: [] });

/* Do something with the record alone: no other tab of this browser is at it meanwhile. */
export const alone = (poll, work) =>
  navigator.locks ? navigator.locks.request(`madang-sealed-${b64(poll.digest)}`, work) : work();
