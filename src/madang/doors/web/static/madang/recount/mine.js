/* What one ballot bought, from the account of a count and marks that stay on this device.
   1. Equal Shares: what a voter pays for a winner it wanted is the lesser of what it has left and price × utility (exactly).
   2. Phragmén: what it earned since its last purchase. Other rules take no voter's money: nothing is said to be paid. */

import { minus, near, order, plus, read, times, ZERO } from "./fractions.js";

const LACKS = {
  money: ["돈이 모자람", "money"], budget: ["남은 예산이 모자람", "budget"], support: ["고른 사람 없음", "support"], threshold: ["표가 문턱에 모자람", "threshold"],
  limit: ["한도", "limit"], stopped: ["앞에서 셈이 끝남", "stopped"], places: ["자리가 다 참", "places"], quorum: ["투표율이 모자람", "quorum"],
};

const amount = (said) => read(`${said}`) ?? ZERO;

/* {wins: [{name, round, paid}], lost: [{name, why}], unknown, paid, start}; amounts as numbers, near enough to be read. */
export function bought(account, names, korean = globalThis.document?.documentElement.lang !== "en") {
  const projects = new Map(account.projects.map((project) => [project.id, project]));
  const wanted = [...new Set(names)];
  const utility = account.variant?.utility || "cardinality";
  const funds = Object.values(account.endowment ?? {});
  const start = funds.length === 1 && ["cost", "cardinality"].includes(utility) ? amount(funds[0]) : null;
  let left = start ?? ZERO;
  let moment = ZERO;
  const wins = [];
  account.rounds.forEach((step, at) => {
    if (!wanted.includes(step.project)) return;
    let paid = ZERO;
    if (step.by === "equal-shares" && start) {
      const asked = times(amount(step.price), utility === "cost" ? amount(step.cost) : [1n, 1n]);
      paid = order(asked, left) < 0 ? asked : left;
      left = minus(left, paid);
    } else if (step.by === "phragmen") {
      paid = minus(amount(step.price), moment);
      moment = amount(step.price);
    }
    wins.push({ name: projects.get(step.project).name || step.project, round: at + 1, paid: near(paid), exact: paid });
  });
  const lost = wanted.filter((name) => account.losers[name]).map((name) => ({
    name: projects.get(name).name || name, why: (LACKS[account.losers[name].why] ?? [account.losers[name].why, account.losers[name].why])[korean ? 0 : 1],
  }));
  const paid = wins.reduce((sum, win) => plus(sum, win.exact), ZERO);
  return { wins, lost, unknown: wanted.filter((name) => !projects.has(name)), paid: near(paid), start: start ? near(start) : 0 };
}
