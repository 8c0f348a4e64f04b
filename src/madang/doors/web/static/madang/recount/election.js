/* What every rule asks of an election: votes, utilities, and which of equals comes first.
   1. Ties are words said beforehand (`docs/methods/budgeting.md`); the id as text always ends them. */

import { order, ratio, read as amount } from "./fractions.js";

/* A choice of the published result that this recount cannot follow; said in words. */
export class Unable extends Error {
  constructor(ko, en) {
    super(`${ko} / ${en}`);
    Object.assign(this, { ko, en });
  }
}

/* How many voters picked each project. */
export function counts(election) {
  const found = new Array(election.projects.length).fill(0);
  for (let group = 0; group < election.voters.length; group += 1) {
    for (let at = election.starts[group]; at < election.starts[group + 1]; at += 1) found[election.picks[at]] += election.voters[group];
  }
  return found;
}

/* The utility of a vote type: cost, scores (cumulative, scoring) or borda (ordinal). */
export const usual = (election) => ({ cumulative: "scores", scoring: "scores", ordinal: "borda" })[election.kind] ?? "cost";

/* What each pick is worth, whole numbers over `scale`; null where it is the project's cost (worth 1 of its cost). */
export function worth(election, utility) {
  const many = election.picks.length;
  if (utility === "cost") return { each: new Float64Array(many).fill(1), scale: 1n };
  if (utility === "cardinality") return { each: new Float64Array(many).fill(1), scale: 1n };
  if (utility === "scores" && (election.pointed || election.kind !== "ordinal")) return { each: election.points, scale: election.scale };
  if (!["scores", "borda"].includes(utility)) throw new Unable(`모르는 만족: ${utility}`, `unknown utility ${utility}`);
  const each = new Float64Array(many);
  const said = (election.meta.get("max_length") ?? "").trim();
  let longest = /^[0-9]{1,6}$/.test(said) ? Number(said) : 0;
  for (let group = 0; group < election.voters.length; group += 1) longest = Math.max(longest, election.starts[group + 1] - election.starts[group]);
  for (let group = 0; group < election.voters.length; group += 1) {
    const [begin, end] = [election.starts[group], election.starts[group + 1]];
    for (let at = begin; at < end; at += 1) each[at] = (utility === "scores" ? longest : end - begin - 1) - election.places[at];
  }
  return { each, scale: 1n };
}

/* How much each project is wanted: voters, or points added up, exactly. */
export function support(election, utility) {
  if (["cost", "cardinality"].includes(utility)) return counts(election).map((one) => ratio(BigInt(one)));
  const { each, scale } = worth(election, utility);
  const found = election.projects.map(() => 0n);
  for (let group = 0; group < election.voters.length; group += 1) {
    const many = BigInt(election.voters[group]);
    for (let at = election.starts[group]; at < election.starts[group + 1]; at += 1) found[election.picks[at]] += many * BigInt(each[at]);
  }
  return found.map((one) => ratio(one, scale));
}

/* The sha256 of a text in hexadecimal. */
export async function digest(text) {
  if (!globalThis.crypto?.subtle) throw new Unable("제비를 다시 뽑으려면 https 주소로 열어 주세요", "open this page over https to draw the lot again");
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* The words of a rule of ties; a seed goes on to the end. */
export function tied(text) {
  const [, plain, seed] = /^(.*?)(?:lot:(.*))?$/s.exec(text);
  const words = plain.split(",").map((word) => word.trim()).filter(Boolean);
  return seed === undefined ? words : [...words, `lot:${seed}`];
}

/* The place of each project among equals, 0 first; all different. */
export async function ranks(election, text = "id") {
  const { projects } = election;
  const votes = counts(election);
  const places = projects.map((_, place) => place); // sorted by id already
  for (const word of tied(text).reverse()) {
    const key = word.startsWith("lot:") ? "lot" : word.replace(/^-/, "");
    const lots = key === "lot" ? await Promise.all(projects.map(({ id }) => digest(`${word.slice(4)}/${id}`))) : [];
    const number = projects.map(({ id }) => (/^[0-9]+$/.test(id) ? BigInt(id) : null));
    const by = {
      id: (a, b) => a - b,
      number: (a, b) => (number[a] === null) - (number[b] === null) || (number[a] === number[b] ? 0 : number[a] < number[b] ? -1 : 1),
      cost: (a, b) => order(projects[a].cost, projects[b].cost),
      votes: (a, b) => votes[a] - votes[b],
      lot: (a, b) => (lots[a] < lots[b] ? -1 : lots[a] > lots[b] ? 1 : 0),
    }[key];
    if (!by) throw new Unable(`모르는 동점 규칙: ${word}`, `unknown rule of ties ${word}`);
    places.sort(word.startsWith("-") ? (a, b) => by(b, a) : by);
  }
  const found = new Array(places.length);
  places.forEach((place, rank) => { found[place] = rank; });
  return found;
}

const COLUMNS = ["category", "target", "district", "neighborhood", "subunit"];

/* What is left of the budget and of each limit, as a rule goes. */
export class Room {
  constructor(election, limits = "") {
    this.election = election;
    this.left = election.budget;
    this.caps = limits.split(" | ").filter(Boolean).map((one) => this.#cap(one));
  }

  #cap(text) {
    const [, by, value, many, most] = /^([^=]+)=(.*):(#?)([^:]+)$/s.exec(text) ?? [];
    const room = most && amount(most);
    if (!room || !COLUMNS.includes(by)) throw new Unable(`읽을 수 없는 한도: ${text}`, `a limit that cannot be read: ${text}`);
    const use = this.election.projects.map((project) => (project.columns[by].includes(value) ? (many ? [1n, 1n] : project.cost) : null));
    return { room, use };
  }

  /* "" where the project fits; else "limit" or "budget". */
  hindrance(place) {
    if (this.caps.some(({ room, use }) => use[place] && order(use[place], room) > 0)) return "limit";
    return order(this.election.projects[place].cost, this.left) > 0 ? "budget" : "";
  }

  take(place) {
    const less = (from, what) => ratio(from[0] * what[1] - what[0] * from[1], from[1] * what[1]);
    this.left = less(this.left, this.election.projects[place].cost);
    for (const cap of this.caps) if (cap.use[place]) cap.room = less(cap.room, cap.use[place]);
  }
}
