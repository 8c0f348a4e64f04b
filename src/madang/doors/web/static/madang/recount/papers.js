/* Reads the published marks of a vote (CSV: a class and a line of marks each) by the rule printed on its paper.
   1. Marks are `3 7`, `7>3>1`, `3:5 7:2`, or blank; whatever breaks the form or the rule is void with its reason, counted in public.
   2. Equal votes are counted together; their order changes nothing. */

import { Unable } from "./election.js";

const CLASS = ["class", "voter_class"];
const MARKS = ["marks", "places", "picks"];

/* The rows of a CSV (RFC 4180), cells as text. */
export function table(source) {
  const text = source.replace(/^\ufeff/, "");
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n|\r|\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Unable(`${rows.length}번째 줄의 따옴표가 닫히지 않았습니다`, `a quote on line ${rows.length} is never closed`);
    rows.at(-1).push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] !== ",") rows.push([]);
    else if (cell.lastIndex === text.length) rows.at(-1).push("");
  }
  return rows.filter((row) => row.length > 1 || row[0]);
}

/* The votes of a CSV: Map of "class\0marks" → {group, marks, many}. Throws Unable where the columns are not there. */
export function votes(source) {
  const [head = [], ...rows] = table(source);
  const names = head.map((name) => name.trim().toLowerCase());
  const at = [CLASS, MARKS].map((words) => names.findIndex((name) => words.includes(name)));
  if (at.includes(-1)) throw new Unable("표의 목록이 아닙니다: class와 marks 열이 있어야 합니다", "not a list of votes: it needs the columns class and marks");
  const found = new Map();
  for (const [number, row] of rows.entries()) {
    if (row.length !== head.length) throw new Unable(`${number + 2}번째 줄의 칸 수가 다릅니다`, `line ${number + 2} has not as many cells as the header`);
    const [group, marks] = at.map((place) => row[place]);
    const key = `${group}\0${marks}`;
    const here = found.get(key);
    if (here) here.many += 1;
    else found.set(key, { group, marks, many: 1 });
  }
  return [...found.values()];
}

class Void extends Error {}

const whole = (word) => {
  if (!/^(0|[1-9][0-9]{0,8})$/.test(word)) throw new Void("form");
  return Number(word);
};

const words = (text, between) => {
  if (text.length > 20000) throw new Void("form");
  return text ? text.split(between) : [];
};

const ascending = (given) => {
  given.forEach(([place], at) => {
    if (at && given[at - 1][0] === place) throw new Void("twice");
    if (at && given[at - 1][0] > place) throw new Void("form");
  });
  return given;
};

const picks = (text) => ascending(words(text, " ").map((word) => [whole(word), 1]));
const numbers = (text) => ascending(words(text, " ").map((word) => {
  const at = word.indexOf(":");
  return [whole(at < 0 ? word : word.slice(0, at)), whole(at < 0 ? "" : word.slice(at + 1))];
}));
const ranking = (text) => {
  const given = words(text, ">").map((word, rank) => [whole(word), rank + 1]);
  if (new Set(given.map(([place]) => place)).size < given.length) throw new Void("twice");
  return given.sort((a, b) => a[0] - b[0]);
};

const between = (many, least, most) => {
  if (many < (least ?? 0)) throw new Void("too-few");
  if (most !== null && most !== undefined && many > most) throw new Void("too-many");
};
const within = (given, low, high) => {
  if (given.some(([, value]) => value < low || value > high)) throw new Void("out-of-range");
};
const total = (given, each) => given.reduce((sum, mark) => sum + each(mark), 0);

export const opened = (sheet, group) => !sheet.classes?.length || sheet.classes.includes(group);

const KINDS = {
  "yes-no": [numbers, (paper, given) => { if (given.some(([, value]) => value > 1)) throw new Void("out-of-range"); }],
  "choose-one": [picks, (paper, given) => between(given.length, Math.min(paper.rule.least ?? 0, 1), 1)],
  approval: [picks, (paper, given) => between(given.length, paper.rule.least, paper.rule.most)],
  ranking: [ranking, (paper, given) => between(given.length, paper.rule.least, paper.rule.most)],
  scores: [numbers, (paper, given) => within(given, 1, paper.rule.points ?? 0)],
  dots: [numbers, (paper, given) => {
    within(given, 1, paper.rule.most || paper.rule.points);
    if (total(given, ([, value]) => value) > paper.rule.points) throw new Void("too-many-points");
  }],
  knapsack: [picks, (paper, given) => {
    between(given.length, paper.rule.least, paper.rule.most);
    const pot = paper.rule.pot ?? null;
    if (pot !== null && total(given, ([place]) => paper.options[place - 1].cost ?? 0) > pot) throw new Void("too-much-money");
  }],
  sheets: [picks, (paper, given, group) => {
    const marked = given.map(([place]) => paper.options[place - 1].sheet);
    for (const sheet of paper.rule.sheets.filter((one) => opened(one, group))) {
      between(marked.filter((key) => key === sheet.key).length, sheet.least, sheet.most);
    }
  }],
};

function given(paper, group, marks) {
  const { rule, options } = paper;
  if (Object.keys(rule.weights ?? {}).length && !(group in rule.weights)) throw new Void("unknown-class");
  const [reader, keeps] = KINDS[rule.kind];
  const found = reader(marks);
  const sheets = new Map((rule.sheets ?? []).map((sheet) => [sheet.key, sheet]));
  for (const [place] of found) {
    if (place < 1 || place > options.length) throw new Void("not-on-paper");
    const key = options[place - 1].sheet;
    if (key && !opened(sheets.get(key), group)) throw new Void("other-sheet");
  }
  keeps(paper, found, group);
  return found;
}

/* The valid votes [{group, given: [[place, value], …], many}], and how many are void for which reason. */
export function sorted(paper, cast) {
  if (!(paper.rule.kind in KINDS)) throw new Unable(`모르는 투표지: ${paper.rule.kind}`, `unknown ballot: ${paper.rule.kind}`);
  const valid = [];
  const voided = {};
  for (const { group, marks, many } of cast) {
    try {
      valid.push({ group, given: given(paper, group, marks), many });
    } catch (fault) {
      if (!(fault instanceof Void)) throw fault;
      voided[fault.message] = (voided[fault.message] ?? 0) + many;
    }
  }
  return { valid, voided, turnout: cast.reduce((sum, { many }) => sum + many, 0) };
}
