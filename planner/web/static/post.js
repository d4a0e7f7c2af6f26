// A post's page, made pleasant: gaps are marked, the checklist ticks without a new page; counter.js counts its words.
import { watch } from "./counter.js";

const GAP = /\[[^[\]\n]{1,80}\](?!\()/g;

/** Say what is still to be filled in, as the server does. */
function lookForGaps(area, gapLine) {
  const gapWords = gapLine.textContent.split(":")[0];
  const look = () => {
    const gaps = [...new Set(area.value.match(GAP))];
    gapLine.hidden = !gaps.length;
    if (gaps.length) gapLine.textContent = `${gapWords}: ${gaps.join(", ")}`;
  };
  area.addEventListener("input", look);
  look();
}

/** Put what stands in square brackets into <mark>; copying still gives the plain text. */
function markGaps(text) {
  const words = text.textContent;
  const pieces = [];
  let end = 0;
  for (const found of words.matchAll(GAP)) {
    const mark = document.createElement("mark");
    mark.textContent = found[0];
    pieces.push(words.slice(end, found.index), mark);
    end = found.index + found[0].length;
  }
  if (pieces.length) text.replaceChildren(...pieces, words.slice(end));
}

/** Send a form of the checklist or the steps and show the new list alone: what was typed elsewhere on the page stays. */
async function sendLine(event) {
  const form = event.target;
  const { id } = form.closest("#checklist, #steps") ?? {};
  if (!id) return;
  event.preventDefault();
  const lines = [...document.querySelectorAll(`#${id} form`)];
  const place = lines.indexOf(form);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.status === 202) return wait(form);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    document.getElementById(id).replaceWith(fresh);
  } catch {
    form.submit();
    return;
  }
  const forms = [...document.querySelectorAll(`#${id} form`)];
  const again = form.matches(".add-line") ? forms.at(-1) : forms[Math.min(place, forms.length - 1)];
  again.querySelector("input:not([type=hidden]), button").focus();
}

/** Without network the worker keeps the tick: the line shows it, and that it waits. */
function wait(form) {
  const line = form.querySelector("[role=checkbox]");
  const done = line.getAttribute("aria-checked") !== "true";
  line.setAttribute("aria-checked", done);
  line.querySelector(".box").textContent = done ? "✓" : "";
  form.setAttribute("action", form.getAttribute("action").replace(/(un)?tick$/, done ? "untick" : "tick"));
  form.parentElement.querySelector(".waiting")?.remove();
  const words = document.createElement("p");
  words.className = "hint waiting";
  words.textContent = `⏳ ${form.closest("section").dataset.waiting}`;
  form.after(words);
  line.focus();
}

for (const id of ["title", "text"]) watch(document.getElementById(id));
lookForGaps(document.getElementById("text"), document.getElementById("gaps"));
for (const text of document.querySelectorAll(".card > details > .text")) markGaps(text);
document.addEventListener("submit", sendLine);

// Somebody who goes away in the middle of a sentence is asked.
const words = document.getElementById("words-form");
let typed = false;
words.addEventListener("input", () => (typed = true));
words.addEventListener("submit", () => (typed = false));
addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
