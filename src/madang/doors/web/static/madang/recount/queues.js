/* Greedy and sequential Phragmén, exactly.
   1. Greedy goes down the list by support, or by support ÷ cost, and takes what fits.
   2. Phragmén: everybody earns at the same pace; a project is bought the moment its supporters can pay for it. */

import { lcm, order, over, ratio, read as amount, ZERO } from "./fractions.js";
import { Room, counts, ranks, support, usual } from "./election.js";

/* Winners in order with their scores: [{place, price}]. `variant` as a result states it. */
export async function greedy(election, variant) {
  const utility = variant.utility || usual(election);
  const by = variant.by || (utility === "cost" ? "votes" : "votes/cost");
  const wanted = support(election, utility);
  const free = wanted.map((one, place) => by === "votes/cost" && !election.projects[place].cost[0] && one[0] > 0n);
  const score = wanted.map((one, place) => (by === "votes" ? one : election.projects[place].cost[0] ? over(one, election.projects[place].cost) : ZERO));
  const rank = await ranks(election, variant.ties);
  const least = variant.least ? amount(variant.least) : null;
  const here = new Room(election, variant.limits);
  const bought = [];
  const line = election.projects.map((_, place) => place);
  line.sort((a, b) => free[b] - free[a] || order(score[b], score[a]) || rank[a] - rank[b]);
  let stopped = false;
  for (const place of line) {
    const why = here.hindrance(place);
    if (least && order(wanted[place], least) < 0) continue;
    if (!stopped && why === "budget" && variant.skip === "false") stopped = true;
    if (why || stopped) continue;
    here.take(place);
    bought.push({ place, price: score[place] });
  }
  return bought;
}

/* Who bought when: `table[k][p]` voters of p whose last purchase was k; moments over one denominator. */
class Loads {
  constructor(election) {
    this.election = election;
    this.many = counts(election);
    this.table = [this.many.slice()];
    this.tops = [0n];
    this.below = 1n;
    this.last = new Int32Array(election.voters.length);
    this.wants = election.projects.map(() => []);
    for (let group = 0; group < election.voters.length; group += 1) {
      for (let at = election.starts[group]; at < election.starts[group + 1]; at += 1) this.wants[election.picks[at]].push(group);
    }
  }

  moment(place) {
    const { cost } = this.election.projects[place];
    let load = 0n;
    this.table.forEach((row, at) => { if (row[place]) load += BigInt(row[place]) * this.tops[at]; });
    return [cost[0] * this.below + load * cost[1], BigInt(this.many[place]) * cost[1] * this.below]; // not in lowest terms: it is only compared
  }

  buy(place, [above, below]) {
    if (!this.election.projects[place].cost[0]) return;
    const common = lcm(this.below, below);
    const times = common / this.below;
    if (times > 1n) this.tops = this.tops.map((one) => one * times);
    this.below = common;
    this.tops.push((above * common) / below);
    const now = this.table.push(new Array(this.many.length).fill(0)) - 1;
    const { starts, picks, voters } = this.election;
    for (const group of this.wants[place]) {
      const then = this.table[this.last[group]];
      for (let at = starts[group]; at < starts[group + 1]; at += 1) {
        then[picks[at]] -= voters[group];
        this.table[now][picks[at]] += voters[group];
      }
      this.last[group] = now;
    }
  }
}

/* Winners in order with their moments: [{place, price}]. `told(n)` hears how many were bought. */
export async function phragmen(election, variant, told = () => {}) {
  const stop = variant.stop || "infeasible";
  const rank = await ranks(election, variant.ties);
  const loads = new Loads(election);
  const here = new Room(election, variant.limits);
  const bought = [];
  let running = election.projects.map((_, place) => place).filter((place) => loads.many[place] && !here.hindrance(place));
  while (running.length) {
    const moments = new Map(running.map((place) => [place, loads.moment(place)]));
    const now = ratio(...running.map((place) => moments.get(place)).reduce((a, b) => (order(a, b) <= 0 ? a : b)));
    const tied = running.filter((place) => order(moments.get(place), now) === 0);
    const bound = tied.map((place) => [place, here.hindrance(place)]);
    if (stop === "infeasible" && bound.some(([, why]) => why === "budget")) break;
    const late = bound.filter(([, why]) => why).map(([place]) => place);
    const free = tied.filter((place) => !late.includes(place)).sort((a, b) => rank[a] - rank[b]);
    const gone = new Set([...late, ...free.slice(0, 1)]);
    running = running.filter((place) => !gone.has(place));
    if (!free.length) continue;
    here.take(free[0]);
    loads.buy(free[0], now);
    bought.push({ place: free[0], price: now });
    told(bought.length);
  }
  return bought;
}
