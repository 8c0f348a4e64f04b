/* One count of Equal Shares, exactly: floats lead, fractions of whole numbers decide.
   1. A price found in floats only throws out projects that surely cost more than one already priced exactly: for any set A of
      supporters (cost − money of A) ÷ utility of the others is at most the price, and the float's error is taken off.
   2. Whoever could not pay its whole share once has nothing left for ever; everybody else has start − Σ share × utility. So the
      money of any set of people is a whole-number combination of the shares so far, kept over one denominator.
   3. Prices never fall, so a lower bound once proven stays one. */

import { lcm, near, order, ratio } from "./fractions.js";
import { Unable, worth } from "./election.js";

const EPS = 2 ** -52;

/* The election turned round: by project its supporters. Amounts in units, `scale` of them one currency unit. */
export class Roll {
  constructor(election, utility, rank, funds = null) {
    const { projects, voters, starts, picks } = election;
    const { each, scale } = worth(election, utility);
    this.scale = [...projects.map(({ cost }) => cost[1]), election.budget[1]].reduce(lcm, 1n);
    const whole = projects.map(({ cost }) => (cost[0] * this.scale) / cost[1]);
    this.budget = (election.budget[0] * this.scale) / election.budget[1];
    const wants = projects.map(() => ({ who: [], util: [] }));
    for (let group = 0; group < voters.length; group += 1) {
      for (let at = starts[group]; at < starts[group + 1]; at += 1) {
        if (each[at] <= 0) continue;
        wants[picks[at]].who.push(group);
        wants[picks[at]].util.push(each[at]);
      }
    }
    const byRank = (a, b) => rank[a] - rank[b];
    const wanted = projects.map((_, place) => place).filter((place) => wants[place].who.length);
    this.free = utility === "cost" ? [] : wanted.filter((place) => !whole[place]).sort(byRank);
    this.places = wanted.filter((place) => whole[place]);
    this.voters = voters;
    this.people = BigInt(voters.reduce((sum, one) => sum + one, 0));
    this.rate = utility === "cost" ? [1n, 1n] : [scale, this.scale]; // from a price in units to currency per unit of utility
    this.projects = this.places.map((place) => {
      const who = Int32Array.from(wants[place].who);
      const util = Float64Array.from(wants[place].util);
      let total = 0;
      who.forEach((group, at) => { total += voters[group] * util[at]; });
      if (total >= 2 ** 53) throw new Unable("점수의 합이 너무 큽니다", "the points add up to too much");
      const unit = utility === "cost" ? whole[place] : 1n;
      return { place, who, util, cost: whole[place], rough: Number(whole[place]), unit, size: Number(unit), rank: rank[place], total };
    });
    const names = funds ? Object.keys(funds) : [""];
    const even = this.people ? ratio(this.budget, this.people) : [0n, 1n];
    this.shares = funds ? names.map((name) => ratio(funds[name][0] * this.scale, funds[name][1])) : [even]; // each fund's voters start with
    this.fund = Int32Array.from(voters, (_, group) => (funds ? names.indexOf(election.fund[group]) : 0));
  }
}

/* The money of everybody as rounds go on. */
class Purse {
  constructor(roll, start) {
    this.roll = roll;
    this.rounds = [];
    this.below = start.reduce((below, one) => lcm(below, one[1]), 1n);
    this.first = start.map((one) => (one[0] * this.below) / one[1]);
    this.money = Float64Array.from(roll.fund, (fund) => near(start[fund]));
    this.top = Math.max(0, ...start.map(near));
    this.broke = Uint8Array.from(roll.fund, (fund) => (start[fund][0] <= 0n ? 1 : 0));
    this.weight = new Float64Array(roll.voters.length);
    this.seat = new Int32Array(roll.voters.length).fill(-1);
  }

  get blur() {
    return 8 * EPS * this.top * (this.rounds.length + 2);
  }

