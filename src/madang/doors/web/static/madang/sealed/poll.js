/* poll.json as read, and what the house signed. Reading is strict: another field, size, key twice, and nothing is used. */

import { SealedError, b64, fields, number, sha256, strict, unb64, utf8, joined, hex } from "./bytes.js";
import { signed } from "./keys.js";

const FIELDS = {
  format: "text", poll: "text", title: "object", use: "any", rule: "object", options: "list", classes: "list", box: "text",
  witnesses: "list", seal: "object", batch: "whole", padded: "whole", revote: "yes", opens_at: "text", closes_at: "text",
};
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
const CLASS = /^[^\s"\\\x00-\x20\x7f-\xa0\ud800-\udfff]{1,64}$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const SMALL = 3n * 5n * 7n * 11n * 13n * 17n * 19n * 23n * 29n * 31n * 37n * 41n * 43n * 47n * 53n * 59n * 61n * 67n * 71n * 73n;
const CODE = "bad-poll";
const no = (words) => { throw new SealedError(CODE, words); };
const between = (value, low, high, words) => value >= low && value <= high || no(words);
const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a; };

/* {raw, digest, slug, printed, classes: Map(key → {key, roll, issuers: [{name, n}, …]}), box, witnesses, seal, …} of the exact bytes. */
export async function readPoll(raw) {
  const given = fields(strict(raw, CODE), FIELDS, CODE, "poll");
  if (given.format !== "madang-poll@1") no("format is madang-poll@1");
  if (!SLUG.test(given.poll)) no("poll: small letters, digits and hyphens");
  if (typeof given.use !== "string" && (given.use === null || typeof given.use !== "object" || Array.isArray(given.use))) no("use: text, or Korean and English");
  const seal = fields(given.seal, { key: "text", of: "whole", least: "whole" }, CODE, "seal");
  between(seal.least, 1, seal.of, "seal: least");
  between(seal.of, 1, 255, "seal: of");
  between(given.batch, 1, 1_000_000, "batch");
  between(given.padded, 64, 65_536, "padded");
  const [opens, closes] = [time(given.opens_at), time(given.closes_at)];
  if (opens >= closes) no("a poll opens before it closes");
  return {
    raw, digest: await sha256(raw), slug: given.poll, title: given.title, use: given.use, printed: { rule: given.rule, options: given.options },
    classes: classesOf(given.classes), box: unb64(given.box, 32, CODE), witnesses: witnessesOf(given.witnesses),
    seal: unb64(seal.key, 32, CODE), shares: [seal.least, seal.of], batch: given.batch, padded: given.padded, revote: given.revote, opens, closes,
  };
}

function time(written) {
  const at = TIME.test(written) ? Date.parse(written) : NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== written.slice(0, 19)) no(`not a time in UTC: ${written.slice(0, 40)}`);
  return at;
}

function classesOf(given) {
  const found = new Map();
  const keys = new Set();
  for (const one of given) {
    const row = fields(one, { key: "text", roll: "whole", issuers: "list" }, CODE, "classes");
    if (!CLASS.test(row.key) || found.has(row.key)) no("classes: 1 to 64 letters, each class once");
    between(row.roll, 0, 100_000_000, "classes: roll");
    const issuers = row.issuers.map(issuer);
    if (issuers.length !== 2 || issuers[0].name === issuers[1].name) no("classes: two issuers with different names");
    issuers.forEach(({ n }) => keys.add(b64(n)));
    found.set(row.key, { key: row.key, roll: row.roll, issuers });
  }
  if (!found.size) no("classes: at least one");
  if (keys.size !== 2 * found.size) no("classes: an issuer's key serves one poll and one class");
  return found;
}

function issuer(given) {
  const row = fields(given, { name: "text", n: "text", e: "whole" }, CODE, "issuers");
  if (!CLASS.test(row.name)) no("issuers: name");
  if (row.e !== 65537) no("issuers: e is 65537");
  const n = unb64(row.n, 256, CODE);
  const whole = number(n);
  if (!(n[0] & 128) || !(n[255] & 1) || gcd(whole, SMALL) !== 1n) no("issuers: n is no RSA-2048 modulus");
  return { name: row.name, n };
}

function witnessesOf(given) {
  const found = given.map((one) => {
    const row = fields(one, { name: "text", key: "text" }, CODE, "witnesses");
    if (!wellNamed(row.name)) no("witnesses: name");
    return { name: row.name, key: unb64(row.key, 32, CODE) };
  });
  if (new Set(found.map(({ name }) => name)).size !== found.length || new Set(found.map(({ key }) => b64(key))).size !== found.length) no("witnesses: twice");
  return found;
}

const wellNamed = (name) => name.length > 0 && !/[\s+\p{Z}\p{C}]/u.test(name);

/* A verifier key `name+hash+base64`: {name, public, written}. Throws SealedError(code). */
export async function verifierKey(words, code) {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(words);
  const raw = parts && unb64(parts[3].replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""), 33, code);
  if (!parts || raw[0] !== 1 || !wellNamed(parts[1])) throw new SealedError(code, "a key looks like name+hash+base64");
  const id = (await sha256(joined(utf8(`${parts[1]}\n`), raw))).slice(0, 4);
  if (hex(id) !== parts[2]) throw new SealedError(code, "the key was mistyped");
  return { name: parts[1], public: raw.slice(1), written: words };
}

/* The key of the house that signed `raw`; `trusted` (as written) has to be that key where it is given.
   Throws SealedError: `code` · wrong-house-key. */
export async function houseKey(raw, sig, trusted, code) {
  const given = fields(strict(sig, code), { key: "text", sig: "text" }, code, "signature");
  const key = await verifierKey(given.key, code);
  if (trusted && trusted.trim() !== given.key) throw new SealedError("wrong-house-key", `signed with ${given.key}`);
  if (!(await signed(key.public, unb64(given.sig, 64, code), raw))) throw new SealedError(code, "the signature does not fit");
  return key;
}

