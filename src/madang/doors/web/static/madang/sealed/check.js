/* The page of the audit: poll.zip is checked and counted again in this browser; each step says what it found. */

import { audit } from "./audit.js";

const $ = (id) => document.getElementById(id);
const set = JSON.parse($("sealed-page").textContent);
const fill = (words, given) => words.replace(/%(\w+)/g, (whole, name) => (given[name] === "" ? "–" : (given[name] ?? whole)));
let running = false;

function line(good, words) {
  const made = document.createElement("li");
  made.className = good ? "check-good" : "check-bad";
  made.textContent = `${good ? "✓" : "✗"} ${words}`;
  $("steps").append(made);
}

const rest = () => new Promise((done) => { setTimeout(done); });

async function run(bytes) {
  if (running) return;
  running = true;
  $("steps").replaceChildren();
  $("said").textContent = set.words.running;
  let last = performance.now();
  const told = (step, figures) => {
    if (step === "ballot") {
      if (performance.now() - last > 200) [last, $("progress").textContent] = [performance.now(), fill(set.words.ballot, figures)];
    } else {
      line(step !== "uncounted", fill(set.words[step], figures));
    }
  };
  await rest();
  try {
    const report = await audit(bytes, { key: $("key").value, receipt: $("code").value, told });
    tell(report);
  } catch (fault) {
    if (!fault.code) throw fault;
    $("said").textContent = set.words["bad-code"];
  } finally {
    $("progress").textContent = "";
    running = false;
  }
}

function tell({ ok, fault, counted, receipt }) {
  if (fault) {
    const place = [fault.file, fault.line ? fill(set.words.line, { n: fault.line }) : ""].filter(Boolean).join(" ");
    line(false, [place && `${place}:`, set.faults[fault.code] ?? fault.code, fault.detail && `(${fault.detail})`].filter(Boolean).join(" "));
  }
  if (receipt) line(true, fill(set.words[receipt.counted ? "mine" : "mine-replaced"], { ...receipt, marks: receipt.marks || "—" }));
  $("said").textContent = set.words[!ok ? "bad" : counted ? "good" : "good-but"];
  $("said").className = `notice ${ok ? "notice-success" : "notice-danger"}`;
}

$("own").addEventListener("change", async ({ target }) => { if (target.files[0]) run(new Uint8Array(await target.files[0].arrayBuffer())); });
$("published")?.addEventListener("click", async () => {
  const answer = await fetch(set.zip, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) run(new Uint8Array(await answer.arrayBuffer()));
  else $("said").textContent = set.words.unreachable;
});
