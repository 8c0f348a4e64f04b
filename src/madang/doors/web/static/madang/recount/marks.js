/* Counts the published marks of a vote again: yes or no, plurality, approval, and every rule that spends a pot.
   1. Classes with weights: each votes its share of the whole, however many came; one nobody voted in gives its share away.
   2. A tie falls to the announced list; where that leaves it open, nobody is chosen here either. */

import { order, over, plus, ratio, read as amount, text as said, ZERO } from "./fractions.js";
import { Unable, digest } from "./election.js";
import { byText } from "./pabulib.js";
import { opened, sorted, votes } from "./papers.js";
import { counted } from "./recount.js";

const ALL = "all";
const MONEY = ["equal-shares", "phragmen"];
const weightsOf = ({ rule }) => (Object.keys(rule.weights ?? {}).length ? rule.weights : { [ALL]: 1 });
const groupOf = (paper, group) => (Object.keys(paper.rule.weights ?? {}).length ? group : ALL);

/* By class: how many ballots, and what they gave each option (`worth` of each mark's value). */
function tallied(paper, cast, worth) {
  const ballots = Object.fromEntries(Object.keys(weightsOf(paper)).map((group) => [group, 0]));
  const marks = paper.options.map(() => ({ ...ballots }));
  for (const { group, given, many } of cast) {
    ballots[groupOf(paper, group)] += many;
    for (const [place, value] of given) marks[place - 1][groupOf(paper, group)] += many * worth(value);
  }
  return { ballots, marks };
}

/* Σ over classes of weight × (what it gave ÷ its ballots), over the weights of those that voted. */
function share(paper, ballots, got) {
  const weights = weightsOf(paper);
  const cast = Object.keys(ballots).filter((group) => ballots[group]);
  const all = cast.reduce((sum, group) => sum + weights[group], 0);
  return cast.reduce((sum, group) => plus(sum, ratio(BigInt(weights[group] * got[group]), BigInt(all * ballots[group]))), ZERO);
}

const bar = ({ rule }) => {
  const percent = rule.bar?.percent ?? 50;
  return { share: ratio(BigInt(percent), 100n), more: rule.bar?.more ?? percent === 50, of: rule.bar?.of ?? "votes" };
};
const reaches = (have, { share: need, more }) => (more ? order(have, need) > 0 : order(have, need) >= 0);

function yesNo(paper, cast) {
  const yes = tallied(paper, cast, (value) => value);
  const no = tallied(paper, cast, (value) => 1 - value);
  const asked = bar(paper);
  return live(paper).map(({ place }) => {
    const at = place - 1;
    const one = share(paper, yes.ballots, yes.marks[at]);
    const whole = asked.of === "votes" ? plus(one, share(paper, yes.ballots, no.marks[at])) : [1n, 1n];
    const have = whole[0] ? over(one, whole) : ZERO;
    return { place, score: have, chosen: one[0] > 0n && reaches(have, asked) };
  });
}

const announced = ({ rule }) => (rule.ties?.length ? rule.ties : ["votes", "cheaper", "order"]);

/* Places from the highest score down by the announced list. */
async function standing(paper, list, scores, raw) {
  const lots = list.includes("lot") ? await Promise.all(paper.options.map(({ place }) => digest(`${paper.rule.seed}/${place}`))) : [];
  const by = {
    votes: (a, b) => raw(b) - raw(a),
    cheaper: (a, b) => (paper.options[a - 1].cost ?? 0) - (paper.options[b - 1].cost ?? 0),
    lot: (a, b) => (lots[a - 1] < lots[b - 1] ? -1 : lots[a - 1] > lots[b - 1] ? 1 : 0),
    order: (a, b) => a - b,
  };
  const apart = (a, b) => list.reduce((found, word) => found || by[word](a, b), 0);
  const line = [...scores.keys()].sort((a, b) => order(scores.get(b), scores.get(a)) || apart(a, b) || a - b);
  return { line, apart };
}

const added = (row) => Object.values(row).reduce((sum, one) => sum + one, 0);

