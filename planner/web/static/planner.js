// Pleasant, not needed: everything works without this file.

const worker = navigator.serviceWorker;
// At the first visit, the page as the planner sent it, before a script changes it: the worker keeps it.
const untouched = worker && !worker.controller ? `<!DOCTYPE html>\n${document.documentElement.outerHTML}` : "";

/** Show a button that this browser can serve, and say what it does. */
function offer(button, act) {
  button.hidden = false;
  button.addEventListener("click", act);
}

/** Put the words of an element onto the clipboard; whether that worked. Browsers have the new way under HTTPS alone. */
async function copy(id) {
  const { textContent: text } = document.getElementById(id);
  if (!navigator.clipboard) return copyMarked(text);
  return navigator.clipboard.writeText(text).then(() => true, () => copyMarked(text));
}

/** The old way, for an address at home (plain HTTP): mark it in a field that nobody sees, and let the browser copy. */
function copyMarked(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true; // a phone shows no keyboard
  Object.assign(field.style, { position: "fixed", top: "0", opacity: "0", fontSize: "16px" }); // smaller, and an iPhone zooms
  document.body.append(field);
  field.focus({ preventScroll: true });
  field.select();
  field.setSelectionRange(0, text.length); // select() alone marks nothing on an iPhone
  const copied = document.execCommand("copy");
  field.remove();
  before?.focus({ preventScroll: true });
  return copied;
}

for (const button of document.querySelectorAll("[data-copy]"))
  offer(button, async () => {
    if (await copy(button.dataset.copy)) button.textContent = button.dataset.copied;
    else button.hidden = true;
  });

// Where the platform's form cannot be filled in, its text is on the clipboard by the time its page is open.
for (const link of document.querySelectorAll("[data-takes]"))
  link.addEventListener("click", () => copy(link.dataset.takes));

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  offer(button, () => {
    const text = document.getElementById(button.dataset.share).textContent;
    navigator.share({ title: button.dataset.title, text }).catch(() => {});
  });
}

// A tap is seen at once, and a second one on the same post, or on the same form, does nothing while the first is on its
// way. What a script of the page sends by itself (defaultPrevented) has no new page that would lift this.
addEventListener("submit", (event) => {
  const { target } = event;
  if (event.defaultPrevented || target.method !== "post") return;
  const sent = target.closest(".card") ?? target;
  if (sent.classList.contains("sending")) {
    event.preventDefault();
    return;
  }
  sent.classList.add("sending");
  setTimeout(() => sent.classList.remove("sending"), 8000); // a download leaves the page, and so does a lost network
});
addEventListener("pageshow", () => {
  for (const sent of document.querySelectorAll(".sending")) sent.classList.remove("sending");
});

// Today can be read without network, and what is ticked off meanwhile is sent later: by sw.js.
if (worker && document.querySelector("link[rel=manifest]")) {
  addEventListener("load", () => worker.register("/sw.js").then(() => untouched && keepToday(), () => {}));
  let again;
  const send = () => worker.ready.then((ready) => ready.active.postMessage("send"));
  worker.addEventListener("message", ({ data }) => {
    if (data.sent) arrived();
    else show(data);
    clearTimeout(again);
    if (data.waiting?.length && navigator.onLine) again = setTimeout(send, 2000); // "online" may be said too early
  });
  addEventListener("online", send);
  addEventListener("offline", () => show({ waiting: [], offline: true }));
  if (navigator.onLine) send();
  else worker.ready.then((ready) => ready.active.postMessage("waiting"));
}

/** At the first visit nobody saw Today and its files pass: the worker is handed them, or fetches what is not on this page. */
async function keepToday() {
  const { active } = await worker.ready;
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname + new URL(name).search);
  const keep = document.querySelector(".tabs a")?.pathname;
  const text = ["/", keep].includes(location.pathname) ? untouched : ""; // "/" with tabs is the day of the only business
  if (keep) active.postMessage({ keep, text, files: files.filter((name) => name.startsWith("/static/")) });
}

/** What waited was sent: Today is shown anew; another page stays, for somebody may be writing there. */
function arrived() {
  if (document.getElementById("offline")) location.assign(location.pathname);
  else for (const words of document.querySelectorAll(".waiting")) words.remove();
}

/** Mark what waits for the network. */
function show({ waiting, offline, refused }) {
  const banner = document.getElementById("offline");
  if (!banner) return;
  banner.hidden = !(offline || refused || waiting.length);
  if (refused) banner.textContent = banner.dataset.refused;
  for (const tap of waiting) {
    const words = document.createElement("p");
    words.className = "hint waiting";
    words.textContent = `⏳ ${banner.dataset.waiting}`;
    pressed(tap)?.replaceWith(words);
  }
}

/** Where a tap was made: the buttons of its post, that of its step, or that which takes something back. */
function pressed({ path, step }) {
  if (path === "/undo") return document.querySelector(".changed .notice button");
  const there = [...document.querySelectorAll(`form[action="${path}"]`)];
  if (step) return there.find((form) => form.elements.step?.value === step);
  return (there[0] ?? document.querySelector(`[formaction="${path}"]`))?.closest(".verbs");
}
