/* The desk of a booth, with and without a network.
 *
 * 1. With a network the page is a plain form and this script only keeps a copy of the roll: hashes under the desk's own key.
 * 2. Without one it looks people up in that copy and writes hand-outs down in order; nothing typed is ever stored.
 * 3. The list goes up in one piece as often as needed: the house passes over what it has already taken.
 */
const section = document.querySelector("[data-booth]");

export const clean = {
  name: (text) => text.normalize("NFKC").replace(/\s+/gu, "").toLowerCase(),
  born: (text) => text.trim(),
  contact(text) {
    const bare = text.replace(/\s+/gu, "").toLowerCase();
    return bare.includes("@") ? bare : bare.replace(/[-.()]/g, "").replace(/^\+?820?/, "0");
  },
};

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function keyed(key, text) {
  const made = await crypto.subtle.importKey("raw", bytes(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(await crypto.subtle.sign("HMAC", made, new TextEncoder().encode(text)));
}

/** The hash a line of the roll has at this desk (decisions.forms.rolls.desk_hash, then acts.booths.desk_line). */
export async function lineOf(copy, name, born, contact) {
  const text = [clean.name(name), clean.born(born), clean.contact(contact)].join("\x1f");
  return keyed(copy.desk, await keyed(copy.ballot, text));
}

if (section) begin();

function begin() {
  const place = `madang-booth-${section.dataset.booth}`;
  const say = (key) => section.querySelector(`[data-word="${key}"]`).textContent;
  const state = section.querySelector("[data-state]");
  const panel = section.querySelector("[data-offline]");
  const form = section.querySelector("[data-look]");
  const kept = () => JSON.parse(localStorage.getItem(place) || "null");
  const keep = (told) => localStorage.setItem(place, JSON.stringify(told));

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(section.dataset.worker);

  function draw() {
    const told = kept();
    const many = told ? told.queue.length : 0;
    panel.hidden = many === 0;
    panel.querySelector("[data-count]").textContent = say("waiting").replace("{n}", many);
  }

  async function copy() {
    const answer = await fetch(section.dataset.copy, { cache: "no-store" });
    if (!answer.ok) return;
    const fresh = await answer.json();
    const told = kept();
    const queue = (told ? told.queue : []).filter((entry) => entry.seq > fresh.synced);
    for (const entry of queue) if (fresh.lines[entry.line]) fresh.lines[entry.line][1] = 1;
    keep({ copy: fresh, queue, last: Math.max(fresh.synced, told ? told.last : 0) });
    draw();
  }

  async function reachable() {
    if (!navigator.onLine) return false;
    try {
      return (await fetch(section.dataset.copy, { method: "GET", cache: "no-store", signal: AbortSignal.timeout(4000) })).ok;
    } catch {
      return false;
    }
  }

  async function look() {
    const told = kept();
    if (!told) return show("no-copy", "warning");
    const [name, born, contact] = ["name", "born", "contact"].map((field) => form.elements[field].value);
    const line = await lineOf(told.copy, name, born, contact);
    const found = told.copy.lines[line];
    if (!found) return show("nobody", "warning");
    if (found[1]) return show("used", "warning");
    if (!section.dataset.apart) return show("no-apart", "warning");
    show("free", "success", found[0]);
    const hand = document.createElement("button");
    hand.type = "button";
    hand.className = "btn";
    hand.textContent = say("hand");
    hand.addEventListener("click", () => {
      const now = kept();
      if (now.copy.lines[line][1]) return;
      now.last += 1;
      now.queue.push({ seq: now.last, line });
      now.copy.lines[line][1] = 1;
      keep(now);
      form.reset();
      show("written", "success");
      draw();
    });
    state.append(" ", hand);
    hand.focus();
  }

  function show(key, kind, group = "") {
    state.className = `notice notice-${kind}`;
    state.textContent = say(key) + (group ? ` (${group})` : "");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await reachable()) form.submit();
    else await look();
  });

  panel.querySelector("[data-send]").addEventListener("click", async () => {
    const told = kept();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("queue", JSON.stringify(told.queue));
    try {
      const answer = await fetch(section.dataset.sync, { method: "POST", body });
      if (!answer.ok) return show("refused", "warning");
      await copy();
      show("sent", "success");
    } catch {
      show("offline", "warning");
    }
  });

  addEventListener("offline", () => show("offline", "warning"));
  addEventListener("online", () => copy().then(() => show("online", "info")));
  draw();
  copy().catch(() => show(kept() ? "offline" : "no-copy", "warning"));
}
