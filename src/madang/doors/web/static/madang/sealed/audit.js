/* Checks and recounts a whole poll from its poll.zip, in the browser: the same steps and the same words for faults as `madang audit`.
   1. Nothing is asked of any server. The first fault is named with file and line; the rest is not judged.
   2. A ballot that does not open is no fault: it is void and counted so.
   3. The recount is exact or says that this page cannot make it; then `counted` is false and `ok` speaks of all the rest. */

import { SealedError, b64, fields, order, same, sha256, strict, text, unb64 } from "./bytes.js";
import { checkBallot, checkSealed, codeOf, leafOf, readCode, readHeader, sealInfo } from "./ballot.js";
import { Tree, readNote } from "./board.js";
import { houseKey, readPoll } from "./poll.js";
import { keyPair, opened } from "./seal.js";
import { FILES, readZip } from "./zip.js";
import { Unable } from "../recount/election.js";
import { recountedMarks } from "../recount/marks.js";

const POSTED = /^\{"header":"([\w-]+)",(?:"sealed":"([\w-]+)",)?"sig":"([\w-]{86})"\}$/;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const DESK = { desk: "text", class: "text", handed: "whole", spoiled: "whole", unreturned: "whole", counted: "whole", difference: "whole" };
const COUNTS = ["handed", "spoiled", "unreturned", "counted"];

class Found extends Error {
  constructor(code, file = "", line = 0, detail = "") {
    super(code);
    this.fault = { code, file, line, detail };
  }
}

async function within(file, line, work) {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof SealedError)) throw fault;
    throw new Found(fault.code, file, line, fault.message);
  }
}

/* {ok, fault, poll, steps: [{step, …figures}], classes, turnout, …} of the bytes of a poll.zip. `told(step, figures)` hears each step
   that holds, and ("ballot", {done, of}) on the way. `key`: the house's key as the city publishes it; `receipt`: a voter's code. */
export async function audit(bytes, { key = "", receipt = "", told = () => {} } = {}) {
  const report = { ok: false, fault: null, counted: true, ballots: 0, superseded: 0, trusted: Boolean(key), classes: {}, receipt: null };
  const wanted = receipt ? readCode(receipt) : "";
  try {
    const files = await within("", 0, () => readZip(bytes));
    const poll = await house(files, key, report, told);
    const own = await seal(files, poll, told);
    issued(files, poll, report, told);
    const votes = await board(files, poll, own, wanted, report, told);
    rights(report, told);
    paper(files, poll, votes, report, told);
    await result(files, poll, votes, report, told);
    await closed(files, poll, told);
    report.ok = true;
  } catch (fault) {
    if (!(fault instanceof Found)) throw fault;
    report.fault = fault.fault;
  }
  return report;
}

async function house(files, key, report, told) {
  const poll = await within("poll.json", 0, () => readPoll(files.get("poll.json")));
  const signer = await within("poll.sig", 0, () => houseKey(poll.raw, files.get("poll.sig"), key, "bad-poll-signature"));
  await within("closing.json", 0, () => houseKey(files.get("closing.json"), files.get("closing.sig"), signer.written, "bad-closing"));
  poll.house = signer.written;
  Object.assign(report, { poll: poll.slug, house: signer.written, digest: b64(poll.digest) });
  for (const [name, one] of poll.classes) {
    report.classes[name] = { roll: one.roll, issued: Object.fromEntries(one.issuers.map((issuer) => [issuer.name, 0])), sealed: 0, paper: 0 };
  }
  told("house", { key: signer.written });
  return poll;
}

/* Every file is the one the house signed at closing. */
async function closed(files, poll, told) {
  const given = await within("closing.json", 0, () => {
    const said = fields(strict(files.get("closing.json"), "bad-closing"), { format: "text", poll: "text", files: "object" }, "bad-closing");
    if (said.format !== "madang-closing@1" || said.poll !== b64(poll.digest)) throw new SealedError("bad-closing", "of another poll");
    return fields(said.files, Object.fromEntries(FILES.slice(0, -2).map((name) => [name, "text"])), "bad-closing");
  });
  for (const name of FILES.slice(0, -2)) if (given[name] !== b64(await sha256(files.get(name)))) throw new Found("altered-file", name);
  told("closed", {});
}

async function seal(files, poll, told) {
  const own = await within("seal.json", 0, async () => {
    const made = await keyPair(unb64(fields(strict(files.get("seal.json")), { seed: "text" }).seed, null, "bad-seed"));
    if (!same(made.public, poll.seal)) throw new SealedError("wrong-seal-key", "not the key all ballots were sealed for");
    return made;
  });
  told("seal", {});
  return own;
}

const whole = (files, name, code) => {
  try {
    const rows = strict(files.get(name), code);
    if (!Array.isArray(rows)) throw new SealedError(code, "a list is expected");
    return rows;
  } catch (fault) {
    throw fault instanceof SealedError ? new Found(fault.code, name, 0, fault.message) : fault;
  }
};

