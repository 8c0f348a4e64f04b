/* The voter's one secret of a poll: 32 bytes of chance from which key, salts and blinding factors are drawn (HKDF, RFC 5869).
   1. The same secret gives the same blinded values: asking an issuer twice gives the same answer, so nothing is lost half way.
   2. It is kept as a key the browser does not give out again, and once more sealed under a recovery code only the voter has.
   3. The backup has one length (77 bytes) and says nothing: 100 random bits stand against 300,000 rounds of PBKDF2 for each guess. */

import { SealedError, joined, number, fixed, utf8 } from "./bytes.js";
import { SALT, blind } from "./blind.js";
import { publicOf, signer } from "./keys.js";
import { rightMessage } from "./ballot.js";

const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const ROUNDS = 300_000;
export const BACKUP = 77;

export const newSecret = () => crypto.getRandomValues(new Uint8Array(32));

/* The secret as a key that can be kept and drawn from, but not read. */
export const keepable = (raw) => crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveBits"]);

async function drawn(secret, poll, classKey, name, size) {
  const how = { name: "HKDF", hash: "SHA-256", salt: poll.digest, info: joined(utf8("madang-voter@1\0"), utf8(classKey), utf8(`\0${name}`)) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, secret, size * 8));
}

/* The voter of a kept secret: {classKey, pk, secret: her signing key, blinded: two of {message, inverse}}. */
export async function voterOf(poll, classKey, kept) {
  const { issuers } = poll.classes.get(classKey) ?? {};
  if (!issuers) throw new SealedError("unknown-class", `${classKey} is no class of this poll`);
  const secret = await signer(await drawn(kept, poll, classKey, "sign", 32));
  const pk = await publicOf(secret);
  const said = rightMessage(poll.digest, classKey, pk);
  const blinded = [];
  for (const [place, { n }] of issuers.entries()) {
    const salt = await drawn(kept, poll, classKey, `salt ${place}`, SALT);
    const wide = number(await drawn(kept, poll, classKey, `factor ${place}`, 320)); // 64 bytes more than n: no factor is likelier
    blinded.push(await blind(n, said, salt, fixed((wide % (number(n) - 1n)) + 1n, 256)));
  }
  return { classKey, pk, secret, blinded, said };
}

/* A fresh recovery code: four times five letters (100 bits), without 0, 1, I and O. */
export function newCode() {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => LETTERS[byte & 31]).join("");
  return letters.match(/.{5}/g).join("-");
}

/* A recovery code from what somebody typed. Throws SealedError("bad-recovery"). */
export function plainCode(typed) {
  const letters = typed.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  if (letters.length !== 20 || [...letters].some((letter) => !LETTERS.includes(letter))) throw new SealedError("bad-recovery", "twenty letters and digits");
  return letters;
}

async function lock(code, salt, use) {
  const base = await crypto.subtle.importKey("raw", utf8(plainCode(code)), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [use]);
}

/* The secret under a recovery code: 1 ‖ salt (16) ‖ nonce (12) ‖ ciphertext (48). */
export async function backup(poll, raw, code) {
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const shut = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: poll.digest }, await lock(code, salt, "encrypt"), raw);
  return joined(Uint8Array.of(1), salt, iv, new Uint8Array(shut));
}

/* The secret of a backup. Throws SealedError: bad-recovery · wrong-recovery. */
export async function restored(poll, kept, code) {
  if (kept.length !== BACKUP || kept[0] !== 1) throw new SealedError("wrong-recovery", "not a backup");
  const key = await lock(code, kept.slice(1, 17), "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.slice(17, 29), additionalData: poll.digest }, key, kept.slice(29)));
  } catch {
    throw new SealedError("wrong-recovery", "the code does not open this backup");
  }
}
