// Dragging things onto places: with a mouse, with a finger (press long, or take the handle), and with the keyboard (Enter
// or Space on the handle, arrows, Enter). Which things, which places, and what dropping means is said by the page.
const FAR = 6; // pixels a mouse moves before it drags
const STILL = 10; // pixels a finger may tremble while it presses
const LONG = 350; // milliseconds of a long press
const EDGE = 48; // pixels from an edge within which the page goes on
const READ = 6000; // milliseconds that a last word stays on the screen

const told = document.getElementById("told");
const tabs = document.querySelector(".tabs");
let page = null;
let thing = null; // the one being dragged
let over = null; // the place below it
let ghost = null;
let press = null; // a pointer that is down and may become a drag
let forget = 0; // the timer that takes the last word away

/**
 * Make the things of a page draggable.
 *
 * `things` and `stuck` are selectors: what can be dragged (it may have a `.grab` in it), and what looks like it and
 * stays. `places` are elements in their order, `room` is the element that scrolls, if it is not the window.
 * `fits(thing, place)`; `next(key, over, there, thing)` is the place an arrow leads to, of those that fit;
 * `words(place, there)` says where one is; `put(thing, place, byKey)` drops.
 */
export function draggable(wanted) {
  page = { fits: () => true, stuck: ":not(*)", ...wanted };
  for (const each of document.querySelectorAll(page.things)) {
    each.classList.add("draggable");
    const handle = each.querySelector(".grab");
    handle.hidden = false;
    handle.addEventListener("keydown", (event) => startKey(event, each, handle));
  }
  document.addEventListener("pointerdown", down);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", cancelPress);
  document.addEventListener("keydown", key);
  document.addEventListener("dragstart", (event) => event.target.closest?.(page.things) && event.preventDefault());
  document.addEventListener("touchmove", (event) => ghost && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => (ghost || press?.timer) && event.preventDefault());
  addEventListener("pageshow", letGo);
}

/** Say a sentence of the page's language, to eyes and screen readers. */
export function tell(key, values = {}) {
  told.classList.remove("unseen");
  told.textContent = told.dataset[key].replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  clearTimeout(forget);
  forget = setTimeout(() => thing || (told.textContent = ""), READ);
}

const fitting = () => page.places.filter((place) => page.fits(thing, place));

function grab(taken) {
  thing = taken;
  document.body.classList.add("dragging");
  thing.classList.add("grabbed");
  for (const place of page.places) place.classList.toggle("unfit", !page.fits(thing, place));
}

function aim(place) {
  const found = place && page.fits(thing, place) ? place : null;
  if (found === over) return;
  over?.classList.remove("over");
  over = found;
  over?.classList.add("over");
  if (over) tell("over", page.words(over, fitting()));
}

function letGo() {
  over?.classList.remove("over");
  document.body.classList.remove("dragging");
  thing?.classList.remove("grabbed");
  thing?.querySelector(".grab").setAttribute("aria-pressed", "false");
  ghost?.remove();
  thing = over = ghost = press = null;
}

function put() {
  const [what, where, byKey] = [thing, over, !ghost];
  letGo();
  page.put(what, where, byKey);
}

function leave() {
  letGo();
  tell("free");
}

// --- mouse and finger ---

function lift({ x, y }) {
  getSelection()?.removeAllRanges();
  grab(press.thing);
  ghost = thing.cloneNode(true);
  ghost.removeAttribute("id");
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
  const below = document.elementFromPoint(x, y);
  aim(page.places.find((place) => place.contains(below)));
}

/** From where to where on the screen things scroll; the tabs of a phone cover its lower end. */
function edges() {
  if (page.room) return page.room.getBoundingClientRect();
  const covered = tabs && getComputedStyle(tabs).position === "fixed" ? tabs.offsetHeight : 0;
  return { top: 0, bottom: innerHeight - covered };
}

/** While something is held at an edge for a moment, the page goes on. */
function roll(at, since = at) {
  if (!ghost) return;
  const { top, bottom } = edges();
  const [x, y] = [press.nowX, press.nowY];
  const way = y > Math.min(bottom, innerHeight) - EDGE ? 1 : y >= top && y < top + EDGE ? -1 : 0;
  if (way && at - since > LONG) {
    (page.room ?? window).scrollBy(0, way * 5);
    follow(x, y);
  }
  requestAnimationFrame((next) => roll(next, way ? since : next));
}

function down(event) {
  if (thing && !ghost) letGo(); // whoever takes the mouse has put the keyboard aside
  if (event.button || thing) return;
  const stuck = event.target.closest(page.stuck);
  const found = stuck ?? event.target.closest(page.things);
  if (!found) return;
  press = { thing: found, stuck, x: event.clientX, y: event.clientY, id: event.pointerId };
  if (event.pointerType === "mouse") return;
  if (event.target.closest(".grab")) lift(press);
  else press.timer = setTimeout(() => press && pull(), LONG);
}

/** The pointer means to drag: what stays says so. */
function pull() {
  if (!press.stuck) lift(press);
  else if (!press.told) {
    press.told = true;
    tell("stuck");
  }
}

function move(event) {
  if (!press || event.pointerId !== press.id) return;
  if (event.pointerType === "mouse" && !event.buttons) {
    cancelPress(); // let go outside of the window
    return;
  }
  const way = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!ghost && press.timer && way > STILL) cancelPress();
  else if (!ghost && !press.timer && way > FAR) pull();
  if (ghost) follow(event.clientX, event.clientY);
}

function up(event) {
  if (!press || event.pointerId !== press.id) return;
  clearTimeout(press.timer);
  if (!ghost && !press.told) {
    press = null;
    return;
  }
  // The click that follows belongs to the drag and not to the link below it.
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  if (!ghost) press = null;
  else if (over) put();
  else leave();
}

function cancelPress() {
  clearTimeout(press?.timer);
  if (ghost) leave();
  press = null;
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

// --- keyboard ---

function startKey(event, taken, handle) {
  if (thing || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  event.stopPropagation();
  grab(taken);
  if (!fitting().length) {
    letGo();
    tell("nowhere");
    return;
  }
  handle.setAttribute("aria-pressed", "true");
  tell("grabbed", { title: taken.dataset.title });
}

function step(arrow) {
  const there = fitting();
  const place = page.next(arrow, over, there, thing);
  if (!place) {
    tell("edge");
    return;
  }
  aim(place);
  place.scrollIntoView({ block: "nearest" });
}

function key(event) {
  if (!thing || ghost) {
    if (ghost && event.key === "Escape") cancelPress();
    return;
  }
  if (/^Arrow(Up|Down|Left|Right)$/.test(event.key)) step(event.key);
  else if ((event.key === "Enter" || event.key === " ") && over) put();
  else if (event.key === "Escape" || event.key === "Enter" || event.key === " " || event.key === "Tab") {
    leave();
    if (event.key === "Tab") return;
  } else return;
  event.preventDefault();
}
