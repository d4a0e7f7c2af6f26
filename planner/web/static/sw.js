// The service worker: Today as it was last seen when there is no network, and what was ticked off meanwhile sent later.
// Nothing is kept that was not on the screen, and all of it is forgotten at signing out (Clear-Site-Data).
const KEPT = "planner-2";
const TODAY = /^\/(businesses\/\d+)?$/;
const GUARDS = ["Content-Security-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Content-Type-Options"];
// What may arrive twice, and late: doing it again is doing it once.
const VERB = /^\/(posts\/\d+\/(done|tomorrow|later|skip|(steps|checklist)\/(tick|untick))|undo)$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && VERB.test(pathname)) event.respondWith(act(request, pathname));
  else if (request.method !== "GET") return;
  else if (pathname.startsWith("/static/")) event.respondWith(kept(request));
  else if (TODAY.test(pathname)) event.respondWith(fresh(request, pathname));
  else if (request.mode === "navigate") event.respondWith(elsewhere(request, pathname));
});

// Where the browser can (Background Sync), also after the page was closed.
self.addEventListener("sync", (event) => event.waitUntil(send()));

self.addEventListener("message", (event) => {
  const { data } = event;
  event.waitUntil(data.keep ? keep(data) : data === "send" ? send() : tell());
});

/** Look after the pages that are open, and forget what an earlier worker kept. */
async function begin() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await self.clients.claim();
}

/** Today as of the very first visit, when no worker was there yet to see it pass, with the files that it needs. */
async function keep({ keep: today, text, files }) {
  const cache = await caches.open(KEPT);
  const get = async (path) => (await cache.match(path)) ?? cache.add(path).catch(() => {});
  await Promise.all(files.map(get));
  if (!TODAY.test(today)) return;
  const headers = text && (await guards(cache, files));
  if (headers) await cache.put(today, new Response(text, { headers }));
  else await fetch(today).then((answer) => remember(cache, today, answer)).catch(() => {});
}

/** The headers of a page whose text alone was handed over: what guards it is what guards the files beside it. */
async function guards(cache, files) {
  const beside = files.length && (await cache.match(files[0]));
  if (!beside?.headers.has("Content-Security-Policy")) return null;
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
  for (const name of GUARDS) if (beside.headers.has(name)) headers.set(name, beside.headers.get(name));
  return headers;
}

/** Keep a page under the address that it says is its own: that of the only business is "/", too. */
async function remember(cache, pathname, answer) {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return;
  const own = answer.headers.get("Content-Location") ?? pathname;
  if (own !== pathname) await cache.delete(pathname);
  await cache.put(own, answer);
}

/** The days that are kept, by their paths. */
async function days(cache) {
  const seen = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  return seen.filter((path) => TODAY.test(path));
}

/** A file whose address carries its hash: once is enough. */
async function kept(request) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

/** The page as it is; without network as it was. What was kept as the day of the only business is "/", too. */
async function fresh(request, pathname) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    remember(cache, pathname, answer.clone()).catch(() => {}); // a full disk is no reason to show nothing
    return answer;
  } catch (error) {
    const found = (await cache.match(pathname)) ?? (pathname === "/" && (await cache.match((await days(cache))[0] ?? "/")));
    if (!found) throw error;
    return found;
  }
}

/** Any other page of ours; without network Today, which says so, as an app has no button to go back. */
async function elsewhere(request, pathname) {
  try {
    return await fetch(request);
  } catch (error) {
    const there = await days(await caches.open(KEPT));
    const day = there.find((path) => pathname.startsWith(`${path}/`)) ?? there[0];
    if (!day) throw error;
    return Response.redirect(day, 302);
  }
}

/** A tap: sent now, or written down with its moment, to be sent when the network is back. A script is told by 202. */
async function act(request, pathname) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const form = new URLSearchParams(await copy.text());
    if (!form.has("at")) form.set("at", new Date().toISOString());
    await store("readwrite", (queue) => queue.add({ pathname, form: form.toString() }));
    await self.registration.sync?.register("send").catch(() => {});
    if (request.mode !== "navigate") return new Response(null, { status: 202 });
    const open = await self.clients.matchAll({ type: "window" });
    const there = open.map((client) => new URL(client.url).pathname).find((path) => TODAY.test(path));
    return Response.redirect(there ?? "/", 303);
  }
}

/** Send what waits, one after the other, and never twice at once; what the planner refuses is dropped and told, what it cannot hear stays. */
let sending = Promise.resolve();
function send() {
  sending = sending.then(flush, flush);
  return sending;
}

async function flush() {
  let sent = 0;
  let refused = 0;
  let said = "";
  for (const { key, value } of await waiting()) {
    let answer;
    try {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      answer = await fetch(value.pathname, { method: "POST", headers, body: value.form });
    } catch {
      break;
    }
    if (answer.status >= 500 || answer.status === 429) break;
    await store("readwrite", (queue) => queue.delete(key));
    if (answer.redirected) sent += 1;
    else refused += 1;
    if (answer.url.includes("said=")) said = new URL(answer.url).search;
  }
  await tell(refused ? { refused } : sent ? { sent, said } : {});
}

/** Tell every window what waits, each by where it goes and the step it ticks, and what else; Today shows what was said. */
async function tell(more = {}) {
  const taps = (await waiting()).map(({ value }) => ({
    path: value.pathname,
    step: new URLSearchParams(value.form).get("step"),
  }));
  for (const client of await self.clients.matchAll({ type: "window" })) {
    const { pathname } = new URL(client.url);
    if (more.said && TODAY.test(pathname)) await client.navigate(pathname + more.said).catch(() => {});
    else client.postMessage({ waiting: taps, offline: !navigator.onLine, ...more });
  }
}

async function waiting() {
  const keys = await store("readonly", (queue) => queue.getAllKeys());
  const values = await store("readonly", (queue) => queue.getAll());
  return keys.map((key, place) => ({ key, value: values[place] }));
}

/** One question to the queue in the browser's database. */
function store(mode, ask) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("planner", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("queue", { autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = ask(opening.result.transaction("queue", mode).objectStore("queue"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    };
  });
}
