// Dragging a post to another day. Dropping sends the form by which the post's own page moves it; when the page is there
// again, it stands where it stood, and the moved post has the focus.
import { draggable, tell } from "./drag.js";

const form = document.getElementById("move");
const told = document.getElementById("told");
const places = [...document.querySelectorAll("[data-day]")];
const inWeeks = document.querySelector("table.month");
const KEPT = "planner-moved";

for (const entry of document.querySelectorAll(".movable")) {
  const handle = document.createElement("button");
  entry.dataset.title = entry.querySelector(".entry-title").textContent;
  Object.assign(handle, { type: "button", className: "grab", textContent: "⠿", hidden: true });
  handle.setAttribute("aria-label", form.dataset.grab.replace("{title}", entry.dataset.title));
  handle.setAttribute("aria-pressed", "false");
  entry.append(handle);
}

/** A day on or back, in a month also a week; null where the page ends. */
function next(arrow, over, there, entry) {
  const far = inWeeks && (arrow === "ArrowUp" || arrow === "ArrowDown") ? 7 : 1;
  const from = over ?? places.find((place) => place.contains(entry));
  return there[there.indexOf(from) + (arrow === "ArrowUp" || arrow === "ArrowLeft" ? -far : far)];
}

function put(entry, place, byKey) {
  if (place.contains(entry)) {
    tell("free");
    return;
  }
  keep(entry, byKey);
  place.append(entry);
  entry.classList.add("sending");
  form.action = `/posts/${entry.dataset.post}/move`;
  form.elements.to.value = place.dataset.day;
  form.elements.seen.value = entry.dataset.due;
  form.requestSubmit();
}

/** Remember for the page to come where this one stands, and which post it is about. */
function keep({ dataset: { post } }, byKey) {
  sessionStorage.setItem(KEPT, JSON.stringify({ post, byKey, top: scrollY, path: location.pathname }));
}

function recall() {
  const { post, byKey, top, path } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  sessionStorage.removeItem(KEPT);
  if (path !== location.pathname) return;
  scrollTo(0, top);
  const entry = document.getElementById(`post-${post}`);
  const link = entry?.offsetParent ? entry.querySelector((byKey && ".grab") || "a") : null;
  // One of many on its day stands behind “2 more”.
  (link ?? entry?.closest("[data-day]").querySelector(".more"))?.focus({ preventScroll: true });
  told.classList.add("unseen"); // it stands above already
  told.textContent = document.querySelector(".said")?.textContent ?? "";
}

draggable({
  things: ".movable",
  stuck: ".entry:not(.movable)",
  places,
  words: (place) => ({ place: place.dataset.words }),
  next,
  put,
});
document.querySelector(".undo")?.addEventListener("submit", (event) => keep(event.target, false));
for (const hidden of document.querySelectorAll("[data-scripts]")) hidden.hidden = false;
document.getElementById("print").addEventListener("click", () => print());
addEventListener("pageshow", (event) => event.persisted && location.reload());
recall();
