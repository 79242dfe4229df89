// What the browser adds to pages that work without it: local times, copying, keys, live lists and threads, drafts.
// Nothing here is needed to read or to send anything.

const first = (selector, root = document) => root.querySelector(selector);
const every = (selector, root = document) => [...root.querySelectorAll(selector)];
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

const voice = document.body.appendChild(make("div", { role: "status", class: "visually-hidden" }));
const say = (words) => { voice.textContent = words; };

/* Times: the page has UTC; the reader's own zone stands beside it, the distance in the tooltip. */
const format = (options) => new Intl.DateTimeFormat("en-GB", options);
const minutes = { hour: "2-digit", minute: "2-digit" };
const clock = format({ ...minutes, timeZoneName: "short" });
const dayAndClock = format({ day: "numeric", month: "short", ...minutes, timeZoneName: "short" });
const inFull = format({ dateStyle: "full", timeStyle: "long" });
const utcDay = format({ timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
const utcClock = format({ timeZone: "UTC", ...minutes });
const distance = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const forPeople = (at) => `${utcDay.format(at)}, ${utcClock.format(at)} UTC`;

function relative(at) {
  const seconds = (at - Date.now()) / 1000;
  const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60]].find((one) => Math.abs(seconds) >= one[1]) ?? ["second", 1];
  return distance.format(Math.round(seconds / size), unit);
}

function showLocalTimes(root) {
  for (const time of every("time[datetime*='T']:not([title])", root)) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title = `${inFull.format(at)}, ${relative(at)}`;
    if ("brief" in time.dataset || at.getTimezoneOffset() === 0) continue;
    const local = at.getDate() === at.getUTCDate() ? clock : dayAndClock;
    time.after(make("span", { class: "local-time" }, ` (${local.format(at)})`));
  }
}

/* Copying: the button exists only where it can work. */
function addCopyButtons(root) {
  for (const source of every("[data-copy]:not([data-copy='ready'])", root)) {
    source.dataset.copy = "ready";
    const button = make("button", { type: "button", class: "button small copy" }, "Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        say(button.textContent = "Copied");
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Press Ctrl+C";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    source.after(button);
  }
}

/* Addresses in what people wrote become links, built as nodes. */
const address = /https?:\/\/[^\s<>"'`\u0000-\u001f\u202a-\u202e\u2066-\u2069]+/g;

function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(/[.,;:!?)\]}]+$/, "");
    if (!URL.canParse(href)) continue;
    parts.push(text.slice(from, match.index), make("a", { href, rel: "noopener noreferrer nofollow ugc" }, href));
    from = match.index + href.length;
  }
  return [...parts, text.slice(from)];
}

function addLinks(root) {
  for (const element of every("[data-links]:not(:has(*))", root)) element.replaceChildren(...linked(element.textContent));
}

/* Text: what is left of the room for it, and a draft that outlives the page. */
const draftKey = (area) => `draft ${location.pathname} ${area.dataset.draft || area.name}`;
function countCharacters(area) {
  const left = Number(area.dataset.max) - [...area.value].length;
  if (!area.nextElementSibling?.matches(".counter")) area.after(make("p", { class: "counter" }));
  const counter = area.nextElementSibling;
  counter.hidden = left > Math.max(100, Number(area.dataset.max) / 5);
  counter.classList.toggle("over", left < 0);
  const words = `${Math.abs(left).toLocaleString("en-GB")} character${Math.abs(left) === 1 ? "" : "s"}`;
  counter.textContent = left < 0 ? `${words} too many` : `${words} left`;
  if (left === -1 || left === 100) say(counter.textContent);
}

function prepareText(root) {
  for (const area of every("[data-draft]", root)) area.value ||= sessionStorage.getItem(draftKey(area)) ?? "";
  every("[data-max]", root).forEach(countCharacters);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-max]")) countCharacters(target);
  if (target.matches("[data-draft]")) sessionStorage.setItem(draftKey(target), target.value);
});

