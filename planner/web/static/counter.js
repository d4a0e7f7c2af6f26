// Counters of titles and texts against what the platform takes, in its own way of counting and the server's words.
import { count } from "./counting.js";

const number = new Intl.NumberFormat(document.documentElement.lang);

/** Say how long what stands in a field is, now and as it changes; gives what says it anew. */
export function watch(field) {
  const hint = document.getElementById(`${field.id}-count`) ?? document.getElementById(`${field.id}-hint`);
  const said = document.getElementById("text-said");
  let wasOver = null;
  const look = () => {
    const { limit, counts, plain, within, over } = field.dataset;
    const length = count(field.value, counts);
    const tooMany = limit ? Math.max(0, length - limit) : 0;
    const values = { count: length, limit: Number(limit), over: tooMany };
    const words = (tooMany ? over : limit ? within : plain) ?? "";
    const sentence = words.replace(/\{(\w+)\}/g, (_all, name) => number.format(values[name]));
    if (hint) {
      hint.textContent = sentence;
      hint.classList.toggle("too-long", tooMany > 0);
    }
    // Read out only when it becomes too long, or fits again: not at every letter.
    if (wasOver !== null && wasOver !== tooMany > 0) said.textContent = sentence;
    wasOver = tooMany > 0;
  };
  field.addEventListener("input", look);
  look();
  return look;
}

// A new post: what is taken depends on the channel that is chosen.
const channel = document.querySelector("[data-counters]");
if (channel) {
  const byChannel = JSON.parse(channel.dataset.counters);
  const fields = ["title", "text"].map((id) => document.getElementById(id));
  const choose = () => {
    for (const field of fields)
      for (const [name, value] of Object.entries(byChannel[channel.value][field.id])) field.setAttribute(name, value);
  };
  choose();
  const looks = fields.map(watch);
  channel.addEventListener("change", () => {
    choose();
    for (const look of looks) look();
  });
}