  /* Who of `who` (where `poor`, if given) still has something: what they have together, over `below`. */
  pooled(who, poor) {
    const { weight, broke } = this;
    const { voters, fund } = this.roll;
    const people = this.first.map(() => 0);
    for (let at = 0; at < who.length; at += 1) {
      if ((poor && !poor[at]) || broke[who[at]]) continue;
      weight[who[at]] = voters[who[at]];
      people[fund[who[at]]] += voters[who[at]];
    }
    let found = people.reduce((sum, many, at) => sum + BigInt(many) * this.first[at], 0n);
    for (const { full, util, above } of people.some(Boolean) ? this.rounds : []) {
      let shares = 0;
      for (let at = 0; at < full.length; at += 1) shares += weight[full[at]] * util[at];
      if (shares) found -= BigInt(shares) * above;
    }
    for (let at = 0; at < who.length; at += 1) weight[who[at]] = 0;
    return found;
  }

  /* What one voter of each of `groups` has left, over `below`. */
  amounts(groups) {
    const { seat } = this;
    const found = groups.map((group) => (this.broke[group] ? 0n : this.first[this.roll.fund[group]]));
    groups.forEach((group, at) => { seat[group] = at; });
    for (const { full, util, above } of groups.length ? this.rounds : []) {
      for (let at = 0; at < full.length; at += 1) {
        const mine = seat[full[at]];
        if (mine >= 0 && !this.broke[full[at]]) found[mine] -= above * BigInt(util[at]);
      }
    }
    groups.forEach((group) => { seat[group] = -1; });
    return found;
  }

  /* A lower bound of the price per unit, from `from` on and no further than `enough`; Infinity where nobody can pay for it. */
  bound(project, from, enough) {
    const { money } = this;
    const { voters } = this.roll;
    const { who, util, rough, size } = project;
    let guess = from * size;
    let proven = from;
    for (;;) {
      let held = 0, people = 0, rich = 0;
      for (let at = 0; at < who.length; at += 1) {
        const have = money[who[at]], many = voters[who[at]];
        if (have <= guess * util[at]) { held += many * have; people += many; } else rich += many * util[at];
      }
      const doubt = people * this.blur + (who.length + 8) * EPS * (held + rough);
      if (!rich) return held + doubt < rough ? Infinity : proven;
      const next = (rough - held) / rich;
      const sure = (((rough - held - doubt) / rich) / size) * (1 - 16 * EPS);
      proven = Math.max(proven, sure);
      if (next <= guess * (1 + 4 * EPS) || proven > enough) return proven;
      guess = next;
    }
  }

  /* The exact price now: {price per unit of utility, share, full, util, all}; null where its supporters lack the money. */
  price(project) {
    const { who, util } = project;
    let poor = this.#guess(project);
    for (let turn = 0; turn < who.length + 3; turn += 1) {
      const held = this.pooled(who, poor);
      let rich = 0;
      for (let at = 0; at < who.length; at += 1) if (!poor[at]) rich += this.roll.voters[who[at]] * util[at];
      const lacking = project.cost * this.below - held;
      if (!rich) {
        if (lacking > 0n) return null;
        this.#richest(project, poor);
        continue;
      }
      const share = [lacking, BigInt(rich) * this.below];
      if (!this.#corrected(project, poor, share)) return this.#paid(project, poor, share);
    }
    throw new RangeError(`no price found for the project at ${project.place}`);
  }

  #guess({ who, util, rough }) {
    const poor = Uint8Array.from(who, (group) => this.broke[group]);
    for (let changed = true; changed; ) {
      let held = 0, rich = 0;
      for (let at = 0; at < who.length; at += 1) {
        const many = this.roll.voters[who[at]];
        if (poor[at]) held += many * this.money[who[at]]; else rich += many * util[at];
      }
      const guess = rich > 0 ? (rough - held) / rich : Infinity;
      changed = false;
      for (let at = 0; at < who.length; at += 1) if (!poor[at] && this.money[who[at]] <= guess * util[at]) { poor[at] = 1; changed = true; }
    }
    return poor;
  }

