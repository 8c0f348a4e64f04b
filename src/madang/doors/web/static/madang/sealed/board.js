/* The board: notes signed by the box and cosigned by witnesses, and the Merkle tree of RFC 9162 under them.
   Sources: c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature, RFC 9162 §2.1. */

import { SealedError, b64, joined, number, same, sha256, unb64, utf8 } from "./bytes.js";
import { signed } from "./keys.js";

const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const plain = (written, code) => unb64(written.replace(/=+$/, "").replace(/\+/g, "-").replace(/\//g, "_"), null, code);
const NOTE = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\n ]+ [A-Za-z0-9+/=]+\n)+)$/;

export const origin = (poll) => `madang/box/${b64(poll.digest)}`;

/* A growing tree: only the roots of its whole parts are kept. */
export class Tree {
  size = 0;
  #parts = [];

  async add(leaf) {
    let hash = leaf;
    for (let size = this.size; size & 1; size = Math.floor(size / 2)) hash = await node(this.#parts.pop(), hash);
    this.#parts.push(hash);
    this.size += 1;
  }

  async root() {
    if (!this.size) return sha256(new Uint8Array(0));
    let hash = this.#parts.at(-1);
    for (const part of this.#parts.slice(0, -1).reverse()) hash = await node(part, hash);
    return hash;
  }
}

/* Whether `leaf` stands at `index` of the tree of `size` with this root (RFC 9162 §2.1.3.2). */
export async function included(leaf, index, size, path, root) {
  if (!(index >= 0 && index < size)) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const part of path) {
    if (last === 0) return false;
    if (at % 2 || at === last) {
      hash = await node(part, hash);
      while (at % 2 === 0 && at) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      hash = await node(hash, part);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(hash, root);
}

/* A note of this poll's board: {size, root, cosigned: [names]}; every line under it fits.
   Throws SealedError: bad-checkpoint · bad-box-signature · forged-cosignature · unknown-cosigner. */
export async function readNote(poll, note) {
  const parts = NOTE.exec(note);
  if (!parts || parts[1] !== origin(poll) || !Number.isSafeInteger(Number(parts[2]))) throw new SealedError("bad-checkpoint", "not a checkpoint of this board");
  const said = `${parts[1]}\n${parts[2]}\n${parts[3]}\n`;
  const lines = parts[4].trimEnd().split("\n").map((line) => line.split(" ").slice(1));
  if (lines[0][0] !== parts[1]) throw new SealedError("bad-checkpoint", "the box signs first");
  const mark = plain(lines[0][1], "bad-checkpoint");
  const id = await keyId(parts[1], 1, poll.box);
  if (mark.length !== 68 || !same(mark.slice(0, 4), id) || !(await signed(poll.box, mark.slice(4), utf8(said)))) {
    throw new SealedError("bad-box-signature", "the box's signature does not fit");
  }
  const cosigned = [];
  for (const [name, written] of lines.slice(1)) {
    const witness = poll.witnesses.find((one) => one.name === name);
    if (!witness || cosigned.includes(name)) throw new SealedError("unknown-cosigner", name.slice(0, 80));
    await cosignature(witness, said, plain(written, "forged-cosignature"));
    cosigned.push(name);
  }
  return { size: Number(parts[2]), root: plain(parts[3], "bad-checkpoint"), cosigned };
}

async function cosignature(witness, said, mark) {
  const at = mark.slice(4, 12);
  const fits = mark.length === 76 && !(at[0] & 128) && same(mark.slice(0, 4), await keyId(witness.name, 4, witness.key));
  const text = utf8(`cosignature/v1\ntime ${number(at)}\n${said}`);
  if (!fits || !(await signed(witness.key, mark.slice(12), text))) throw new SealedError("forged-cosignature", witness.name);
}

const keyId = async (name, type, key) => (await sha256(joined(utf8(`${name}\n`), Uint8Array.of(type), key))).slice(0, 4);
