/* A right and a ballot, in the bytes of docs/adr/0008-ballots.md: written, sent and read as `madang.methods.sealed.ballot` does. */

import { SealedError, b64, eight, joined, same, sha256, unb64, utf8, written } from "./bytes.js";
import { verify } from "./blind.js";
import { notWeak, sign, signed } from "./keys.js";
import { OVERHEAD, padded, seal } from "./seal.js";

const HEADER = /^\{"class":"([^"\\\x00-\x1f]{1,64})","pk":"([\w-]{43})","poll":"([\w-]{43})","right":\["([\w-]{342})","([\w-]{342})"\],"sealed":"([\w-]{43})","seq":([1-9][0-9]{0,15})\}$/u;
const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const coded = (size) => Math.floor((size * 8 + 5) / 6);
const toSign = (header) => joined(utf8("madang-cast@1\0"), header);

/* What both issuers sign blind. */
export const rightMessage = (digest, classKey, pk) => joined(utf8("madang-right@1\0"), digest, utf8(classKey), Uint8Array.of(0), pk);

/* What the seal is bound to. */
export const sealInfo = (digest, classKey, pk, seq) =>
  joined(utf8("madang-seal@1\0"), digest, utf8(classKey), Uint8Array.of(0), pk, eight(seq));

/* A ballot: {header, sig, sealed}, sealed and signed. `voter` is {classKey, pk, secret, right: [sig, sig]}. */
export async function makeBallot(poll, voter, marks, seq) {
  const sealed = await seal(poll.seal, padded(marks, poll.padded), sealInfo(poll.digest, voter.classKey, voter.pk, seq));
  const header = written({
    class: voter.classKey, pk: b64(voter.pk), poll: b64(poll.digest), right: voter.right.map(b64), sealed: b64(await sha256(sealed)), seq,
  });
  return { header, sig: await sign(voter.secret, toSign(header)), sealed };
}

/* The body of `POST /cast`, of one length for the whole poll. */
export function castBody(poll, { header, sig, sealed }) {
  const said = written({ header: b64(header), sig: b64(sig), sealed: b64(sealed) });
  return joined(said, new Uint8Array(bodySize(poll) - said.length).fill(32));
}

export function bodySize(poll) {
  const longest = Math.max(...[...poll.classes.keys()].map((key) => utf8(key).length));
  const header = '{"class":"","pk":,"poll":,"right":[,],"sealed":,"seq":}'.length + longest + 3 * 45 + 2 * 344 + 16;
  return '{"header":"","sealed":"","sig":""}'.length + coded(header) + coded(poll.padded + OVERHEAD) + coded(64);
}

/* Read a header of this poll. Throws SealedError: malformed · other-poll · unknown-class. */
export function readHeader(poll, raw) {
  const parts = HEADER.exec(new TextDecoder("utf-8", { ignoreBOM: true }).decode(raw));
  if (!parts || !same(utf8(parts[0]), raw)) throw new SealedError("malformed", "not a header in canonical form");
  const [, classKey, pk, named, first, second, sealed, turn] = parts;
  const right = [unb64(first, 256), unb64(second, 256)];
  if (!same(unb64(named, 32), poll.digest)) throw new SealedError("other-poll", `the ballot is of the poll ${named}`);
  if (!poll.classes.has(classKey)) throw new SealedError("unknown-class", `${classKey} is no class of this poll`);
  const seq = Number(turn);
  if (!Number.isSafeInteger(seq)) throw new SealedError("malformed", "seq: 1 … 2^53−1");
  return { raw, classKey, pk: unb64(pk, 32), right, sealed: unb64(sealed, 32), seq };
}

/* Check both issuers' signatures and the voter's. Throws SealedError: no-revote · weak-key · bad-right · bad-signature. */
export async function checkBallot(poll, header, sig) {
  if (header.seq !== 1 && !poll.revote) throw new SealedError("no-revote", "one ballot of each key, with seq 1");
  notWeak(header.pk);
  const said = rightMessage(poll.digest, header.classKey, header.pk);
  const { issuers } = poll.classes.get(header.classKey);
  const fits = await Promise.all([verify(issuers[0].n, said, header.right[0]), verify(issuers[1].n, said, header.right[1]), signed(header.pk, sig, toSign(header.raw))]);
  issuers.forEach(({ name }, at) => { if (!fits[at]) throw new SealedError("bad-right", `the right was not signed by ${name}`); });
  if (!fits[2]) throw new SealedError("bad-signature", "the voter's signature does not fit the header");
}

/* Check the sealed part against the header. Throws SealedError: wrong-length · sealed-altered. */
export async function checkSealed(poll, header, sealed) {
  if (sealed.length !== poll.padded + OVERHEAD) throw new SealedError("wrong-length", `${poll.padded + OVERHEAD} bytes, not ${sealed.length}`);
  if (!same(await sha256(sealed), header.sealed)) throw new SealedError("sealed-altered", "not the sealed part the header names");
}

/* The ballot's hash on the board (RFC 9162). */
export const leafOf = (header, sig) => sha256(joined(Uint8Array.of(0), header, sig));

/* The first 60 bits of a leaf as people read them: XXXX-XXXX-XXXX, without 0, 1, I and O. */
export function codeOf(leaf) {
  let number = leaf.slice(0, 8).reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n) >> 4n;
  let letters = "";
  for (let place = 0; place < 12; place += 1, number >>= 5n) letters = LETTERS[Number(number & 31n)] + letters;
  return letters.replace(/(.{4})(.{4})(.{4})/, "$1-$2-$3");
}

/* A code as `codeOf` writes it, from what somebody typed. Throws SealedError("bad-code"). */
export function readCode(typed) {
  const letters = typed.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  if (letters.length !== 12 || [...letters].some((letter) => !LETTERS.includes(letter))) throw new SealedError("bad-code", "twelve letters and digits");
  return letters.replace(/(.{4})(.{4})(.{4})/, "$1-$2-$3");
}

/* Whether the box signed for this leaf. */
export const receipted = (poll, leaf, signature) => signed(poll.box, signature, joined(utf8("madang-receipt@1\0"), poll.digest, leaf));
