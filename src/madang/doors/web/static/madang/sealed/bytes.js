/* Bytes and texts of sealed ballots, as `madang.methods.sealed.writing` has them.
   1. base64url without padding; loose bits, padding and other letters are refused: one meaning, one text.
   2. JSON is canonical: keys sorted by code point, no spaces, whole numbers only. Whatever reads differently is refused. */

/* What does not hold: `code` is the same word as in the house's own audit. */
export class SealedError extends Error {
  constructor(code, words = "") {
    super(words || code);
    this.code = code;
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text) => encoder.encode(text);

/* The text of UTF-8 bytes. Throws SealedError(code). */
export function text(bytes, code = "malformed") {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new SealedError(code, "not UTF-8");
  }
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/* Below 0, 0 or above 0 as `one` stands before, with or after `other`. */
export function order(one, other) {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const number = (bytes) => (bytes.length ? BigInt(`0x${hex(bytes)}`) : 0n);
export const fixed = (value, size) => unhex(value.toString(16).padStart(size * 2, "0"));

/* A whole number up to 2^53−1 as eight bytes, the big end first. */
export const eight = (value) => fixed(BigInt(value), 8);

export function b64(bytes) {
  let written = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const many = Math.min(4, bytes.length - at + 1);
    for (let place = 0; place < many; place += 1) written += LETTERS[(three >> (18 - 6 * place)) & 63];
  }
  return written;
}

const VALUES = new Map([...LETTERS].map((letter, value) => [letter, value]));

/* The bytes of a base64url text. Throws SealedError(code). */
export function unb64(written, size = null, code = "malformed") {
  if (typeof written !== "string" || written.length % 4 === 1) throw new SealedError(code, "base64url without padding is expected");
  const bytes = new Uint8Array(Math.floor((written.length * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of written) {
    const value = VALUES.get(letter);
    if (value === undefined) throw new SealedError(code, "base64url without padding is expected");
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  if (held & ((1 << bits) - 1)) throw new SealedError(code, "base64url with loose bits");
  if (size !== null && bytes.length !== size) throw new SealedError(code, `${size} bytes are expected, not ${bytes.length}`);
  return bytes;
}

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const sha384 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));

const byPoint = (one, other) => order(utf8(one), utf8(other)); // UTF-8 sorts as code points do

/* The canonical text of a value. Throws SealedError for what has none. */
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") return `{${Object.keys(value).sort(byPoint).map((key) => `${quoted(key)}:${canonical(value[key])}`).join(",")}}`;
  throw new SealedError("malformed", `${typeof value} has no canonical text`);
}

/* As Python writes a text with ensure_ascii off: JSON.stringify, but for the lone surrogates it would escape. */
function quoted(words) {
  if (!(words.isWellFormed?.() ?? true)) throw new SealedError("malformed", "a lone surrogate is not text");
  return JSON.stringify(words.normalize("NFC"));
}

export const written = (value) => utf8(canonical(value));

/* The value of canonical bytes; anything else is refused: a key twice, a float, a space. Throws SealedError(code). */
export function strict(bytes, code = "malformed") {
  let value;
  try {
    value = JSON.parse(text(bytes, code));
  } catch (fault) {
    throw fault instanceof SealedError ? fault : new SealedError(code, "not JSON");
  }
  let again;
  try {
    again = written(value);
  } catch (fault) {
    throw new SealedError(code, fault.message);
  }
  if (!same(again, bytes)) throw new SealedError(code, "not in canonical form: sorted keys, no spaces, one line");
  return value;
}

/* `value` as an object of exactly these fields, each of its type: text, whole, yes, list, object or any. Throws SealedError(code). */
export function fields(value, names, code = "malformed", where = "$") {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new SealedError(code, `${where}: an object is expected`);
  const given = Object.keys(value);
  const unlike = [...given.filter((name) => !(name in names)), ...Object.keys(names).filter((name) => !given.includes(name))];
  if (unlike.length) throw new SealedError(code, `${where}: missing or unknown: ${unlike.join(", ").slice(0, 200)}`);
  for (const [name, kind] of Object.entries(names)) {
    if (!KINDS[kind](value[name])) throw new SealedError(code, `${where}.${name}: ${kind} is expected`);
  }
  return value;
}

const KINDS = {
  text: (value) => typeof value === "string",
  whole: (value) => Number.isSafeInteger(value),
  yes: (value) => typeof value === "boolean",
  list: Array.isArray,
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
  any: () => true,
};
