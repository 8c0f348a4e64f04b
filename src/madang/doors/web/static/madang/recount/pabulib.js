/* Reads a Pabulib file (.pb, https://pabulib.org/format) into projects and groups of equal ballots.
   1. A file is read whole or refused with line and column; nothing is guessed.
   2. Projects stand sorted by id (as text); the picks of a group ascending, each once; a pick worth 0 points is no pick.
   3. The same faults are refused as by `madang budgeting`; small ones are not tolerated here either. */

import { lcm, ratio, read as amount } from "./fractions.js";

const TYPES = ["approval", "choose-1", "cumulative", "scoring", "ordinal"];
const WORDS = {
  empty: ["빈 파일입니다", "the file is empty"],
  encoding: ["UTF-8 글이 아닙니다", "not UTF-8 text"],
  nul: ["글이 아닌 바이트(0)가 있습니다", "a NUL byte: not a text file"],
  quote: ["닫히지 않은 따옴표입니다", "a quote that is never closed"],
  "no-meta": ["META로 시작하지 않습니다. Pabulib 파일이 아닙니다", "does not begin with META: not a Pabulib file"],
  "cut-off": ["파일이 끝났는데 없는 부분이 있습니다", "the file ends before the section"],
  section: ["이 자리에 올 수 없는 부분입니다", "a section that cannot stand here"],
  header: ["없어서는 안 될 열이 없습니다", "a column is missing"],
  "column-twice": ["같은 열이 두 번 있습니다", "a column stands twice"],
  cells: ["칸의 수가 머리줄과 다릅니다", "not as many cells as the header"],
  "key-twice": ["같은 항목이 두 번 있습니다", "a key stands twice"],
  "no-key": ["없어서는 안 될 항목이 없습니다", "a key is missing"],
  number: ["수가 아닙니다", "not a number"],
  negative: ["0보다 작을 수 없습니다", "may not be below 0"],
  "vote-type": ["모르는 투표 방식입니다", "unknown vote type"],
  "no-id": ["번호(id)가 비어 있거나 쉼표가 있습니다", "an empty id, or one with a comma"],
  "project-twice": ["같은 사업이 두 번 있습니다", "a project stands twice"],
  "voter-twice": ["같은 투표자가 두 번 있습니다", "a voter stands twice"],
  "unknown-project": ["목록에 없는 사업에 준 표입니다", "a vote for a project that is not on the list"],
  points: ["점수의 수가 고른 사업의 수와 다릅니다", "not as many points as projects picked"],
  large: ["점수가 너무 큽니다", "points too large"],
  "choose-1": ["하나만 고르는 투표에 둘 이상을 골랐습니다", "more than one project in a choose-1 ballot"],
  "num-votes": ["num_votes와 실제 표의 수가 다릅니다", "num_votes is not the number of ballots"],
  "num-projects": ["num_projects와 실제 사업의 수가 다릅니다", "num_projects is not the number of projects"],
};

/* A fault in the file: `code`, `line` and `column` from 1, said in Korean and in English. */
export class Fault extends Error {
  constructor(code, line, column = 1, detail = "") {
    const [ko, en] = WORDS[code];
    const more = detail ? ` (${detail})` : "";
    super(`${line}:${column}: ${ko}${more} / ${en}`);
    Object.assign(this, { code, line, column, detail });
  }
}

/* The text of a file's bytes. Throws Fault for what is not UTF-8. */
export const decoded = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault("encoding", 1);
  }
};

/* Compares as text by code points ("10" before "9"), as every count of this house does. */
export const byText = (a, b) => {
  const left = Array.from(a, (letter) => letter.codePointAt(0));
  const right = Array.from(b, (letter) => letter.codePointAt(0));
  const at = left.findIndex((code, place) => code !== right[place]);
  return at < 0 ? left.length - right.length : at >= right.length ? 1 : left[at] - right[at];
};

function quoted(text, start, line) {
  const cells = [];
  let place = start;
  for (;;) {
    let cell = "";
    if (text[place] === '"') {
      let at = place + 1;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end < 0) throw new Fault("quote", line + text.slice(start, place).split("\n").length - 1, place - text.lastIndexOf("\n", place - 1));
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
      place = at;
    }
    const stop = [text.indexOf(";", place), text.indexOf("\n", place)].filter((one) => one >= 0);
    const end = stop.length ? Math.min(...stop) : text.length;
    cells.push(cell + text.slice(place, end));
    place = end;
    if (place >= text.length || text[place] === "\n") return [cells, place];
    place += 1;
  }
}

/* The rows of a text, each {line, cells}; blank ones left out. */
function* rows(text) {
  let line = 1;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const raw = text.slice(start, end);
    if (raw.includes('"')) {
      const [cells, after] = quoted(text, start, line);
      yield { line, cells };
      line += text.slice(start, after).split("\n").length - 1;
      end = after;
    } else if (raw.trim()) {
      yield { line, cells: raw.split(";") };
    }
    start = end + 1;
    line += 1;
  }
}

