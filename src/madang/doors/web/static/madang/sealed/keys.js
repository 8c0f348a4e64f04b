/* Ed25519 and X25519 by the browser's own WebCrypto; whether this browser has them is asked first.
   1. A secret key is 32 bytes put into PKCS #8 (RFC 8410); it never leaves the browser but sealed under the recovery code.
   2. A public key of small order would fit any text: it is refused, as the box and every audit do. */

import { SealedError, hex, joined, unb64, unhex } from "./bytes.js";

const ED25519 = unhex("302e020100300506032b657004220420");
const X25519 = unhex("302e020100300506032b656e04220420");
const SMALL_ORDER = new Set([
  "00".repeat(32), `01${"00".repeat(31)}`, `ec${"ff".repeat(30)}7f`, `ed${"ff".repeat(30)}7f`, `ee${"ff".repeat(30)}7f`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

/* What this browser lacks for a secret vote: "" where nothing; else insecure · old. */
export async function lacking() {
  if (!globalThis.crypto?.subtle) return "insecure";
  try {
    const seed = new Uint8Array(32).fill(7);
    await publicOf(await signer(seed));
    await crypto.subtle.deriveBits({ name: "X25519", public: await x25519Public(await publicX25519(seed)) }, await x25519Secret(seed), 256);
    return "";
  } catch {
    return "old";
  }
}

/* The signing key of a 32-byte seed. */
export const signer = (seed) => crypto.subtle.importKey("pkcs8", joined(ED25519, seed), "Ed25519", true, ["sign"]);

/* The 32 bytes of the public half. */
export const publicOf = async (secret) => unb64((await crypto.subtle.exportKey("jwk", secret)).x, 32);

export const sign = async (secret, message) => new Uint8Array(await crypto.subtle.sign("Ed25519", secret, message));

/* Whether an Ed25519 signature fits. A key that is no key fits nothing. */
export async function signed(raw, signature, message) {
  if (raw.length !== 32 || signature.length !== 64) return false;
  try {
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, message);
  } catch {
    return false;
  }
}

export function notWeak(raw) {
  const plain = Uint8Array.from(raw);
  plain[31] &= 127;
  if (SMALL_ORDER.has(hex(plain))) throw new SealedError("weak-key", "the voter's key would sign anything");
}

export const x25519Secret = (raw) => crypto.subtle.importKey("pkcs8", joined(X25519, raw), "X25519", true, ["deriveBits"]);
export const x25519Public = (raw) => crypto.subtle.importKey("raw", raw, "X25519", true, []);
export const publicX25519 = async (raw) => unb64((await crypto.subtle.exportKey("jwk", await x25519Secret(raw))).x, 32);

/* The shared bytes of a secret and a public X25519 key. */
export async function shared(secret, raw) {
  const bits = await crypto.subtle.deriveBits({ name: "X25519", public: await x25519Public(raw) }, await x25519Secret(secret), 256);
  return new Uint8Array(bits);
}

export async function hmac(algorithm, key, message) {
  const made = await crypto.subtle.importKey("raw", key.length ? key : new Uint8Array(1), { name: "HMAC", hash: algorithm }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, message)); // HMAC fills a key up with zeros: none and one zero are equal
}