/* Plurality, or approval for a post: the highest `seats` above nothing, if the last of them reaches the bar. */
async function elected(paper, cast) {
  const { ballots, marks } = tallied(paper, cast, () => 1);
  const weighed = Object.keys(paper.rule.weights ?? {}).length > 0;
  const scores = new Map(live(paper).map(({ place }) => [place, weighed ? share(paper, ballots, marks[place - 1]) : ratio(BigInt(added(marks[place - 1])))]));
  const list = announced(paper).filter((word) => ["lot", "order"].includes(word)); // equal scores are equal votes
  const { line, apart } = await standing(paper, list, scores, () => 0);
  const seats = paper.rule.seats || 1;
  const able = line.filter((place) => scores.get(place)[0] > 0n);
  let chosen = able.slice(0, seats);
  const next = able[seats];
  if (next && order(scores.get(next), scores.get(chosen.at(-1))) === 0 && !apart(chosen.at(-1), next)) {
    chosen = chosen.filter((place) => order(scores.get(place), scores.get(next)) !== 0);
  }
  if (paper.rule.bar && Object.keys(paper.rule.bar).length && chosen.length) {
    const low = scores.get(chosen.at(-1));
    const whole = weighed ? low : over(low, ratio(BigInt(added(ballots))));
    if (!reaches(whole, bar(paper))) chosen = [];
  }
  return line.map((place) => ({ place, score: scores.get(place), chosen: chosen.includes(place) }));
}

/* From the highest weighed score down, whatever still fits (and while there are seats). */
async function greedy(paper, options, cast, pot) {
  const { ballots, marks } = tallied(paper, cast, (value) => value);
  const scores = new Map(options.map(({ place }) => [place, share(paper, ballots, marks[place - 1])]));
  const raw = (place) => added(marks[place - 1]);
  const { line } = await standing(paper, announced(paper), scores, raw);
  let left = pot ?? null;
  let seats = paper.rule.seats || Infinity;
  return line.map((place) => {
    const cost = paper.options[place - 1].cost ?? 0;
    const chosen = raw(place) > 0 && seats > 0 && (left === null || cost <= left);
    if (chosen) { seats -= 1; left = left === null ? null : left - cost; }
    return { place, score: scores.get(place), chosen };
  });
}

/* The votes on some options as an election; each class's voters start with its part of the pot where classes have weights. */
function electionOf(paper, options, cast, pot) {
  const kind = { ranking: "ordinal", scores: "scoring", dots: "cumulative", "choose-one": "choose-1" }[paper.rule.kind] ?? "approval";
  const projects = options.map(({ place, cost }) => ({ id: `${place}`, cost: [BigInt(cost ?? 0), 1n], columns: {} }));
  projects.sort((a, b) => byText(a.id, b.id));
  const at = new Map(projects.map(({ id }, place) => [Number(id), place]));
  const pointed = ["scoring", "cumulative"].includes(kind);
  const rows = cast.map(({ given }) => {
    const named = kind === "ordinal" ? [...given].sort((a, b) => a[1] - b[1]) : given;
    return named.map(([place, value], rank) => [at.get(place), pointed ? value : 1, kind === "ordinal" ? rank : 0])
      .filter(([, value]) => value).sort((a, b) => a[0] - b[0]);
  });
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, group) => { starts[group + 1] = starts[group] + row.length; });
  const flat = (part, Kind) => Kind.from(rows.flatMap((row) => row.map((mark) => mark[part])));
  const budget = pot ?? options.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  return {
    meta: new Map(), projects, budget: [BigInt(budget), 1n], kind, pointed, scale: 1n, starts,
    voters: Float64Array.from(cast, ({ many }) => many), picks: flat(0, Int32Array), points: flat(1, Float64Array),
    places: flat(2, Int32Array), ballots: cast.length, fund: cast.map(({ group }) => groupOf(paper, group)),
  };
}

function fundsOf(paper, election) {
  if (!Object.keys(paper.rule.weights ?? {}).length) return null;
  const cast = Object.fromEntries(Object.keys(paper.rule.weights).map((group) => [group, 0]));
  election.fund.forEach((group, at) => { cast[group] += election.voters[at]; });
  const voted = Object.keys(cast).filter((group) => cast[group]);
  const all = voted.reduce((sum, group) => sum + paper.rule.weights[group], 0);
  return Object.fromEntries(voted.map((group) => [group, ratio(election.budget[0] * BigInt(paper.rule.weights[group]), BigInt(all * cast[group]))]));
}

async function proportional(paper, options, cast, pot) {
  const { rule } = paper;
  const election = electionOf(paper, options, cast, pot);
  const words = { votes: "-votes", cheaper: "cost", order: "number" };
  const list = announced(paper);
  const ties = [...list.filter((word) => word !== "lot").map((word) => words[word]), ...(list.includes("lot") ? [`lot:${rule.seed}`] : [])].join(",");
  const utility = rule.utility || (["approval", "choose-1"].includes(election.kind) ? "cost" : "");
  const variant = rule.counting === "phragmen" ? { ties } : { ties, utility: utility || (election.kind === "ordinal" ? "borda" : "scores"), completion: rule.completion || "add1u" };
  const { bought } = await counted(election, rule.counting, variant, { funds: rule.counting === "phragmen" ? null : fundsOf(paper, election) });
  const won = bought.map(({ place, price }) => ({ place: Number(election.projects[place].id), price, chosen: true }));
  const names = new Set(won.map(({ place }) => place));
  return [...won, ...options.filter(({ place }) => !names.has(place)).map(({ place }) => ({ place, chosen: false }))];
}

