/* Blind signatures by RSA, the voter's half (RFC 9474, RSABSSA-SHA384-PSS-Deterministic, RSA-2048, salt 48).
   1. The issuer sees a number that says nothing; what comes back is used only if it verifies, so a marked key fails instead of marking.
   2. Numbers are BigInt. This runs once in a voter's own browser on her own secret: nobody measures its time over a network. */

import { SealedError, b64, fixed, joined, number, sha384 } from "./bytes.js";

const E = 65537n;
export const SALT = 48;

export function power(base, exponent, modulus) {
  let found = 1n;
  for (let left = exponent, square = base % modulus; left; left >>= 1n, square = (square * square) % modulus) {
    if (left & 1n) found = (found * square) % modulus;
  }
  return found;
}

/* The inverse mod n. Throws SealedError("invalid-input") where there is none. */
export function inverse(value, modulus) {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (b) {
    const times = a / b;
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  if (a !== 1n) throw new SealedError("invalid-input", "a number shares a factor with n");
  return ((x % modulus) + modulus) % modulus;
}

/* EMSA-PSS-ENCODE with SHA-384 (RFC 8017 §9.1.1). */
async function encoded(message, bits, salt) {
  const size = Math.ceil(bits / 8);
  const fitted = await sha384(joined(new Uint8Array(8), await sha384(message), salt));
  const gap = size - salt.length - fitted.length - 2;
  if (gap < 0) throw new SealedError("bad-key", "the key is too short for SHA-384 and this salt");
  const block = joined(new Uint8Array(gap), Uint8Array.of(1), salt);
  const mask = await masked(fitted, block.length);
  const hidden = block.map((byte, at) => byte ^ mask[at]);
  hidden[0] &= 255 >> (8 * size - bits);
  return joined(hidden, fitted, Uint8Array.of(0xbc));
}

async function masked(seed, size) {
  const parts = [];
  for (let turn = 0; turn * 48 < size; turn += 1) parts.push(await sha384(joined(seed, fixed(BigInt(turn), 4))));
  return joined(...parts).slice(0, size);
}

/* Blind a message. `salt` and `factor` (bytes below n) come from the caller: chance, or drawn from the voter's one secret.
   Gives what the issuer gets (`message`) and what takes the blinding off again (`inverse`). */
export async function blind(n, message, salt, factor) {
  const modulus = number(n);
  const size = n.length;
  const wanted = number(await encoded(message, modulus.toString(2).length - 1, salt));
  const by = number(factor) % modulus;
  inverse(wanted, modulus);
  const off = inverse(by, modulus);
  return { message: fixed((wanted * power(by, E, modulus)) % modulus, size), inverse: off };
}

/* Take the blinding off and verify. Throws SealedError: invalid-length · invalid-signature. */
export async function finalize(n, message, answer, off, salt = SALT) {
  if (answer.length !== n.length) throw new SealedError("invalid-length", `a blind signature has ${n.length} bytes`);
  const signature = fixed((number(answer) * off) % number(n), n.length);
  if (!(await verify(n, message, signature, salt))) {
    throw new SealedError("invalid-signature", "the signature does not verify: do not use it, and report the issuer");
  }
  return signature;
}

const loaded = new Map();

function key(n) {
  const name = b64(n);
  if (!loaded.has(name)) {
    const jwk = { kty: "RSA", n: name, e: "AQAB", alg: "PS384", ext: true };
    loaded.set(name, crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, false, ["verify"]));
  }
  return loaded.get(name);
}

/* Whether `signature` is RSASSA-PSS with SHA-384 over `message`. */
export const verify = async (n, message, signature, salt = SALT) =>
  crypto.subtle.verify({ name: "RSA-PSS", saltLength: salt }, await key(n), signature, message);
