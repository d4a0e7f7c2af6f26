// Dragging an idea onto a slot: with a mouse, with a finger (press long, or take the handle), and with the keyboard
// (Enter on the handle, arrows, Enter). Dropping sends the same form as the idea's own page.
const FAR = 6; // pixels a mouse moves before it drags
const STILL = 10; // pixels a finger may tremble while it presses
const LONG = 350; // milliseconds of a long press
const EDGE = 48; // pixels from an edge within which the list scrolls

const told = document.getElementById("told");
const drop = document.getElementById("drop");
const room = document.querySelector(".room");
const slots = [...document.querySelectorAll(".slot")];
let idea = null; // the one being dragged
let over = null; // the slot below it
let ghost = null;
let press = null; // a pointer that is down and may become a drag

const tell = (key, values) => (told.textContent = told.dataset[key].replace(/\{(\w+)\}/g, (_all, name) => values[name]));
const fits = (slot) => !idea.dataset.channel || !slot.dataset.channel || slot.dataset.channel === idea.dataset.channel;

function grab(taken) {
  idea = taken;
  document.body.classList.add("dragging");
  idea.classList.add("grabbed");
  for (const slot of slots) slot.classList.toggle("unfit", !fits(slot));
}

function aim(slot) {
  over?.classList.remove("over");
  over = slot && fits(slot) ? slot : null;
  over?.classList.add("over");
}

function letGo() {
  aim(null);
  document.body.classList.remove("dragging");
  idea?.classList.remove("grabbed");
  idea?.querySelector(".grab").setAttribute("aria-pressed", "false");
  ghost?.remove();
  idea = ghost = press = null;
}

/** Put the idea where it is: onto a post at once, onto a free day by a form that asks for hour and channel. */
function put() {
  const [target, { idea: id }] = [over, idea.dataset];
  tell("dropped", { place: target.dataset.words });
  letGo();
  if (target.dataset.day) {
    location.assign(`${drop.dataset.where}/${id}?day=${target.dataset.day}`);
    return;
  }
  drop.action = `${drop.dataset.where}/${id}/use`;
  drop.elements.post.value = target.dataset.post;
  drop.requestSubmit();
}

// --- mouse and finger ---

function lift({ x, y }) {
  getSelection()?.removeAllRanges();
  grab(press.card);
  ghost = idea.cloneNode(true);
  ghost.classList.add("ghost");
  ghost.inert = true;
  ghost.querySelector(".grab").remove();
  document.body.append(ghost);
  follow(x, y);
  requestAnimationFrame(roll);
}

function follow(x, y) {
  Object.assign(press, { nowX: x, nowY: y });
  ghost.style.transform = `translate(${Math.min(x + 12, innerWidth - ghost.offsetWidth - 8)}px, ${y + 12}px)`;
  aim(document.elementFromPoint(x, y)?.closest(".slot"));
}

/** While something is held at an edge of the list for a moment, the list goes on. */
function roll(at, since = at) {
  if (!ghost) return;
  const { top, bottom } = room.getBoundingClientRect();
  const [x, y] = [press.nowX, press.nowY];
  const way = y > Math.min(bottom, innerHeight) - EDGE ? 1 : y > top && y < top + EDGE ? -1 : 0;
  if (way && at - since > LONG) {
    room.scrollBy(0, way * 5);
    follow(x, y);
  }
  requestAnimationFrame((next) => roll(next, way ? since : next));
}

function down(event) {
  const card = event.target.closest(".idea");
  const handle = event.target.closest(".grab");
  if (idea && !ghost) letGo(); // whoever takes the mouse has put the keyboard aside
  if (!card || event.button || idea) return;
  press = { card, x: event.clientX, y: event.clientY, id: event.pointerId };
  if (event.pointerType === "mouse") return;
  if (handle) lift(press);
  else press.timer = setTimeout(() => press && lift(press), LONG);
}

function move(event) {
  if (!press || event.pointerId !== press.id) return;
  if (event.pointerType === "mouse" && !event.buttons) {
    cancelPress(); // let go outside of the window
    return;
  }
  const way = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!ghost && press.timer && way > STILL) cancelPress();
  else if (!ghost && !press.timer && way > FAR) lift(press);
  if (ghost) follow(event.clientX, event.clientY);
}

function up(event) {
  if (!press || event.pointerId !== press.id) return;
  clearTimeout(press.timer);
  if (!ghost) {
    press = null;
    return;
  }
  // The click that follows belongs to the drag and not to the link below it.
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  if (over) put();
  else {
    letGo();
    tell("free", {});
  }
}

function cancelPress() {
  clearTimeout(press?.timer);
  if (ghost) letGo();
  press = null;
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

// --- keyboard ---

function take(handle) {
  grab(handle.closest(".idea"));
  const there = slots.filter(fits);
  if (!there.length) {
    letGo();
    tell("nowhere", {});
    return;
  }
  handle.setAttribute("aria-pressed", "true");
  tell("grabbed", { title: idea.dataset.title });
}

function step(by) {
  const there = slots.filter(fits);
  const at = over ? there.indexOf(over) + by : by > 0 ? 0 : there.length - 1;
  const place = (at + there.length) % there.length;
  aim(there[place]);
  over.scrollIntoView({ block: "nearest" });
  tell("over", { place: over.dataset.words, number: place + 1, all: there.length });
}

function key(event) {
  if (!idea || ghost) {
    if (ghost && event.key === "Escape") cancelPress();
    return;
  }
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (by) step(by);
  else if ((event.key === "Enter" || event.key === " ") && over) put();
  else if (event.key === "Escape" || event.key === "Enter" || event.key === " " || event.key === "Tab") {
    letGo();
    tell("free", {});
    if (event.key === "Tab") return;
  } else return;
  event.preventDefault();
}

for (const card of document.querySelectorAll(".idea")) {
  const handle = card.querySelector(".grab");
  card.classList.add("draggable");
  handle.hidden = false;
  handle.addEventListener("keydown", (event) => {
    if (idea || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    take(handle);
  });
}
document.querySelector(".dragging-hint").hidden = !document.querySelector(".idea");
document.addEventListener("pointerdown", down);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", up);
document.addEventListener("pointercancel", cancelPress);
document.addEventListener("keydown", key);
document.addEventListener("dragstart", (event) => event.target.closest?.(".idea") && event.preventDefault());
document.addEventListener("touchmove", (event) => ghost && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => (ghost || press?.timer) && event.preventDefault());
addEventListener("pageshow", letGo);