  /* Puts those on the wrong side of `share` on the right one; whether there were any. */
  #corrected({ who, util }, poor, share) {
    const rough = near(share);
    const unsure = [];
    let wrong = false;
    for (let at = 0; at < who.length; at += 1) {
      if (this.broke[who[at]]) continue;
      const gap = this.money[who[at]] - rough * util[at];
      if (Math.abs(gap) <= this.blur + 16 * EPS * Math.abs(rough) * util[at]) unsure.push(at);
      else if ((gap > 0) === Boolean(poor[at])) { poor[at] ^= 1; wrong = true; }
    }
    const have = this.amounts(unsure.map((at) => who[at]));
    unsure.forEach((at, number) => {
      const over = have[number] * share[1] - share[0] * BigInt(util[at]) * this.below;
      if (poor[at] ? over > 0n : over < 0n) { poor[at] ^= 1; wrong = true; }
    });
    return wrong;
  }

  /* All give everything and it suffices: then whoever has the most per utility pays its share in full. */
  #richest({ who, util }, poor) {
    let top = 0;
    for (let at = 0; at < who.length; at += 1) top = Math.max(top, this.money[who[at]] / util[at]);
    const close = [...who.keys()].filter((at) => this.money[who[at]] / util[at] >= top * (1 - 1e-9) - 2 * this.blur);
    const have = this.amounts(close.map((at) => who[at]));
    let best = 0;
    close.forEach((at, number) => {
      if (have[number] * BigInt(util[close[best]]) > have[best] * BigInt(util[at])) best = number;
    });
    poor[close[best]] = 0;
  }

  #paid(project, poor, share) {
    const { who, util } = project;
    const payers = [...who.keys()];
    const full = payers.filter((at) => !poor[at]);
    const exact = ratio(...share);
    return {
      project, share: exact, price: ratio(exact[0], exact[1] * project.unit),
      full: Int32Array.from(full, (at) => who[at]), util: Float64Array.from(full, (at) => util[at]),
      all: payers.filter((at) => poor[at] && !this.broke[who[at]]).map((at) => who[at]),
    };
  }

  /* Lets the round happen. */
  push({ share, full, util, all }) {
    const below = lcm(this.below, share[1]);
    const grow = below / this.below;
    if (grow > 1n) {
      this.first = this.first.map((one) => one * grow);
      for (const one of this.rounds) one.above *= grow;
      this.below = below;
    }
    const rough = near(share);
    full.forEach((group, at) => { this.money[group] -= rough * util[at]; });
    for (const group of all) { this.money[group] = 0; this.broke[group] = 1; }
    this.rounds.push({ full, util, above: (share[0] * below) / share[1] });
  }
}

/* Buy from the lowest price up until nothing is affordable: [{project, price}, …] in order.
   start: what each fund's voters hold, in units · open(project): whether its limits have room · take(project): it was bought. */
export function count(roll, start, { open = () => true, take = () => {} } = {}) {
  const purse = new Purse(roll, start);
  const low = new Map(roll.projects.map((project) => [project, (project.rough / project.total / project.size) * (1 - 16 * EPS)]));
  const bought = [];
  for (;;) {
    let best = null;
    let enough = Infinity;
    for (const project of [...low.keys()].sort((a, b) => low.get(a) - low.get(b) || a.rank - b.rank)) {
      if (low.get(project) > enough) break;
      if (!open(project)) { low.delete(project); continue; }
      const bound = purse.bound(project, low.get(project), enough);
      if (bound === Infinity) { low.delete(project); continue; }
      low.set(project, bound);
      if (bound > enough) continue;
      const one = purse.price(project);
      if (!one) { low.delete(project); continue; }
      low.set(project, Math.max(bound, near(one.price) * (1 - 16 * EPS)));
      const ahead = best ? order(one.price, best.price) || project.rank - best.project.rank : -1;
      if (ahead < 0) { best = one; enough = near(one.price) * (1 + 16 * EPS); }
    }
    if (!best) return bought;
    purse.push(best);
    take(best.project);
    low.delete(best.project);
    bought.push({ project: best.project, price: best.price });
  }
}