const row = (file, at, value, names, code) => {
  try {
    return fields(value, names, code);
  } catch (fault) {
    throw fault instanceof SealedError ? new Found(fault.code, file, at, fault.message) : fault;
  }
};

function issued(files, poll, report, told) {
  const seen = new Set();
  for (const one of whole(files, "issued.json", "bad-issued")) {
    const { class: group, issuer, day, issued: many } = row("issued.json", 0, one, { class: "text", issuer: "text", day: "text", issued: "whole" }, "bad-issued");
    const tally = report.classes[group];
    const line = [group, issuer, day].join("\0");
    if (!tally || !(issuer in tally.issued) || !DAY.test(day) || many < 0 || seen.has(line)) throw new Found("bad-issued", "issued.json");
    seen.add(line);
    tally.issued[issuer] += many;
  }
  for (const [group, { roll, issued: by }] of Object.entries(report.classes)) {
    for (const [name, many] of Object.entries(by)) if (many > roll) throw new Found("more-rights-than-roll", "issued.json", 0, `${group}, ${name}: ${many} > ${roll}`);
  }
  told("issued", {});
}

const linesOf = (files, name) => {
  let said;
  try {
    said = text(files.get(name));
  } catch {
    throw new Found("malformed", name);
  }
  const lines = said.split("\n");
  if (lines.pop()) throw new Found("bad-line", name);
  return lines;
};

async function notesOf(files, poll) {
  const said = `${linesOf(files, "checkpoints.txt").join("\n")}\n`;
  const notes = said.split(/(?<=\n)\n(?!— )/); // a note has an empty line of its own, before its signatures
  const found = [];
  for (const [place, body] of notes.entries()) {
    const note = await within("checkpoints.txt", 0, () => readNote(poll, body));
    if (place && note.size <= found[place - 1].size) throw new Found("checkpoints-disordered", "checkpoints.txt", 0, `${note.size}`);
    if (place && found[place - 1].size - (found[place - 2]?.size ?? 0) < poll.batch) throw new Found("small-batch", "checkpoints.txt", 0, `${found[place - 1].size}`);
    found.push(note);
  }
  if (!found.length) throw new Found("bad-checkpoint", "checkpoints.txt");
  return found;
}

async function board(files, poll, own, wanted, report, told) {
  const lines = linesOf(files, "board.jsonl");
  const notes = await notesOf(files, poll);
  const last = notes.at(-1);
  const tree = new Tree();
  const turns = new Map();
  const votes = new Map();
  let before = null;
  let next = 0;
  for (const [place, line] of lines.entries()) {
    const at = place + 1;
    const { header, sig, sealed, leaf } = await within("board.jsonl", at, () => ballot(poll, line));
    const marks = sealed && (await opened(own, sealed, sealInfo(poll.digest, header.classKey, header.pk, header.seq)));
    if (notes[next] && tree.size === notes[next].size) [next, before] = [next + 1, null];
    const differs = (code) => { throw new Found(lines.length === last.size ? code : lines.length > last.size ? "ballot-added" : "ballot-dropped", "board.jsonl", at, `${lines.length} / ${last.size}`); };
    if (!notes[next]) differs("ballot-replaced");
    if (before && order(before, leaf) >= 0) differs("ballots-reordered");
    before = leaf;
    await tree.add(leaf);
    if (tree.size === notes[next].size && !same(await tree.root(), notes[next].root)) differs("ballot-replaced");
    counted(report, votes, header.classKey, sealed ? marks : null);
    turn(turns, header, Boolean(sealed), at);
    if (wanted && codeOf(leaf) === wanted) report.receipt = { code: wanted, line: at, counted: Boolean(sealed), marks: sealed ? marks : null };
    if (at % 20 === 0) told("ballot", { done: at, of: lines.length });
  }
  if (tree.size !== last.size) throw new Found("ballot-dropped", "board.jsonl", lines.length, `${lines.length} / ${last.size}`);
  if (!last.size && !same(last.root, await tree.root())) throw new Found("ballot-replaced", "board.jsonl");
  const absent = poll.witnesses.filter(({ name }) => !last.cosigned.includes(name)).map(({ name }) => name);
  if (absent.length && absent.length * 2 >= poll.witnesses.length) throw new Found("too-few-cosignatures", "checkpoints.txt", 0, absent.join(", "));
  once(turns);
  Object.assign(report, { ballots: lines.length, checkpoints: notes.length, cosigned: last.cosigned, absent, root: last.root });
  if (wanted && !report.receipt) throw new Found("receipt-missing", "board.jsonl", 0, wanted);
  told("board", { ballots: lines.length, superseded: report.superseded, notes: notes.length, witnesses: last.cosigned.join(", ") });
  return votes;
}

async function ballot(poll, line) {
  const parts = POSTED.exec(line);
  if (!parts) throw new SealedError("malformed", "not a line of the board");
  const [raw, sig, sealed] = [unb64(parts[1]), unb64(parts[3], 64), parts[2] === undefined ? null : unb64(parts[2])];
  const header = readHeader(poll, raw);
  await checkBallot(poll, header, sig);
  if (sealed) await checkSealed(poll, header, sealed);
  return { header, sig, sealed, leaf: await leafOf(raw, sig) };
}

