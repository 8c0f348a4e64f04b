/* Counts a published budget vote again and says in words whether it comes to the same.
   1. Only what is in the file of ballots and the rule named in the result is used; nothing is asked of a server.
   2. Said to be the same is: the same winners in the same order, each at the same exact price, for the same money in all. */

import { order, read as amount, text as said, ZERO, plus } from "./fractions.js";
import { Unable } from "./election.js";
import { equalShares } from "./completions.js";
import { greedy, phragmen } from "./queues.js";

export const WHOLE = 3000; // steps of Add1 that are walked one by one; beyond, only the end is checked unless asked

/* Count by a rule: {bought: [{place, price}], steps, ended}. Throws Unable for a rule this page cannot count. */
export async function counted(election, rule, variant, options = {}) {
  if (rule === "greedy") return { bought: await greedy(election, variant) };
  if (rule === "phragmen") return { bought: await phragmen(election, variant, options.told) };
  if (rule === "equal-shares") return equalShares(election, variant, options);
  throw new Unable(`이 화면에서 다시 셀 수 없는 규칙입니다: ${rule}`, `this page cannot recount the rule ${rule}`);
}

/* The outcome as a result states it: ids, exact amounts. */
export function outcome(election, { bought, steps, ended }) {
  const cost = bought.reduce((sum, { place }) => plus(sum, election.projects[place].cost), ZERO);
  return {
    winners: bought.map(({ place }) => election.projects[place].id), cost: said(cost),
    rounds: bought.map(({ place, price }) => ({ project: election.projects[place].id, price: said(price) })),
    ...(steps === undefined ? {} : { steps, ended }),
  };
}

const line = (ok, ko, en) => ({ ok, ko, en });
const equal = (one, other) => {
  const [a, b] = [amount(`${one}`), amount(`${other}`)];
  return Boolean(a && b) && order(a, b) === 0;
};

function winnersLine(ours, theirs) {
  const at = Math.max(ours.length, theirs.length) === ours.length
    ? ours.findIndex((id, place) => id !== theirs[place]) : theirs.findIndex((id, place) => id !== ours[place]);
  if (at < 0) return line(true, `뽑힌 사업 ${ours.length}개가 차례까지 같습니다.`, `The same ${ours.length} winners in the same order.`);
  const here = (list) => list[at] ?? "–";
  return line(false, `${at + 1}번째가 다릅니다: 다시 센 결과 ${here(ours)}, 공표된 결과 ${here(theirs)}.`,
    `Number ${at + 1} differs: recounted ${here(ours)}, published ${here(theirs)}.`);
}

/* What is the same and what is not: [{ok, ko, en}, …]. */
export function compared(ours, published) {
  const found = [winnersLine(ours.winners, published.winners ?? [])];
  if (published.cost !== undefined) {
    const ok = equal(ours.cost, published.cost);
    found.push(line(ok, ok ? `쓴 돈이 ${ours.cost}로 같습니다.` : `쓴 돈이 다릅니다: 다시 센 결과 ${ours.cost}, 공표된 결과 ${published.cost}.`,
      ok ? `The same money in all: ${ours.cost}.` : `The money differs: recounted ${ours.cost}, published ${published.cost}.`));
  }
  const prices = (published.rounds ?? []).filter((round) => round.price !== undefined);
  if (found[0].ok && prices.length) {
    const odd = prices.find((round) => !equal(round.price, ours.rounds.find(({ project }) => project === round.project)?.price));
    found.push(odd ? line(false, `${odd.project}의 값이 다릅니다.`, `The price of ${odd.project} differs.`)
      : line(true, "라운드마다 값이 분수까지 같습니다.", "Every round has the same price, to the fraction."));
  }
  if (ours.steps !== undefined && published.variant?.steps !== undefined) {
    const ok = `${ours.steps}` === `${published.variant.steps}`;
    found.push(line(ok, ok ? `더한 걸음 수가 ${ours.steps}로 같습니다.` : `더한 걸음 수가 다릅니다: ${ours.steps}, ${published.variant.steps}.`,
      ok ? `The same number of steps added: ${ours.steps}.` : `The steps added differ: ${ours.steps}, ${published.variant.steps}.`));
  }
  return found;
}

/* Recount a published result ({rule, variant, winners, cost, rounds}); {same, lines, ours}.
   whole: walk every step of Add1, however many. told(step, of) hears how far it is. */
export async function recounted(election, published, { whole = false, told = () => {} } = {}) {
  const variant = published.variant ?? {};
  const steps = Number(variant.steps ?? 0);
  const from = steps > WHOLE && !whole ? steps : 0;
  const done = await counted(election, published.rule, variant, { from, told: (step) => told(step, steps || null) });
  const ours = outcome(election, done);
  const lines = compared(ours, published);
  if (from) {
    lines.push(line(true, `Add1의 ${steps}걸음 가운데 마지막 걸음만 다시 세었습니다. 앞선 걸음에서 멈추지 않았다는 것은 확인하지 않았습니다.`,
      `Of ${steps} steps of Add1 only the end was counted again; that none before it stopped was not checked.`));
  }
  return { same: lines.every(({ ok }) => ok), lines, ours };
}
