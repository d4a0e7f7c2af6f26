// Dragging an idea onto a slot. Dropping sends the same form as the idea's own page.
import { draggable, tell } from "./drag.js";

const drop = document.getElementById("drop");

/** Round and round among the slots that fit. */
function next(arrow, over, there) {
  const by = arrow === "ArrowDown" || arrow === "ArrowRight" ? 1 : -1;
  const at = over ? there.indexOf(over) + by : by > 0 ? 0 : there.length - 1;
  return there[(at + there.length) % there.length];
}

/** Put the idea where it is: onto a post at once, onto a free day by a form that asks for hour and channel. */
function put({ dataset: { idea } }, { dataset: { words, day, post } }) {
  tell("dropped", { place: words });
  if (day) {
    location.assign(`${drop.dataset.where}/${idea}?day=${day}`);
    return;
  }
  drop.action = `${drop.dataset.where}/${idea}/use`;
  drop.elements.post.value = post;
  drop.requestSubmit();
}

draggable({
  things: ".idea",
  places: [...document.querySelectorAll(".slot")],
  room: document.querySelector(".room"),
  fits: ({ dataset: idea }, { dataset: slot }) => !idea.channel || !slot.channel || slot.channel === idea.channel,
  words: (slot, there) => ({ place: slot.dataset.words, number: there.indexOf(slot) + 1, all: there.length }),
  next,
  put,
});
document.querySelector(".dragging-hint").hidden = !document.querySelector(".idea");