const width = (cell) => (/[;"\n]/.test(cell) ? cell.length + 2 + cell.split('"').length - 1 : cell.length);
const column = (cells, cell) => cells.slice(0, cell).reduce((sum, one) => sum + width(one) + 1, 1);
const title = (row) => (row.cells.slice(1).some(Boolean) ? "" : row.cells[0].trim().toUpperCase());

function money(said, line, at) {
  const found = /^-?[0-9]{1,30}(\.[0-9]{1,12})?$/.test(said.trim()) ? amount(said) : null;
  if (!found) throw new Fault("number", line, at, said.trim().slice(0, 40));
  if (said.trim().startsWith("-")) throw new Fault("negative", line, at, said.trim());
  return found;
}

function names(row, needed) {
  const found = row.cells.map((name) => name.trim().toLowerCase());
  while (found.length && !found.at(-1)) found.pop();
  const missing = needed.filter((name) => !found.includes(name));
  if (missing.length) throw new Fault("header", row.line, 1, missing.join(", "));
  found.forEach((name, place) => {
    if (found.indexOf(name) < place) throw new Fault("column-twice", row.line, column(row.cells, place), name);
  });
  return found;
}

function even(row, many) {
  const cells = row.cells.length > many && !row.cells.slice(many).some(Boolean) ? row.cells.slice(0, many) : row.cells;
  if (cells.length !== many) throw new Fault("cells", row.line, column(cells, Math.min(cells.length, many)), `${cells.length} ≠ ${many}`);
  return cells;
}

function header(walk) {
  const meta = new Map();
  const lines = new Map();
  let last = 1;
  for (let step = walk.next(); !step.done; step = walk.next()) {
    const row = step.value;
    last = row.line;
    if (title(row) === "PROJECTS") return { meta, lines, last };
    const key = row.cells[0].trim();
    if (!lines.size && key === "key" && row.cells[1] === "value") {
      lines.set("key", last);
      continue;
    }
    if (title(row) === "VOTES") throw new Fault("section", last, 1, "VOTES");
    if (meta.has(key)) throw new Fault("key-twice", last, 1, key);
    meta.set(key, row.cells.length === 2 ? row.cells[1] : row.cells.slice(1).join(";").replace(/;+$/, ""));
    lines.set(key, last);
  }
  throw new Fault("cut-off", last, 1, "PROJECTS");
}

const list = (cell = "") => cell.split(",").map((one) => one.trim()).filter(Boolean);

function listed(walk, last) {
  const head = walk.next();
  if (head.done) throw new Fault("cut-off", last, 1, "VOTES");
  const columns = names(head.value, ["project_id", "cost"]);
  const at = new Map(columns.map((name, place) => [name, place]));
  const found = new Map();
  for (let step = walk.next(); !step.done; step = walk.next()) {
    const row = step.value;
    if (title(row) === "VOTES") return { projects: [...found.values()], line: row.line };
    const cells = even(row, columns.length);
    const cell = (name) => cells[at.get(name)] ?? "";
    const id = cell("project_id").trim();
    if (!id || id.includes(",")) throw new Fault("no-id", row.line, column(cells, at.get("project_id")), id);
    if (found.has(id)) throw new Fault("project-twice", row.line, column(cells, at.get("project_id")), id);
    found.set(id, {
      id, cost: money(cell("cost"), row.line, column(cells, at.get("cost"))), name: cell("name"), selected: cell("selected").trim(),
      columns: { category: list(cell("category")), target: list(cell("target") || cell("beneficiaries")), ...Object.fromEntries(
        ["district", "neighborhood", "subunit"].map((name) => [name, list(cell(name))])) },
    });
    last = row.line;
  }
  throw new Fault("cut-off", last, 1, "VOTES");
}

function pointsOf(said, row, place) {
  return (said ? said.split(",") : []).map((one) => {
    const plain = one.trim();
    const found = plain.length <= 24 && /^-?[0-9]{1,30}(\.[0-9]{1,12})?$/.test(plain) ? amount(plain) : null;
    if (!found) throw new Fault("number", row.line, column(row.cells, place), plain.slice(0, 40));
    if (plain.startsWith("-")) throw new Fault("negative", row.line, column(row.cells, place), plain);
    return found;
  });
}

/* One ballot: [[project, points or null], …] in its own order, each project once. */
function ballot(row, cells, at, index, kind) {
  const vote = cells[at.vote];
  const picks = (vote ? vote.split(",") : []).map((name) => {
    const place = index.get(name) ?? index.get(name.trim());
    if (place === undefined) throw new Fault("unknown-project", row.line, column(cells, at.vote), name.trim().slice(0, 40));
    return place;
  });
  const points = at.points === undefined ? null : pointsOf(cells[at.points], row, at.points);
  if (points && points.length !== picks.length) throw new Fault("points", row.line, column(cells, at.points), `${points.length} ≠ ${picks.length}`);
  const total = new Map();
  picks.forEach((pick, number) => {
    const before = total.get(pick);
    const here = points ? points[number] : null;
    total.set(pick, before && here ? ratio(before[0] * here[1] + here[0] * before[1], before[1] * here[1]) : here);
  });
  if (kind === "choose-1" && total.size > 1) throw new Fault("choose-1", row.line, column(cells, at.vote), vote.slice(0, 60));
  return [...total];
}

/* Read a file's text.

   {meta: Map, projects: [{id, cost, name, selected, columns}], budget, kind, voters: Float64Array[G], starts: Int32Array[G+1],
    picks: Int32Array[M], points: Float64Array[M] over `scale`, places: Int32Array[M] (0 named first), pointed, ballots}
   Throws Fault. O(characters). */
export function read(source) {
  const text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  if (!text.trim()) throw new Fault("empty", 1);
  if (text.includes("\0")) throw new Fault("nul", 1);
  const walk = rows(text);
  const first = walk.next().value;
  if (title(first) !== "META") throw new Fault("no-meta", first.line, 1, first.cells[0].slice(0, 40));
  const { meta, lines, last } = header(walk);
  const { projects, line } = listed(walk, last);
  const head = walk.next();
  if (head.done) throw new Fault("header", line, 1, "voter_id, vote");
  const columns = names(head.value, ["voter_id", "vote"]);
  for (const key of ["budget", "vote_type"]) if (!meta.has(key)) throw new Fault("no-key", 1, 1, key);
  const kind = meta.get("vote_type").trim().toLowerCase();
  if (!TYPES.includes(kind)) throw new Fault("vote-type", lines.get("vote_type"), 11, meta.get("vote_type"));
  if (["cumulative", "scoring"].includes(kind) && !columns.includes("points")) throw new Fault("header", head.value.line, 1, "points");
  const budget = money(meta.get("budget"), lines.get("budget"), 8);
  projects.sort((a, b) => byText(a.id, b.id));
  const pointed = columns.includes("points") && !["approval", "choose-1"].includes(kind);
  const at = { vote: columns.indexOf("vote"), ...(pointed ? { points: columns.indexOf("points") } : {}) };
  const votes = counted(walk, columns, at, new Map(projects.map((project, place) => [project.id, place])), kind);
  promised(meta, "num_votes", votes.ballots, "num-votes", head.value.line + 1);
  promised(meta, "num_projects", projects.length, "num-projects", 1);
  return { meta, projects, budget, kind, pointed, ...votes };
}

function promised(meta, key, found, code, line) {
  const said = (meta.get(key) ?? "").trim();
  if (said && said !== `${found}`) throw new Fault(code, line, 1, `${said} ≠ ${found}`);
}

function counted(walk, columns, at, index, kind) {
  const voter = columns.indexOf("voter_id");
  const seen = new Set();
  const cast = new Map();
  for (let step = walk.next(); !step.done; step = walk.next()) {
    const row = step.value;
    if (["META", "PROJECTS", "VOTES"].includes(title(row))) throw new Fault("section", row.line, 1, title(row));
    if (!row.cells.some(Boolean)) continue;
    const cells = even(row, columns.length);
    if (seen.has(cells[voter])) throw new Fault("voter-twice", row.line, column(cells, voter), cells[voter].slice(0, 40));
    seen.add(cells[voter]);
    const key = at.points === undefined ? cells[at.vote] : `${cells[at.vote]};${cells[at.points]}`;
    const here = cast.get(key);
    if (here) here.many += 1;
    else cast.set(key, { many: 1, picks: ballot(row, cells, at, index, kind) });
  }
  return { ballots: seen.size, ...gathered([...cast.values()], kind, at.points !== undefined) };
}

/* Equal ballots put together, as typed arrays. */
function gathered(cast, kind, pointed) {
  let scale = 1n;
  for (const { picks } of cast) for (const [, here] of picks) if (here && here[1] > 1n) scale = lcm(scale, here[1]);
  const groups = new Map();
  for (const { many, picks } of cast) {
    const rows = picks.map(([pick, here], place) => [pick, here ? Number((here[0] * scale) / here[1]) : 1, kind === "ordinal" ? place : 0]);
    if (rows.some(([, here]) => here >= 2 ** 53)) throw new Fault("large", 1);
    const kept = (kind === "ordinal" ? rows : rows.filter(([, here]) => here)).sort((a, b) => a[0] - b[0]);
    const key = kept.join(";");
    const group = groups.get(key);
    if (group) group.many += many;
    else groups.set(key, { many, kept });
  }
  const all = [...groups.values()];
  const starts = new Int32Array(all.length + 1);
  all.forEach(({ kept }, group) => { starts[group + 1] = starts[group] + kept.length; });
  const flat = (part, Kind) => Kind.from(all.flatMap(({ kept }) => kept.map((row) => row[part])));
  return {
    voters: Float64Array.from(all, ({ many }) => many), starts, picks: flat(0, Int32Array), points: flat(1, Float64Array),
    places: flat(2, Int32Array), scale: pointed ? scale : 1n,
  };
}
