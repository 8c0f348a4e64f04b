/* A receipt's code as a QR symbol, drawn in the browser so that no server sees it (ISO/IEC 18004, version 1, level M, mask 0).
   At most 20 characters of 0–9 A–Z and " $%*+-./:" fit; a receipt has 14. */

import { SealedError } from "./bytes.js";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const SIZE = 21;
const DATA = 16; // codewords; ten more correct errors
const GENERATOR = [216, 194, 159, 111, 199, 94, 95, 113, 157, 193];
const FORMAT = 0x5412; // level M, mask 0
const PAIRS = [20, 18, 16, 14, 12, 10, 8, 5, 3, 1]; // the right column of each pair; column 6 is the timing's

function times(a, b) {
  let found = 0;
  for (let bit = 7; bit >= 0; bit -= 1) found = (found << 1) ^ ((found >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
  return found;
}

/* The 26 codewords of a text: mode, length, pairs of characters, filling, and what corrects errors (Reed–Solomon). */
function codewords(text) {
  const values = [...text].map((letter) => LETTERS.indexOf(letter));
  if (values.includes(-1) || values.length > 20) throw new SealedError("bad-code", "does not fit into this QR symbol");
  let bits = `0010${values.length.toString(2).padStart(9, "0")}`;
  for (let at = 0; at < values.length; at += 2) {
    const two = at + 1 < values.length;
    bits += (two ? values[at] * 45 + values[at + 1] : values[at]).toString(2).padStart(two ? 11 : 6, "0");
  }
  bits = bits.padEnd(Math.min(bits.length + 4, DATA * 8), "0");
  const words = bits.match(/.{1,8}/g).map((eight) => parseInt(eight.padEnd(8, "0"), 2));
  for (let fill = 0; words.length < DATA; fill += 1) words.push(fill % 2 ? 17 : 236);
  const rest = words.reduce((left, word) => {
    const factor = word ^ left[0];
    return [...left.slice(1), 0].map((part, at) => part ^ times(GENERATOR[at], factor));
  }, Array(10).fill(0));
  return [...words, ...rest];
}

/* What every symbol of this version, level and mask has; null where codewords go. */
function frame() {
  const rows = Array.from({ length: SIZE }, () => Array(SIZE).fill(null));
  for (const [top, left] of [[0, 0], [0, 14], [14, 0]]) {
    for (let r = -1; r < 8; r += 1) {
      for (let c = -1; c < 8; c += 1) {
        const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
        if (rows[top + r]?.[left + c] !== undefined) rows[top + r][left + c] = ring === 2 || ring === 4 ? 0 : 1;
      }
    }
  }
  for (let at = 8; at < 13; at += 1) rows[6][at] = rows[at][6] = 1 - (at % 2);
  for (let at = 0; at < 15; at += 1) {
    const bit = (FORMAT >> at) & 1;
    if (at < 8) [rows[at < 6 ? at : at + 1][8], rows[8][SIZE - 1 - at]] = [bit, bit];
    else [rows[8][at === 8 ? 7 : 14 - at], rows[SIZE - 15 + at][8]] = [bit, bit];
  }
  rows[SIZE - 8][8] = 1;
  return rows;
}

/* The symbol as 21 rows of 0 and 1. Throws SealedError("bad-code"). */
export function qr(text) {
  const bits = codewords(text).flatMap((word) => [...word.toString(2).padStart(8, "0")].map(Number));
  const rows = frame();
  let at = 0;
  PAIRS.forEach((right, turn) => {
    for (let step = 0; step < SIZE; step += 1) {
      const r = turn % 2 ? step : SIZE - 1 - step;
      for (const c of [right, right - 1]) {
        if (rows[r][c] !== null) continue;
        rows[r][c] = bits[at] ^ ((r + c) % 2 ? 0 : 1);
        at += 1;
      }
    }
  });
  return rows;
}

/* The symbol as an SVG element with a quiet zone, saying `words` to who does not see it. */
export function drawn(text, words) {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  const dark = qr(text).flatMap((row, r) => row.flatMap((on, c) => (on ? [`M${c + 4} ${r + 4}h1v1h-1z`] : [])));
  path.setAttribute("d", dark.join(""));
  svg.setAttribute("viewBox", `0 0 ${SIZE + 8} ${SIZE + 8}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words);
  svg.setAttribute("class", "sealed-qr");
  svg.append(path);
  return svg;
}
