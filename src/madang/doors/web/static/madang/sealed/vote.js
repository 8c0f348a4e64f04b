/* The page of a secret vote: three steps, one of which is shown; each goes on where it was cut off.
   1. The page itself (decisions/sealed/vote.html) has every word and field; this script shows, hides and fills in.
   2. Whatever happens is said in a live region, and the focus goes to the heading of the step that is shown.
   3. Marks stand in the form alone; a reload or the back button asks for them again. */

import { utf8 } from "./bytes.js";
import { forget, keeps } from "./device.js";
import { lacking } from "./keys.js";
import { why, written } from "./marking.js";
import { houseKey, readPoll } from "./poll.js";
import { drawn } from "./qr.js";
import { Refused, Voting } from "./voting.js";

const $ = (id) => document.getElementById(id);
const set = JSON.parse($("sealed-page").textContent);
const ko = document.documentElement.lang !== "en";
const STEPS = ["step-stop", "step-right", "step-mark", "step-done"];
let voting;
let busy = false;

function show(step, focus = true) {
  STEPS.forEach((name) => { $(name).hidden = name !== step; });
  document.querySelectorAll("[data-step]").forEach((line) => {
    if (line.dataset.step === step) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  });
  if (focus) $(step).querySelector("h2").focus();
}

const say = (words) => { $("said").textContent = words; };

function wrong(fault) {
  const known = set.words[fault.code] ?? fault.says?.[ko ? "ko" : "en"] ?? (Array.isArray(fault.says) ? fault.says.join(" ") : "");
  if (!known && !(fault instanceof Refused)) throw fault;
  say("");
  $("wrong").textContent = known || set.words.unreachable;
  $("wrong").hidden = false;
  $("wrong").focus();
  if (fault.code === "already-issued") $("elsewhere").open = true;
}

/* One thing at a time: a second press does nothing, and the button says so. */
async function doing(words, work) {
  if (busy) return;
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  $("wrong").hidden = true;
  say(words);
  try {
    await work();
  } catch (fault) {
    $("waiting").hidden = !(await voting.record())?.pending;
    wrong(fault);
  } finally {
    busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

const stop = (code) => {
  $("stopped").textContent = set.words[code];
  show("step-stop", false);
};

/* Where this device stands. */
async function stand(focus = true) {
  const record = await voting.record();
  if (record && set.owner && record.owner !== set.owner) return stop("others-device");
  const over = Date.now() >= voting.poll.closes;
  if (!Voting.righted(record)) {
    if (over) return stop("closed");
    if (!set.owner) return stop("needs-login");
    if (!set.class && !record) return stop("no-class");
    $("go-on").hidden = !record;
    return show("step-right", focus);
  }
  if (record.pending) $("waiting").hidden = false;
  if (record.receipts.length) return done(record, focus);
  if (over && !record.pending) return stop("closed");
  $("recovery").hidden = !voting.recovery;
  $("recovery-code").textContent = voting.recovery;
  $("cast").disabled = Date.now() < voting.poll.opens;
  return show("step-mark", focus);
}

function done(record, focus) {
  const { code, leaf } = record.receipts.at(-1);
  $("receipt-code").textContent = code;
  $("receipt-qr").replaceChildren(drawn(code, set.words.qr));
  $("receipt-count").textContent = record.receipts.length > 1 ? set.words["cast-again"].replace("%n", record.receipts.length) : "";
  $("board-link").href = `${set.board}#${leaf}`;
  $("again").hidden = !voting.poll.revote || Date.now() >= voting.poll.closes;
  $("done-recovery").hidden = !voting.recovery;
  $("done-recovery-code").textContent = voting.recovery;
  show("step-done", focus);
}

async function right() {
  await voting.getRight($("invitation").value, extra());
  say(set.words["right-got"]);
  await stand();
}

const extra = () => Object.fromEntries(["room", "position"].filter((name) => $(name)).map((name) => [name, $(name).value]));

async function cast() {
  const marks = written(voting.poll.printed.rule.kind, new FormData($("paper")));
  const record = await voting.record();
  const fault = why(voting.poll.printed, record.classKey, marks);
  if (fault) throw new Refused(`void-${fault}`);
  await voting.cast(marks);
  $("paper").reset();
  $("waiting").hidden = true;
  say(set.words["cast-done"]);
  await stand();
}

function listen() {
  const press = (id, words, work) => $(id).addEventListener($(id).tagName === "FORM" ? "submit" : "click", (event) => {
    event.preventDefault();
    doing(set.words[words] ?? "", work);
  });
  press("right-form", "right-asking", right);
  press("recover-form", "right-asking", async () => {
    await voting.recover($("recovery-typed").value, $("invitation-again").value, extra());
    say(set.words["right-got"]);
    await stand();
  });
  press("paper", "casting", cast);
  press("resend", "casting", async () => {
    await voting.again();
    $("waiting").hidden = true;
    say(set.words["cast-done"]);
    await stand();
  });
  press("again", "", async () => { say(""); show("step-mark"); });
  press("print", "", async () => { say(""); print(); });
  document.querySelectorAll("[data-forget]").forEach((button) => button.addEventListener("click", () => doing("", async () => {
    if (!confirm(set.words["forget-sure"])) return;
    await forget(voting.poll);
    $("paper").reset();
    voting.recovery = "";
    $("waiting").hidden = true;
    say(set.words.forgotten);
    await stand();
  })));
  addEventListener("online", () => say(set.words.online));
  addEventListener("offline", () => say(set.words.offline));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

async function begin() {
  const lacks = await lacking();
  if (lacks) return stop(lacks === "insecure" ? "insecure" : "old-browser");
  if (!(await keeps())) return stop("keeps-nothing");
  const raw = utf8(set.poll);
  const poll = await readPoll(raw);
  await houseKey(raw, utf8(set.signature), set.key, "bad-poll-signature");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  voting = new Voting(poll, { ...set, token, classKey: set.class });
  listen();
  $("loading").hidden = true;
  await stand(false);
  const record = await voting.record();
  if (record?.pending) doing(set.words.casting, async () => { await voting.again(); $("waiting").hidden = true; say(set.words["cast-done"]); await stand(); });
}

begin().catch((fault) => { stop(set.words[fault.code] ? fault.code : "broken"); if (!fault.code) throw fault; });
