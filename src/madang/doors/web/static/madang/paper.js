/* Comforts of a ballot paper; without this file the same fields are filled in by hand.
   1. data-paper="picks|money|numbers": says how much is marked; what would be too much is taken back at once, in words.
   2. data-paper="ranking": ↑ ↓ buttons and dragging write the ranks into the number fields.
   Nothing that was marked is kept on the device. */
(() => {
  "use strict";
  const ko = document.documentElement.lang !== "en";
  const won = (n) => (ko ? `${n.toLocaleString("ko-KR")}원` : `₩${n.toLocaleString("en-US")}`);
  const W = ko
    ? {
      picked: (n, most) => (most ? `${most}개 가운데 ${n}개를 골랐습니다.` : `${n}개를 골랐습니다.`),
      full: (most) => `${most}개를 모두 골랐습니다. 바꾸려면 먼저 하나를 지워 주세요.`,
      money: (n, pot) => `고른 비용 ${won(n)} · 남은 돈 ${won(pot - n)}`,
      dear: (left) => `남은 돈이 ${won(left)}이라 이것까지는 고를 수 없습니다.`,
      dots: (n, all) => `점 ${all}개 가운데 ${n}개를 붙였습니다.`,
      over: (all) => `점은 모두 ${all}개입니다.`,
      add: "순위에 넣기", up: "위로", down: "아래로", out: "빼기", nth: (n) => `${n}위`, none: "순위 없음",
      told: (what, n) => `${what}: ${n}위`, gone: (what) => `${what}: 순위에서 뺐습니다.`,
    }
    : {
      picked: (n, most) => (most ? `${n} of ${most} chosen.` : `${n} chosen.`),
      full: (most) => `All ${most} are chosen. To change, take one back first.`,
      money: (n, pot) => `Chosen ${won(n)} · left ${won(pot - n)}`,
      dear: (left) => `Only ${won(left)} is left; this one does not fit.`,
      dots: (n, all) => `${n} of ${all} dots used.`,
      over: (all) => `There are ${all} dots in all.`,
      add: "Rank it", up: "Up", down: "Down", out: "Take out", nth: (n) => `No. ${n}`, none: "not ranked",
      told: (what, n) => `${what}: number ${n}`, gone: (what) => `${what}: taken out of the ranking.`,
    };

  const say = (paper, words) => { const line = paper.querySelector("[data-sum]"); if (line) line.textContent = words; };
  const boxes = (paper) => [...paper.querySelectorAll("input[type=checkbox]")];

  const picks = (paper) => {
    const most = Number(paper.dataset.most) || 0;
    const told = () => say(paper, W.picked(boxes(paper).filter((b) => b.checked).length, most));
    paper.addEventListener("change", (event) => {
      const now = boxes(paper).filter((b) => b.checked).length;
      if (most && now > most && event.target.checked) { event.target.checked = false; say(paper, W.full(most)); return; }
      told();
    });
    told();
  };

  const money = (paper) => {
    const pot = Number(paper.dataset.pot);
    const spent = () => boxes(paper).filter((b) => b.checked).reduce((sum, b) => sum + Number(b.dataset.cost), 0);
    paper.addEventListener("change", (event) => {
      if (pot && spent() > pot && event.target.checked) { event.target.checked = false; say(paper, W.dear(pot - spent())); return; }
      say(paper, W.money(spent(), pot));
    });
    say(paper, W.money(spent(), pot));
  };

  const numbers = (paper) => {
    const all = Number(paper.dataset.points);
    if (!all) return;
    const fields = [...paper.querySelectorAll("input[type=number]")];
    const used = () => fields.reduce((sum, f) => sum + (Number(f.value) || 0), 0);
    paper.addEventListener("input", (event) => {
      const over = used() - all;
      if (over > 0) { event.target.value = Math.max(0, Number(event.target.value) - over) || ""; say(paper, W.over(all)); return; }
      say(paper, W.dots(used(), all));
    });
    say(paper, W.dots(used(), all));
  };

  const ranking = (paper) => {
    const live = document.createElement("p");
    live.className = "hush";
    live.setAttribute("role", "status");
    paper.after(live);
    const lines = [...paper.querySelectorAll("[data-line]")];
    const field = (line) => line.querySelector("input");
    const title = (line) => line.querySelector("strong").textContent;
    const printed = new Map(lines.map((line, at) => [line, at]));
    let ranked = lines.filter((l) => field(l).value).sort((a, b) => field(a).value - field(b).value);
    const button = (words, of, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-small btn-line";
      made.textContent = words;
      made.setAttribute("aria-label", `${title(of)}: ${words}`);
      made.dataset.do = words;
      made.addEventListener("click", () => { act(); draw(); const again = of.querySelector(`[data-do="${words}"]:not([disabled])`) ?? of.querySelector("button:not([disabled])"); again?.focus(); });
      return made;
    };
    const swap = (line, by) => {
      const at = ranked.indexOf(line);
      [ranked[at], ranked[at + by]] = [ranked[at + by], ranked[at]];
      live.textContent = W.told(title(line), at + by + 1);
    };
    const draw = () => {
      const rest = lines.filter((l) => !ranked.includes(l)).sort((a, b) => printed.get(a) - printed.get(b));
      [...ranked, ...rest].forEach((line) => {
        const at = ranked.indexOf(line);
        field(line).value = at < 0 ? "" : at + 1;
        const side = line.querySelector("[data-rank]");
        const chip = document.createElement("span");
        chip.className = at < 0 ? "muted" : "badge";
        chip.textContent = at < 0 ? W.none : W.nth(at + 1);
        const up = button(`↑ ${W.up}`, line, () => swap(line, -1));
        const down = button(`↓ ${W.down}`, line, () => swap(line, 1));
        up.disabled = at === 0; down.disabled = at === ranked.length - 1;
        side.replaceChildren(chip, ...(at < 0
          ? [button(W.add, line, () => { ranked.push(line); live.textContent = W.told(title(line), ranked.length); })]
          : [up, down, button(W.out, line, () => { ranked = ranked.filter((l) => l !== line); live.textContent = W.gone(title(line)); })]));
        line.draggable = at >= 0;
        paper.append(line);
      });
    };
    lines.forEach((line) => {
      const side = document.createElement("span");
      side.className = "paper-moves";
      side.dataset.rank = "";
      field(line).type = "hidden";
      line.querySelector(".paper-rank").hidden = true;
      line.append(side);
      line.addEventListener("dragstart", (event) => { event.dataTransfer.setData("text/plain", ""); event.dataTransfer.effectAllowed = "move"; paper.dragged = line; });
      line.addEventListener("dragover", (event) => { if (paper.dragged && ranked.includes(line)) event.preventDefault(); });
      line.addEventListener("drop", (event) => {
        event.preventDefault();
        const moved = paper.dragged;
        if (!moved || moved === line) return;
        const at = ranked.indexOf(line);
        ranked = ranked.filter((l) => l !== moved);
        ranked.splice(at, 0, moved);
        live.textContent = W.told(title(moved), ranked.indexOf(moved) + 1);
        draw();
      });
    });
    draw();
  };

  const KINDS = { picks, money, numbers, ranking };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-paper]").forEach((paper) => KINDS[paper.dataset.paper]?.(paper)));
})();
