/* What is marked on the paper of the page, in its one written form; the same as `MarksWidget` and `methods.ballots.paper.write`. */

import { sorted } from "../recount/papers.js";

/* The marks of a paper's fields, pairs of name and value (`marks`, or `marks-<place>`); null where one holds no whole number. */
export function written(kind, given) {
  const fields = [...given].filter(([name]) => name === "marks" || /^marks-[0-9]{1,5}$/.test(name));
  const whole = fields.find(([name]) => name === "marks");
  if (whole) return whole[1];
  const filled = fields.map(([name, value]) => [Number(name.slice(6)), value.trim()]).filter(([, value]) => value);
  if (filled.some(([, value]) => !/^[0-9]{1,9}$/.test(value))) return null;
  const marked = filled.map(([place, value]) => [place, Number(value)]).sort((a, b) => a[0] - b[0]);
  if (kind === "ranking") return ranked(marked);
  if (["approval", "choose-one", "knapsack", "sheets"].includes(kind)) return marked.filter(([, value]) => value).map(([place]) => place).join(" ");
  return marked.filter(([, value]) => value || kind === "yes-no").map((mark) => mark.join(":")).join(" ");
}

function ranked(marked) {
  const ranks = marked.filter(([, value]) => value).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  return ranks.some(([, value], at) => at && ranks[at - 1][1] === value) ? null : ranks.map(([place]) => place).join(">");
}

/* Why marks are no vote on this paper: "" where they are one; else a code of `decisions.words.VOID`. */
export function why(paper, group, marks) {
  if (marks === null) return paper.rule.kind === "ranking" ? "same-rank" : "form";
  return Object.keys(sorted(paper, [{ group, marks, many: 1 }]).voided)[0] ?? "";
}
