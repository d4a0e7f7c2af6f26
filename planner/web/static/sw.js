// The service worker: Today as it was last seen when there is no network, and what was ticked off meanwhile sent later.
// Nothing is kept that was not on the screen, and all of it is forgotten at signing out (Clear-Site-Data).
const KEPT = "planner-1";
const TODAY = /^\/(businesses\/\d+)?$/;
const VERB = /^\/posts\/(\d+)\/(done|tomorrow|skip)$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

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
  event.waitUntil(event.data === "send" ? send() : tell());
});

/** A file whose address carries its hash: once is enough. */
async function kept(request) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

/** The page as it is; without network as it was. */
async function fresh(request, pathname) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.type === "basic") cache.put(pathname, answer.clone());
    return answer;
  } catch (error) {
    const found = await cache.match(pathname);
    if (!found) throw error;
    return found;
  }
}

/** Any other page of ours; without network Today, which says so, as an app has no button to go back. */
async function elsewhere(request, pathname) {
  try {
    return await fetch(request);
  } catch (error) {
    const seen = (await (await caches.open(KEPT)).keys()).map(({ url }) => new URL(url).pathname);
    const days = seen.filter((path) => TODAY.test(path));
    const day = days.find((path) => pathname.startsWith(`${path}/`)) ?? days[0];
    if (!day) throw error;
    return Response.redirect(day, 302);
  }
}

/** A tap: sent now, or written down with its moment, to be sent when the network is back. */
async function act(request, pathname) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const form = new URLSearchParams(await copy.text());
    if (!form.has("at")) form.set("at", new Date().toISOString());
    await store("readwrite", (queue) => queue.add({ pathname, form: form.toString() }));
    await self.registration.sync?.register("send").catch(() => {});
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
  for (const { key, value } of await waiting()) {
    let answer;
    try {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      answer = await fetch(value.pathname, { method: "POST", headers, body: value.form, redirect: "manual" });
    } catch {
      break;
    }
    if (answer.status >= 500 || answer.status === 429) break;
    await store("readwrite", (queue) => queue.delete(key));
    if (answer.type === "opaqueredirect") sent += 1;
    else refused += 1;
  }
  if (sent && !refused) await tell({ sent });
  else await tell(refused ? { refused } : {});
}

/** Tell every window which posts wait, and what else there is. */
async function tell(more = {}) {
  const ids = (await waiting()).map(({ value }) => VERB.exec(value.pathname)[1]);
  for (const client of await self.clients.matchAll({ type: "window" }))
    client.postMessage({ waiting: ids, offline: !navigator.onLine, ...more });
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
