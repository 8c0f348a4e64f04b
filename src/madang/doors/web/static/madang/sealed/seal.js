/* The seal of a ballot: HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM (RFC 9180).
   1. sealed = enc ‖ ciphertext; a ballot's aad is empty; the info binds poll, class, key and turn.
   2. The secret key comes from a 32-byte seed by DeriveKeyPair: whoever knows the seed opens every ballot, after closing. */

import { SealedError, canonical, joined, number, same, text, utf8, written } from "./bytes.js";
import { hmac, publicX25519, shared } from "./keys.js";

const KEM = joined(utf8("KEM"), Uint8Array.of(0, 0x20));
const SUITE = joined(utf8("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 1));
const NONE = new Uint8Array(0);
export const OVERHEAD = 48;

const extract = (suite, salt, label, secret) => hmac("SHA-256", salt, joined(utf8("HPKE-v1"), suite, utf8(label), secret));

async function expand(suite, key, label, info, size) {
  const said = joined(Uint8Array.of(size >> 8, size & 255), utf8("HPKE-v1"), suite, utf8(label), info, Uint8Array.of(1));
  return (await hmac("SHA-256", key, said)).slice(0, size); // one block: size ≤ 32
}

/* DeriveKeyPair (RFC 9180 §7.1.3): {secret, public} of a seed. Throws SealedError("bad-seed"). */
export async function keyPair(seed) {
  if (seed.length !== 32) throw new SealedError("bad-seed", "a seed has 32 bytes");
  const secret = await expand(KEM, await extract(KEM, NONE, "dkp_prk", seed), "sk", NONE, 32);
  return { secret, public: await publicX25519(secret) };
}

async function cipher(dh, enc, to, info, aad, use) {
  const ikm = await extract(KEM, NONE, "eae_prk", dh);
  const secret = await expand(KEM, ikm, "shared_secret", joined(enc, to), 32);
  const context = joined(Uint8Array.of(0), await extract(SUITE, NONE, "psk_id_hash", NONE), await extract(SUITE, NONE, "info_hash", info));
  const prk = await extract(SUITE, secret, "secret", NONE);
  const key = await crypto.subtle.importKey("raw", await expand(SUITE, prk, "key", context, 16), "AES-GCM", false, [use]);
  return [{ name: "AES-GCM", iv: await expand(SUITE, prk, "base_nonce", context, 12), additionalData: aad }, key];
}

/* Seal for the holder of the key `to` (32 bytes). `seed` of the passing key is chance unless given. */
export async function seal(to, plaintext, info, seed = crypto.getRandomValues(new Uint8Array(32)), aad = NONE) {
  const passing = await keyPair(seed);
  const [how, key] = await cipher(await shared(passing.secret, to), passing.public, to, info, aad, "encrypt");
  return joined(passing.public, new Uint8Array(await crypto.subtle.encrypt(how, key, plaintext)));
}

/* The plaintext. `own` is a key pair. Throws SealedError("not-opened"). */
export async function open(own, sealed, info, aad = NONE) {
  const enc = sealed.slice(0, 32);
  try {
    const [how, key] = await cipher(await shared(own.secret, enc), enc, own.public, info, aad, "decrypt");
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(32)));
  } catch {
    throw new SealedError("not-opened", "the ballot does not open with this key");
  }
}

/* Length in two bytes, {"marks":"…"}, zeros up to `size`. Throws SealedError("too-long"). */
export function padded(marks, size) {
  const said = written({ marks });
  if (said.length + 2 > size) throw new SealedError("too-long", `marks of ${said.length} bytes do not fit into ${size}`);
  return joined(Uint8Array.of(said.length >> 8, said.length & 255), said, new Uint8Array(size - 2 - said.length));
}

/* The marks of a plaintext; `?` where it is not exactly as `padded` writes it: void, in public. */
export function unpadded(plaintext) {
  const size = Number(number(plaintext.slice(0, 2)));
  const said = plaintext.slice(2, 2 + size);
  if (plaintext.length < 2 + size || plaintext.slice(2 + size).some((byte) => byte)) return "?";
  try {
    const value = JSON.parse(text(said));
    const right = value && typeof value === "object" && Object.keys(value).length === 1 && typeof value.marks === "string";
    return right && same(utf8(canonical(value)), said) ? value.marks : "?";
  } catch {
    return "?";
  }
}

/* The marks of a sealed ballot, or `?` if it does not open or cannot be read. */
export async function opened(own, sealed, info) {
  try {
    return unpadded(await open(own, sealed, info));
  } catch (fault) {
    if (fault instanceof SealedError) return "?";
    throw fault;
  }
}
