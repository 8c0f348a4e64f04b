/* The page of the board: is this ballot there? Found and proved in the browser, from what the box shows to everybody. */

import { SealedError, b64, unb64, utf8 } from "./bytes.js";
import { codeOf, readCode } from "./ballot.js";
import { included, readNote } from "./board.js";
import { kept } from "./device.js";
import { readPoll } from "./poll.js";

const $ = (id) => document.getElementById(id);
const set = JSON.parse($("sealed-page").textContent);
const PIECE = 10_000;
const fill = (words, given) => words.replace(/%(\w+)/g, (whole, name) => given[name] ?? whole);

async function get(path, text = false) {
  const answer = await fetch(`${set.box}/${path}`, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: AbortSignal.timeout(20_000) });
  const said = text && answer.ok ? await answer.text() : await answer.json();
  if (!answer.ok) throw new SealedError(said.refused);
  return said;
}

/* The leaf of a code among those on the board; null where it is not there. */
async function leafOf(code, poll) {
  const { on_board: size } = await get(`${poll.slug}/status`);
  for (let from = 0; from < size; ) {
    const lines = (await get(`${poll.slug}/leaves?from=${from}&to=${Math.min(size, from + PIECE)}`, true)).split("\n").filter(Boolean);
    if (!lines.length) return null;
    const found = lines.map((line) => unb64(line, 32)).find((leaf) => codeOf(leaf) === code);
    if (found) return found;
    from += lines.length;
  }
  return null;
}

async function look(leaf, poll) {
  if (!leaf) return set.words["not-there"];
  try {
    const { index, size, path, checkpoint } = await get(`${poll.slug}/proof?leaf=${b64(leaf)}`);
    const note = await readNote(poll, checkpoint);
    const there = note.size === size && (await included(leaf, index, size, path.map((part) => unb64(part, 32)), note.root));
    if (!there) return set.words["false-board"];
    return fill(set.words.there, { index: index + 1, size, witnesses: note.cosigned.join(", ") || "–" });
  } catch (fault) {
    if (fault.code === "not-on-board") return set.words["not-yet"];
    if (fault instanceof SealedError) return set.words["false-board"];
    return set.words.unreachable;
  }
}

async function begin() {
  const poll = await readPoll(utf8(set.poll));
  const answer = async (find) => {
    $("found").textContent = set.words.looking;
    try {
      $("found").textContent = await look(await find(), poll);
    } catch (fault) {
      $("found").textContent = fault.code === "bad-code" ? set.words["bad-code"] : set.words.unreachable;
    }
  };
  $("look").addEventListener("submit", (event) => {
    event.preventDefault();
    answer(async () => {
      const code = readCode($("code").value);
      const mine = (await kept(poll).catch(() => null))?.receipts.find((one) => one.code === code);
      return mine ? unb64(mine.leaf, 32) : leafOf(code, poll);
    });
  });
  if (location.hash.length === 44) {
    const leaf = unb64(location.hash.slice(1), 32);
    $("code").value = codeOf(leaf);
    answer(async () => leaf);
  }
}

begin();