/* Ticked rows: their count, and all at once. */
const ticks = (form) => every(".pick input[type=checkbox][name]", form);
function showTicked(form) {
  const count = ticks(form).length;
  const ticked = ticks(form).filter((box) => box.checked).length;
  for (const place of every("[data-bulk-count]", form)) place.textContent = `${ticked} selected`;
  const all = first("[data-tick-all]", form);
  if (all) Object.assign(all, { checked: ticked > 0 && ticked === count, indeterminate: ticked > 0 && ticked < count });
}

function prepareBulk(root) {
  for (const form of every("form[data-bulk]", root)) {
    const head = first("thead .pick", form);
    if (head && !first("[data-tick-all]", head)) {
      const all = { type: "checkbox", "data-tick-all": "", "aria-label": "Select every row of this page" };
      head.replaceChildren(make("label", {}, make("input", all)));
    }
    showTicked(form);
  }
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-bulk]");
  if (form && target.matches("[data-tick-all]")) for (const box of ticks(form)) box.checked = target.checked;
  if (form) showTicked(form);
});

/* Filters and previews that answer while one types. */
function keepLive(form) {
  const { live, liveTarget } = form.dataset;
  const posts = form.method === "post";
  let running, waiting;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    for (const [key, value] of [...query]) if (!posts && value === "") query.delete(key, value);
    const url = new URL(live || form.action, location.href);
    if (!posts) url.search = query;
    try {
      const answer = await fetch(url, { signal: running.signal, ...(posts ? { method: "POST", body: query } : {}) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [old, fresh] = [first(liveTarget), first(liveTarget, page)];
      if (!old || !fresh) return;
      old.replaceWith(fresh);
      enhance(fresh);
      if (!posts) history.replaceState(null, "", url);
      say(first("[data-announce]", fresh)?.textContent.trim() ?? "");
    } catch (error) {
      if (error.name !== "AbortError") say("The server did not answer.");
    }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); });
  if (!posts) form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); ask(); });
  for (const button of every("[data-live-submit]", form)) button.hidden = true;
}

/* Keys. Single letters can be switched off in the sheet that ? opens. */
const keysOff = () => localStorage.getItem("keys") === "off";
const rows = () => every("[data-keys] .row-link, [data-keys] [data-row]");

