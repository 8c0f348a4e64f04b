/* The part of a result page that counts on the reader's own device: the recount, and what one's own marks bought.
   1. [data-recount]: the ballots and the published result are fetched from this house and counted again in a worker.
   2. [data-mine]: what is typed stays here; it is sent nowhere and kept nowhere. */

import { bought } from "./mine.js";

const korean = document.documentElement.lang !== "en";
const say = (ko, en) => (korean ? ko : en);
const file = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
};

const told = (place, kind, words, lines = []) => {
  place.replaceChildren();
  const box = document.createElement("div");
  box.className = `notice notice-${kind}`;
  const head = document.createElement("p");
  head.textContent = words;
  box.append(head);
  if (lines.length) {
    const list = document.createElement("ul");
    for (const words of lines) list.append(Object.assign(document.createElement("li"), { textContent: words }));
    box.append(list);
  }
  place.append(box);
};

function recount(part) {
  const start = part.querySelector("[data-start]");
  const cancel = part.querySelector("[data-cancel]");
  const stop = part.querySelector("[data-stop]");
  const place = part.querySelector("[data-said]");
  let worker = null;
  const rest = () => {
    worker?.terminate();
    worker = null;
    start.disabled = false;
    stop.hidden = true;
  };
  const heard = ({ data: { step, of, done, fault } }) => {
    if (done) {
      rest();
      const lines = done.lines.map(({ ok, ko, en }) => `${ok ? "✓" : "✗"} ${say(ko, en)}`);
      told(place, done.same ? "success" : "error", done.same ? say("다시 세어 보니 알린 결과와 같습니다.", "Counted again: the same as published.")
        : say("다시 세어 보니 알린 결과와 다릅니다.", "Counted again: not the same as published."), lines);
    } else if (fault) {
      rest();
      told(place, "warning", say("다시 세지 못했습니다.", "It could not be counted again."), [say(fault.ko, fault.en)]);
    } else {
      place.textContent = of ? say(`세고 있습니다: ${of}걸음 가운데 ${step}`, `Counting: step ${step} of ${of}`) : say(`세고 있습니다: ${step}`, `Counting: ${step}`);
    }
  };
  part.querySelector("[data-buttons]").hidden = false;
  start.addEventListener("click", async () => {
    start.disabled = true;
    stop.hidden = false;
    place.textContent = say("내려받고 있습니다…", "Fetching…");
    const mine = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker = mine;
    mine.addEventListener("message", heard);
    mine.addEventListener("error", () => { rest(); told(place, "warning", say("이 기기에서는 셀 수 없습니다.", "This device cannot count it.")); });
    try {
      const [ballots, published, paper] = await Promise.all([
        file(part.dataset.ballots).then((answer) => answer.arrayBuffer()), file(part.dataset.published).then((answer) => answer.json()),
        part.dataset.paper ? file(part.dataset.paper).then((answer) => answer.json()) : null,
      ]);
      if (worker !== mine) return; // cancelled while it was fetched
      place.textContent = say("세고 있습니다…", "Counting…");
      mine.postMessage({ ballots, form: part.dataset.form, published, paper }, [ballots]);
    } catch (fault) {
      rest();
      told(place, "warning", say("파일을 내려받지 못했습니다. 조금 뒤 다시 해 주세요.", "The files could not be fetched. Please try again in a while."), [fault.message]);
    }
  });
  cancel.addEventListener("click", () => { rest(); place.textContent = say("그만두었습니다.", "Cancelled."); });
}

function mine(part) {
  const field = part.querySelector("[data-marks]");
  const place = part.querySelector("[data-said]");
  let account = null;
  const money = (amount) => `${amount.toLocaleString(korean ? "ko" : "en", { maximumFractionDigits: 2 })} ${part.dataset.unit ?? ""}`.trim();
  const show = async () => {
    const names = field.value.split(/[\s,]+/).filter(Boolean);
    if (!names.length) { place.replaceChildren(); return; }
    account ??= await file(part.dataset.published).then((answer) => answer.json());
    const { wins, lost, unknown, paid, start } = bought(account, names);
    const lines = wins.map(({ name, round, paid: here }) => say(`✓ ${name}: ${round}번째로 뽑힘`, `✓ ${name}: chosen as number ${round}`) + (here ? say(` — 내 몫 ${money(here)}`, ` — my part ${money(here)}`) : ""));
    lines.push(...lost.map(({ name, why }) => say(`✗ ${name}: 뽑히지 않음(${why})`, `✗ ${name}: not chosen (${why})`)));
    lines.push(...unknown.map((name) => say(`? ${name}: 목록에 없는 번호`, `? ${name}: not on the list`)));
    const sum = start ? say(` 처음 몫 ${money(start)} 가운데 ${money(paid)}이 쓰였습니다.`, ` ${money(paid)} of your ${money(start)} was spent.`) : "";
    told(place, "info", say(`고른 ${wins.length + lost.length}개 가운데 ${wins.length}개가 뽑혔습니다.`, `${wins.length} of your ${wins.length + lost.length} were chosen.`) + sum, lines);
  };
  let wait;
  field.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => show().catch(() => { place.textContent = say("결과를 내려받지 못했습니다.", "The result could not be fetched."); }), 300); });
}

document.querySelectorAll("[data-recount]").forEach(recount);
document.querySelectorAll("[data-mine]").forEach(mine);
