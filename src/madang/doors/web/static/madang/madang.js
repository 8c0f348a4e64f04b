/* Comforts only; every page works without this file.
   1. form[data-draft="key"]: what is typed is kept on this device until it was sent.
   2. A form is sent once, however often its button is pressed.
   3. Fields with maxlength say how many letters are left. */
(() => {
  "use strict";
  const ko = document.documentElement.lang !== "en";
  const WORDS = ko
    ? { left: (n) => `${n.toLocaleString()}자 더 쓸 수 있습니다`, kept: "이 기기에 저장해 둔 글을 불러왔습니다.", drop: "지우고 새로 쓰기" }
    : { left: (n) => `${n.toLocaleString()} characters left`, kept: "We brought back the text kept on this device.", drop: "Discard it" };
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* full or forbidden: nothing is lost on the page */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* the same */ } },
  };

  const kept = (field) => field.name && field.name !== "csrfmiddlewaretoken" && !["password", "hidden", "file", "submit"].includes(field.type);
  const read = (form) => [...form.elements].filter(kept).map((f) => [f.name, f.type === "checkbox" || f.type === "radio" ? f.checked : f.value, f.type === "radio" || f.type === "checkbox" ? f.value : null]);
  const write = (form, rows) => rows.forEach(([name, value, of]) => {
    for (const f of form.elements) {
      if (f.name !== name || !kept(f)) continue;
      if (of === null) f.value = value; else if (f.value === of) f.checked = value;
      f.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  const draft = (form) => {
    const key = `draft:${form.dataset.draft}`;
    const sent = store.get(`${key}:sent`);
    store.drop(`${key}:sent`);
    if (sent && !form.querySelector(".errors")) store.drop(key);
    const old = store.get(key);
    const fresh = JSON.stringify(read(form));
    if (old && old !== fresh && !form.querySelector(".errors")) {
      write(form, JSON.parse(old));
      const note = document.createElement("p");
      const drop = document.createElement("button");
      note.className = "notice notice-info";
      note.setAttribute("role", "status");
      note.textContent = `${WORDS.kept} `;
      drop.type = "button";
      drop.className = "btn btn-text";
      drop.textContent = WORDS.drop;
      drop.addEventListener("click", () => { store.drop(key); write(form, JSON.parse(fresh)); note.remove(); });
      note.append(drop);
      form.prepend(note);
    }
    let wait;
    form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => store.set(key, JSON.stringify(read(form))), 400); });
    form.addEventListener("submit", () => { clearTimeout(wait); store.set(key, JSON.stringify(read(form))); store.set(`${key}:sent`, "1"); });
  };

  const count = (field) => {
    const line = document.createElement("p");
    line.className = "left";
    line.setAttribute("aria-live", "polite");
    const say = () => {
      const left = field.maxLength - field.value.length;
      line.textContent = field.value && left <= Math.max(20, field.maxLength / 5) ? WORDS.left(left) : "";
    };
    field.after(line);
    field.addEventListener("input", say);
    say();
  };

  const once = (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    setTimeout(() => delete form.dataset.sending, 8000);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-draft]").forEach(draft);
    document.querySelectorAll("textarea[maxlength], input[data-count]").forEach(count);
  });
  document.addEventListener("submit", once);
  addEventListener("pageshow", () => document.querySelectorAll("[data-sending]").forEach((form) => delete form.dataset.sending));
})();