function counted(report, votes, group, marks) {
  if (marks === null) {
    report.superseded += 1;
    return;
  }
  report.classes[group].sealed += 1;
  add(votes, group, marks);
}

function add(votes, group, marks) {
  const name = `${group}\0${marks}`;
  votes.set(name, (votes.get(name) ?? 0) + 1);
}

function turn(turns, { pk, classKey, seq }, opens, line) {
  const name = `${classKey}\0${b64(pk)}`;
  turns.set(name, [...(turns.get(name) ?? []), { seq, opens, line }]);
}

/* Of one key exactly the highest turn is opened, and no turn stands twice. */
function once(turns) {
  for (const all of turns.values()) {
    all.sort((a, b) => a.seq - b.seq);
    all.forEach((one, at) => {
      const after = all[at + 1];
      if (after && after.seq === one.seq) throw new Found("same-turn-twice", "board.jsonl", after.line);
      if (after && one.opens) throw new Found("superseded-counted", "board.jsonl", one.line);
      if (!after && !one.opens) throw new Found("sealed-missing", "board.jsonl", one.line);
    });
  }
}

function rights(report, told) {
  for (const [group, { sealed, issued: by }] of Object.entries(report.classes)) {
    for (const [name, many] of Object.entries(by)) if (sealed > many) throw new Found("more-ballots-than-rights", "issued.json", 0, `${group}, ${name}: ${sealed} > ${many}`);
  }
  told("rights", {});
}

function paper(files, poll, votes, report, told) {
  const typed = new Map();
  const serials = new Set();
  linesOf(files, "paper.jsonl").forEach((line, place) => {
    const at = place + 1;
    let value;
    try {
      value = strict(new TextEncoder().encode(line), "bad-row");
    } catch (fault) {
      throw new Found(fault.code ?? "bad-row", "paper.jsonl", at, fault.message);
    }
    const { desk, serial, class: group, marks } = row("paper.jsonl", at, value, { desk: "text", serial: "text", class: "text", marks: "text" }, "bad-row");
    if (!report.classes[group]) throw new Found("unknown-class", "paper.jsonl", at, group.slice(0, 80));
    if (serials.has(serial)) throw new Found("serial-twice", "paper.jsonl", at, serial.slice(0, 80));
    serials.add(serial);
    typed.set(`${desk} ${group}`, (typed.get(`${desk} ${group}`) ?? 0) + 1);
    report.classes[group].paper += 1;
    add(votes, group, marks);
  });
  const seen = new Set();
  for (const one of whole(files, "desk.json", "bad-desk")) {
    const sheet = row("desk.json", 0, one, DESK, "bad-desk");
    const name = `${sheet.desk} ${sheet.class}`;
    if (seen.has(name) || !report.classes[sheet.class] || COUNTS.some((word) => sheet[word] < 0)) throw new Found("bad-desk", "desk.json");
    seen.add(name);
    if (sheet.counted + sheet.difference !== sheet.handed - sheet.spoiled - sheet.unreturned || sheet.counted !== (typed.get(name) ?? 0)) throw new Found("desk-sum", "desk.json", 0, name);
  }
  for (const name of typed.keys()) if (!seen.has(name)) throw new Found("desk-sum", "desk.json", 0, name);
  for (const [group, tally] of Object.entries(report.classes)) {
    for (const [name, many] of Object.entries(tally.issued)) {
      if (many + tally.paper > tally.roll) throw new Found("more-rights-than-roll", "desk.json", 0, `${group}, ${name}: ${many} + ${tally.paper} > ${tally.roll}`);
    }
  }
  told("paper", { sheets: seen.size, papers: serials.size });
}

const cell = (said) => `"${said.replaceAll('"', '""')}"`;

async function result(files, poll, votes, report, told) {
  const published = await within("result.json", 0, () => strict(files.get("result.json")));
  const source = ["class,marks", ...[...votes].flatMap(([name, many]) => Array(many).fill(name.split("\0").map(cell).join(",")))].join("\n");
  report.result = published;
  report.turnout = [...votes.values()].reduce((sum, many) => sum + many, 0);
  try {
    const again = await recountedMarks(`${source}\n`, poll.printed, published);
    const valid = report.turnout - Object.values(again.ours.void).reduce((sum, many) => sum + many, 0);
    if (published.valid !== valid) throw new Found("wrong-result", "result.json", 0, `valid: ${valid} ≠ ${published.valid}`);
    if (!again.same) throw new Found("wrong-result", "result.json", 0, again.lines.filter(({ ok }) => !ok).map(({ ko, en }) => `${ko} / ${en}`).join(" "));
    told("result", { turnout: report.turnout, winners: published.winners.join(", ") });
  } catch (fault) {
    if (!(fault instanceof Unable)) throw fault;
    report.counted = false;
    told("uncounted", { counting: poll.printed.rule.counting });
  }
}