function showSheet() {
  const known = [["?", "This sheet"], ["Ctrl Enter", "Send the text you are writing"]];
  if (first("input[type=search]")) known.unshift(["/", "Search"]);
  if (rows().length) known.unshift(["j", "Next row"], ["k", "Row before"], ["Enter", "Open the row"], ["x", "Select the row"]);
  const keys = (names) => make("dt", {}, ...names.split(" ").map((name) => make("kbd", {}, name)));
  const list = make("dl", { class: "facts" }, ...known.flatMap(([names, words]) => [keys(names), make("dd", {}, words)]));
  const single = make("input", keysOff() ? { type: "checkbox" } : { type: "checkbox", checked: "" });
  single.addEventListener("change", () => localStorage.setItem("keys", single.checked ? "on" : "off"));
  const sheet = make("dialog", { "aria-labelledby": "keys-title" }, make("h2", { id: "keys-title" }, "Keys"), list,
    make("label", { class: "tick" }, single, "Use single keys on this browser"),
    make("form", { method: "dialog", class: "form-end" }, make("button", { class: "button" }, "Close")));
  sheet.addEventListener("close", () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
}

function move(step) {
  const all = rows();
  const now = all.findIndex((link) => link.closest("tr, li") === document.activeElement?.closest("tr, li"));
  all[now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step]?.focus();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea")) return target.form?.requestSubmit();
  if (key === "Escape") for (const menu of every("details.menu[open]")) { menu.open = false; first("summary", menu).focus(); }
  const writing = target.matches("input:not([type=checkbox], [type=radio]), textarea, select") || first("dialog[open]");
  if (event.ctrlKey || event.metaKey || event.altKey || writing || (keysOff() && key !== "?")) return;
  const box = first(".pick input", document.activeElement?.closest("[data-keys] tr") ?? document.createElement("p"));
  const search = () => first("input[type=search]")?.focus();
  const work = { j: () => move(1), k: () => move(-1), x: box && (() => box.click()), "?": showSheet, "/": search }[key];
  if (work) event.preventDefault();
  work?.();
});
document.addEventListener("click", ({ target }) => {
  for (const menu of every("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
});

/* The thread: messages arrive, change and go while one reads. The page brings the shape of one as a template. */
function fill(message) {
  const article = first("template[data-message-template]").content.firstElementChild.cloneNode(true);
  const gone = message.deleted_time !== null;
  for (const { attributes } of [article, ...every("*", article)])
    for (const attribute of attributes) attribute.value = attribute.value.replaceAll("MESSAGE", message.id);
  article.classList.toggle("mine", message.mine);
  article.classList.toggle("gone", gone);
  const time = first("time", article);
  time.dateTime = message.created_time;
  time.textContent = forPeople(new Date(message.created_time));
  first(".avatar", article)?.classList.add(message.side);
  const words = {
    initial: [...message.author.name.trim()][0] ?? "", author: message.author.name, company: message.author.company,
    edited: message.edited_time && !gone ? "edited" : "", body: gone ? "This message was deleted." : message.body,
  };
  for (const slot of every("[data-slot]", article)) slot.textContent = words[slot.dataset.slot] ?? "";
  if (!message.mine || gone) every("[data-when=mine]", article).forEach((element) => element.remove());
  return article;
}

function keepThread(thread) {
  const list = first("[data-messages]", thread) ?? thread;
  const source = new EventSource(thread.dataset.stream);
  const show = (message) => {
    const article = fill(message);
    const old = every("[data-message]", list).find((element) => element.dataset.message === message.id);
    const lastTime = every("[data-message] time", list).at(-1)?.dateTime ?? "";
    if (old) {
      old.replaceWith(article);
    } else {
      const at = message.created_time;
      if (lastTime.slice(0, 10) !== at.slice(0, 10)) list.append(make("p", { class: "day" }, utcDay.format(new Date(at))));
      list.append(article);
      if (!message.mine) say(`New message from ${message.author.name}`);
      if (!message.mine && !document.hidden) fetch(thread.dataset.seen, { method: "POST", body: new URLSearchParams({ form_token: thread.dataset.token }) });
      every("[data-no-messages]").forEach((element) => element.remove());
    }
    enhance(article);
  };
  source.addEventListener("message", ({ data }) => show(JSON.parse(data)));
  for (const form of every("form[data-post]")) form.addEventListener("submit", (event) => post(event, form, source));
}

/* With the stream open a message is posted in place; what goes wrong is shown by the page that the form leads to. */
async function post(event, form, source) {
  if (source.readyState !== EventSource.OPEN) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) return form.submit();
    for (const area of every("textarea", form)) {
      area.value = "";
      sessionStorage.removeItem(draftKey(area));
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const key of every("input[name=key]", form)) key.value = `${Date.now()}-${Math.random()}`;
    say("Sent.");
  } catch {
    say("Not sent: the server did not answer. Your text is still here.");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/* A form is sent once, and its drafts are done with. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const area of every("[data-draft]", form)) sessionStorage.removeItem(draftKey(area));
});
addEventListener("pageshow", () => every("form[data-sent]").forEach((form) => delete form.dataset.sent));

/* Opened means that a person moved, typed or scrolled, which mail scanners do not. */
const opened = first("[data-opened]");
if (opened) {
  const kinds = ["pointermove", "keydown", "wheel", "touchstart"];
  const tell = ({ isTrusted }) => {
    if (!isTrusted) return;
    kinds.forEach((kind) => removeEventListener(kind, tell));
    fetch(opened.dataset.opened, { method: "POST", keepalive: true }).catch(() => {});
  };
  for (const kind of kinds) addEventListener(kind, tell, { passive: true });
}

function enhance(root) {
  const around = root.parentElement ?? root;
  for (const work of [showLocalTimes, addCopyButtons, addLinks, prepareText, prepareBulk]) work(around);
}
enhance(document);
every("form[data-live-target]").forEach(keepLive);
every("[data-stream]").forEach(keepThread);
first(".summary")?.focus();