async function spent(paper, cast) {
  const spending = MONEY.includes(paper.rule.counting) ? proportional : greedy;
  if (!paper.rule.sheets?.length) return spending(paper, live(paper), cast, paper.rule.pot);
  const found = [];
  for (const sheet of paper.rule.sheets) {
    const options = live(paper).filter((option) => option.sheet === sheet.key);
    const there = new Set(options.map(({ place }) => place));
    const here = cast.filter(({ group }) => opened(sheet, group)).map((vote) => ({ ...vote, given: vote.given.filter(([place]) => there.has(place)) }));
    found.push(...(await spending(paper, options, here, sheet.pot ?? paper.rule.pot)));
  }
  return found;
}

const live = ({ options }) => options.filter(({ withdrawn }) => !withdrawn);

function rounds(paper, votes) {
  const there = new Set(live(paper).map(({ place }) => place));
  const cast = votes.map((vote) => ({ ...vote, given: vote.given.filter(([place]) => there.has(place)) })); // a mark on what was withdrawn counts for nothing
  if (!there.size) return [];
  const { counting, pot, sheets, seats } = paper.rule;
  if (counting === "yes-no") return yesNo(paper, cast);
  if (counting === "plurality" || (counting === "approval" && (pot ?? null) === null && !sheets?.length && seats === 1)) return elected(paper, cast);
  if (["approval", "greedy", ...MONEY].includes(counting)) return spent(paper, cast);
  throw new Unable(`이 화면에서 다시 셀 수 없는 방법입니다: ${counting}`, `this page cannot recount ${counting}`);
}

function quorate({ rule }, turnout) {
  const { percent, base } = rule.quorum ?? {};
  return percent === undefined || turnout >= Math.ceil((percent * base) / 100);
}

const line = (ok, ko, en) => ({ ok, ko, en });

/* Count again and compare with the published result; {same, lines, ours}. */
export async function recountedMarks(source, paper, published) {
  const { valid, voided, turnout } = sorted(paper, votes(source));
  const steps = await rounds(paper, valid);
  const winners = quorate(paper, turnout) ? steps.filter(({ chosen }) => chosen).map(({ place }) => place) : [];
  const lines = [];
  const say = (ok, ko, en) => lines.push(line(ok, ko, en));
  say(turnout === published.turnout, `표 ${turnout}장 (공표 ${published.turnout}장)`, `${turnout} ballots (published: ${published.turnout})`);
  const lost = Object.values(voided).reduce((sum, one) => sum + one, 0);
  const voids = Object.entries(published.void ?? {});
  const sameVoid = voids.length === Object.keys(voided).length && voids.every(([code, many]) => voided[code] === many);
  say(sameVoid, `무효 ${lost}장${sameVoid ? ", 까닭도 같습니다." : ": 공표된 것과 다릅니다."}`, `${lost} void${sameVoid ? ", for the same reasons." : ": not as published."}`);
  const same = winners.length === published.winners.length && winners.every((place, at) => place === published.winners[at]);
  say(same, same ? `뽑힌 것 ${winners.length}개가 차례까지 같습니다: ${winners.join(", ") || "없음"}` : `뽑힌 것이 다릅니다: 다시 센 결과 ${winners.join(", ")}, 공표된 결과 ${published.winners.join(", ")}`,
    same ? `The same ${winners.length} chosen in the same order: ${winners.join(", ") || "none"}` : `Not the same: recounted ${winners.join(", ")}, published ${published.winners.join(", ")}`);
  const odd = (published.rounds ?? []).find((round) => {
    const mine = steps.find(({ place }) => place === round.place);
    const [one, other] = round.price !== undefined && mine?.price ? [round.price, mine.price] : [round.score, mine?.score];
    return one !== undefined && (!other || order(amount(`${one}`), other) !== 0);
  });
  say(!odd, odd ? `${odd.place}번의 점수가 다릅니다.` : "점수가 하나하나 분수까지 같습니다.", odd ? `The score of number ${odd.place} differs.` : "Every score is the same, to the fraction.");
  const ours = { winners, turnout, void: voided, rounds: steps.map(({ place, score, price, chosen }) => ({ place, chosen, ...(price ? { price: said(price) } : {}), ...(score ? { score: said(score) } : {}) })) };
  return { same: lines.every(({ ok }) => ok), lines, ours };
}
