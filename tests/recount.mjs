// Counts again what a test hands over: one JSON a line in, one a line out. Only Node's own modules beside those of the house.
//   node recount.mjs FOLDER-OF-MODULES  <  {"path"|"text", "published", "whole"?, "marks"?}
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const from = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`).href);
const [{ Fault, decoded, read }, { Unable }, { recounted, counted, outcome }, { recountedMarks }] = await Promise.all(
  ["pabulib", "election", "recount", "marks"].map(from),
);

let kept = ["", null];
const election = (asked) => {
  if (asked.text !== undefined) return read(asked.text);
  if (kept[0] !== asked.path) kept = [asked.path, read(decoded(readFileSync(asked.path)))];
  return kept[1];
};

async function answer(asked) {
  try {
    if (asked.marks !== undefined) return { done: await recountedMarks(asked.marks, asked.paper, asked.published) };
    if (asked.rule) return { ours: outcome(election(asked), await counted(election(asked), asked.rule, asked.variant)) };
    return { done: await recounted(election(asked), asked.published, { whole: Boolean(asked.whole) }) };
  } catch (fault) {
    if (!(fault instanceof Fault || fault instanceof Unable)) throw fault;
    return { fault: fault.message, code: fault.code, line: fault.line };
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(JSON.parse(line))));
