/* The voter's way, without a page: get a right of two issuers, seal and cast a ballot, get and check its receipt.
   1. Every step is kept before it is asked for; asking again gives the same answer, so a step cut off is simply done again.
   2. To issuers and box go no cookie, no login and no referrer. Only the house's own issuer is asked with the login.
   3. A receipt that the box did not sign is no receipt. */

import { SealedError, b64, unb64 } from "./bytes.js";
import { castBody, codeOf, leafOf, makeBallot, receipted } from "./ballot.js";
import { finalize } from "./blind.js";
import { alone, forget, fresh, keep, kept } from "./device.js";
import { backup, keepable, newCode, newSecret, restored, voterOf } from "./secret.js";

const SECONDS = 15;
const TURNS = 40;

/* A refusal of a server: its code, and what it says (ko, en). */
export class Refused extends Error {
  constructor(code, says = null) {
    super(code);
    Object.assign(this, { code, says });
  }
}

/* POST to a server that must not know who asks. Throws Refused, with the code `unreachable` where there was no answer. */
async function ask(url, body) {
  const stop = AbortSignal.timeout(SECONDS * 1000);
  const how = { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", mode: "cors", redirect: "error", signal: stop };
  return answered(() => fetch(url, { ...how, headers: { "content-type": "text/plain" } })); // a plain type needs no question before
}

/* POST to the house, with the login. */
async function askHouse(url, given, token) {
  const how = { method: "POST", body: new URLSearchParams(given), headers: { "x-csrftoken": token }, redirect: "error", signal: AbortSignal.timeout(SECONDS * 1000) };
  return answered(() => fetch(url, how));
}

async function answered(fetched) {
  let answer;
  let said;
  try {
    answer = await fetched();
    said = await answer.json();
  } catch {
    throw new Refused("unreachable");
  }
  if (!answer.ok) throw new Refused(said.refused ?? "unreachable", said.says ?? null);
  return said;
}

/* One voter on this device. `house` is {right, backup, token, box, observers, owner, classKey}. */
export class Voting {
  constructor(poll, house) {
    Object.assign(this, { poll, house, recovery: "" });
  }

  record() {
    return kept(this.poll);
  }

  /* Whether both issuers have answered. */
  static righted(record) {
    return Boolean(record?.answers[0] && record.answers[1]);
  }

  /* Get the right, or go on where it was cut off. `code`: the invitation. The recovery code of a fresh secret stands in `recovery`. */
  getRight(code, more = {}) {
    return alone(this.poll, async () => {
      let record = await this.record();
      let envelope = "";
      if (!record) {
        const raw = newSecret();
        this.recovery = newCode();
        envelope = b64(await backup(this.poll, raw, this.recovery));
        record = { ...fresh(this.poll, this.house.owner, this.house.classKey, await keepable(raw)), envelope };
        await keep(record);
      }
      try {
        return await this.#answers(record, code, more);
      } catch (fault) {
        if (!record.answers[0] && !LATER.includes(fault.code)) await forget(this.poll); // the house has nothing of this secret
        throw fault;
      }
    });
  }

  /* Go on with a right taken on another device, by its recovery code. */
  recover(recovery, code, more = {}) {
    return alone(this.poll, async () => {
      const { backup: envelope } = await askHouse(this.house.backup, {}, this.house.token);
      const raw = await restored(this.poll, unb64(envelope), recovery);
      const record = { ...fresh(this.poll, this.house.owner, this.house.classKey, await keepable(raw)), envelope };
      const found = await this.#answers(record, code, more);
      this.recovery = "";
      return found;
    });
  }

  async #answers(record, code, more) {
    const voter = await voterOf(this.poll, record.classKey, record.kept);
    const { issuers } = this.poll.classes.get(record.classKey);
    const wishes = voter.blinded.map(({ message }) => b64(message));
    const asks = [
      () => askHouse(this.house.right, { blinded: wishes[0], backup: record.envelope, ...more }, this.house.token),
      () => ask(`${this.house.observers}/issue`, JSON.stringify({ poll: this.poll.slug, class: record.classKey, code, blinded: wishes[1] })),
    ];
    for (const place of [0, 1]) {
      if (record.answers[place]) continue;
      const answer = unb64((await asks[place]()).signature);
      await finalize(issuers[place].n, voter.said, answer, voter.blinded[place].inverse); // a marked answer ends here
      record.answers[place] = answer;
      await keep(record);
    }
    return record;
  }

  /* Seal these marks and put them into the box; the receipt {code, leaf, receipt, seq}. What was cut off before goes first. */
  cast(marks) {
    return alone(this.poll, async () => {
      const record = await this.record();
      if (record.pending) {
        const found = await this.#send(record);
        if (!this.poll.revote) return found;
      }
      for (let turn = 0; turn < TURNS; turn += 1) {
        await this.#seal(record, marks);
        try {
          return await this.#send(record);
        } catch (fault) {
          if (!["seq-used", "seq-lower"].includes(fault.code) || !this.poll.revote) throw fault; // cast from another device meanwhile
        }
      }
      throw new Refused("seq-lower");
    });
  }

  /* Send again what waits; its receipt. */
  again() {
    return alone(this.poll, async () => {
      const record = await this.record();
      return record.pending ? this.#send(record) : record.receipts.at(-1);
    });
  }

  async #seal(record, marks) {
    const voter = await voterOf(this.poll, record.classKey, record.kept);
    const { issuers } = this.poll.classes.get(record.classKey);
    const right = [];
    for (const place of [0, 1]) right.push(await finalize(issuers[place].n, voter.said, record.answers[place], voter.blinded[place].inverse));
    const seq = this.poll.revote ? record.seq + 1 : 1;
    const made = await makeBallot(this.poll, { ...voter, right }, marks, seq);
    Object.assign(record, { seq, pending: { ...made, seq } });
    await keep(record);
  }

  async #send(record) {
    const { seq, ...made } = record.pending;
    let said;
    try {
      said = await ask(`${this.house.box}/cast`, castBody(this.poll, made));
    } catch (fault) {
      if (!LATER.includes(fault.code)) {
        record.pending = null; // refused for good: nothing of it is in the box
        await keep(record);
      }
      throw fault;
    }
    const leaf = await leafOf(made.header, made.sig);
    const receipt = unb64(said.receipt);
    if (!(await receipted(this.poll, leaf, receipt))) throw new SealedError("bad-receipt");
    const found = { code: codeOf(leaf), leaf: b64(leaf), receipt: b64(receipt), seq };
    Object.assign(record, { pending: null, receipts: [...record.receipts, found] });
    await keep(record);
    return found;
  }
}

export const LATER = ["unreachable", "busy", "box-full", "too-slow"];
