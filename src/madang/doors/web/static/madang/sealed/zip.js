/* Reads poll.zip in the browser: exactly the files a poll publishes, each once, plain or deflated; nothing else is looked at. */

import { SealedError, text } from "./bytes.js";

export const FILES = ["poll.json", "poll.sig", "seal.json", "issued.json", "desk.json", "result.json", "checkpoints.txt", "paper.jsonl",
  "board.jsonl", "closing.json", "closing.sig"];
const SMALL = 16_000_000;
const LARGE = 1_000_000_000; // what a browser tab can hold; beyond it `madang audit` reads line by line
const no = (code, words) => { throw new SealedError(code, words); };

/* Map(name → bytes) of a zip. Throws SealedError: bad-zip · missing-file · unknown-file · duplicate-file · too-large. */
export async function readZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50 || view.getUint16(end + 20, true)) no("bad-zip", "no zip, cut off, or something stands behind it");
  const many = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (many > 100) no("bad-zip", "more names than a poll has");
  const entries = [];
  for (let place = 0; place < many; place += 1) {
    const entry = entryAt(view, bytes, at, end);
    if (!FILES.includes(entry.name)) no("unknown-file", entry.name.slice(0, 120));
    if (entries.some(({ name }) => name === entry.name)) no("duplicate-file", entry.name);
    entries.push(entry);
    at = entry.next;
  }
  const missing = FILES.filter((name) => !entries.some((entry) => entry.name === name));
  if (missing.length) no("missing-file", missing.join(", "));
  const found = new Map();
  for (const entry of entries) found.set(entry.name, await unpacked(view, bytes, entry));
  return found;
}

function entryAt(view, bytes, at, end) {
  if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) no("bad-zip", "the directory is damaged");
  const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
  const next = at + 46 + name + extra + comment;
  if (next > end || view.getUint16(at + 8, true) & 1) no("bad-zip", "the directory is damaged");
  return {
    name: text(bytes.subarray(at + 46, at + 46 + name), "bad-zip"), how: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), start: view.getUint32(at + 42, true), next,
  };
}

async function unpacked(view, bytes, { name, how, crc, packed, size, start }) {
  if (![0, 8].includes(how) || start + 30 > bytes.length || view.getUint32(start, true) !== 0x04034b50) no("bad-zip", name);
  if (size > (name.endsWith(".jsonl") ? LARGE : SMALL)) no("too-large", name);
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  if (from + packed > bytes.length) no("bad-zip", name);
  const raw = bytes.subarray(from, from + packed);
  const whole = how ? await inflated(raw, size, name) : raw;
  if (whole.length !== size || crcOf(whole) !== crc) no("bad-zip", name);
  return whole;
}

async function inflated(raw, size, name) {
  const whole = new Uint8Array(size);
  let at = 0;
  try {
    const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (at + piece.value.length > size) no("bad-zip", name);
      whole.set(piece.value, at);
      at += piece.value.length;
    }
  } catch {
    no("bad-zip", name);
  }
  return whole.subarray(0, at);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crcOf(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
