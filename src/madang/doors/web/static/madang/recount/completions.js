/* Equal Shares with what may be done with the money it leaves: nothing, Add1 in literal steps, Add1U, or the rest by votes.
   1. Add1 gives every voter one currency unit more and counts again from the beginning; the first stop wins. Nothing is leapt over.
   2. With `from`, the scan begins at that step: then it is shown that the count ends there, not that no earlier step ended it. */

import { order, over, ratio } from "./fractions.js";
import { Room, Unable, ranks } from "./election.js";
import { Roll, count } from "./shares.js";

/* Winners in order: {bought: [{place, price, by}], steps, ended}. `told(step)` hears each step. Cost O(steps × one count). */
export async function equalShares(election, variant, { from = 0, funds = null, told = () => {} } = {}) {
  const { completion = "none", stop = "exhaustive", start = "fraction", utility = "cost", limits = "" } = variant;
  if (!["fraction", "floor"].includes(start) && !funds) throw new Unable("무리마다 돈이 따로 있는 셈입니다", "voters bring money of their own here");
  if (!["none", "add1", "add1u", "utilitarian"].includes(completion)) throw new Unable(`모르는 마무리: ${completion}`, `unknown completion ${completion}`);
  const roll = new Roll(election, utility, await ranks(election, variant.ties), funds);
  const first = roll.shares.map((one) => (start === "floor" ? floored(one, roll.scale) : one));
  const at = (step) => first.map((one) => ratio(one[0] + BigInt(step) * roll.scale * one[1], one[1]));
  const one = (step) => counted(election, roll, at(step), limits);
  const adds = completion.startsWith("add1");
  const done = adds ? scan(election, roll, one, { stop, from, limits, told }) : { bought: one(0), step: 0, ended: "" };
  const more = ["add1u", "utilitarian"].includes(completion) ? rest(election, roll, done.bought, limits) : [];
  const outcome = ({ project, price }) => ({ place: project.place, price: ratio(price[0] * roll.rate[0], price[1] * roll.rate[1]), by: "equal-shares" });
  const free = roll.free.map((place) => ({ place, price: [0n, 1n], by: "equal-shares" }));
  return { bought: [...free, ...done.bought.map(outcome), ...more], steps: done.step, ended: done.ended };
}

/* Rounded down to whole currency units. */
const floored = ([above, below], scale) => [(above / (below * scale)) * scale, 1n];

function counted(election, roll, start, limits) {
  if (!limits) return count(roll, start);
  const room = roomAfter(election, roll, [], limits);
  return count(roll, start, { open: ({ place }) => room.hindrance(place) !== "limit", take: ({ place }) => room.take(place) });
}

function roomAfter(election, roll, bought, limits) {
  const room = new Room(election, limits);
  for (const place of [...roll.free, ...bought.map(({ project }) => project.place)]) room.take(place);
  return room;
}

function scan(election, roll, one, { stop, from, limits, told }) {
  let before = null;
  for (let step = from; ; step += 1) {
    told(step);
    const bought = one(step);
    const spent = bought.reduce((sum, { project }) => sum + project.cost, 0n);
    if (spent > roll.budget) return { bought: before ?? [], step: Math.max(step - 1, 0), ended: "infeasible" };
    const room = roomAfter(election, roll, bought, limits);
    const chosen = new Set(bought.map(({ project }) => project));
    const full = () => !roll.projects.some((project) => !chosen.has(project) && !room.hindrance(project.place));
    if (bought.length === roll.projects.length || (stop === "exhaustive" && full())) return { bought, step, ended: "exhaustive" };
    before = bought;
  }
}

/* What the rest buys: by total utility per cost, then by rank; what does not fit is passed over. */
function rest(election, roll, bought, limits) {
  const room = roomAfter(election, roll, bought, limits);
  const chosen = new Set(bought.map(({ project }) => project));
  const base = new Map(roll.projects.map((project) => [project, ratio(project.cost, BigInt(project.total) * project.unit)]));
  const found = [];
  for (const project of [...roll.projects].sort((a, b) => order(base.get(a), base.get(b)) || a.rank - b.rank)) {
    if (chosen.has(project) || room.hindrance(project.place)) continue;
    room.take(project.place);
    const score = over([BigInt(project.total) * project.unit, project.cost], roll.rate);
    found.push({ place: project.place, price: score, by: "utilitarian" });
  }
  return found;
}
