// The editor of a rhythm, made pleasant: the preview follows what is chosen. Without this file a button does it.
const form = document.getElementById("cadence");
const told = document.getElementById("told");
const preview = () => document.getElementById("preview");
const CONTROLS = new Set(["how", "every", "day", "nth", "date"]);
let waiting;
let running;

/** The form as an address; it keeps nothing. */
function address() {
  const values = new URLSearchParams(new FormData(form));
  return `${form.getAttribute("action")}?${values}`;
}

/** Ask the server what the form says, and put its answer where it belongs, but nothing under the fingers. */
async function look(changed) {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  preview().classList.add("stale");
  try {
    const where = address();
    const answer = await fetch(where, { signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    show(fresh, changed);
    history.replaceState(null, "", where);
  } catch (error) {
    if (error.name === "AbortError") return;
    preview().classList.remove("stale");
    told.textContent = form.dataset.failed;
    told.classList.remove("sr-only");
  }
}

function show(fresh, changed) {
  preview().replaceWith(fresh.getElementById("preview"));
  const spoken = changed === form.elements.words || changed === form.elements.rule;
  for (const name of ["heard", "was", "words", "rule"]) {
    const field = form.elements[name];
    if (field !== document.activeElement) field.value = fresh.querySelector(`[name="${name}"]`).value;
  }
  if (spoken) take(fresh);
  const days = fresh.getElementById("on_holiday"); // answering knows fewer ways than posting
  if (changed.name === "purpose") form.elements.on_holiday.replaceWith(days);
  for (const field of form.querySelectorAll(".field, fieldset")) mark(field, fresh);
  told.classList.add("sr-only");
  const heading = document.getElementById("preview-heading").textContent;
  const first = document.querySelector("#preview .dates li")?.textContent.replace(/^\s*[●‖]\s*/, "") ?? "";
  told.textContent = `${heading}. ${first}`.replace(/\s+/g, " ");
  glance();
}

/** On a phone the preview is further down: its sentence and first date stay in sight. */
function glance() {
  const line = document.getElementById("glance");
  const date = document.querySelector("#preview > .dates li:not(.paused) > :last-child");
  line.hidden = !date;
  line.textContent = date ? `${document.getElementById("preview-heading").textContent} → ${date.textContent}` : "";
}

/** After a sentence or a rule: the choices follow it. */
function take(fresh) {
  for (const box of form.querySelectorAll("#controls input:is([type=checkbox], [type=radio])")) {
    const twin = fresh.getElementById(box.id);
    if (twin) box.checked = twin.checked;
  }
  const how = fresh.querySelector("#controls .how");
  if (how) document.querySelector("#controls .how").replaceWith(how);
  for (const name of ["every", "time", "until"]) form.elements[name].value = fresh.getElementById(name).value;
}

/** What is wrong with a field stands below it, or no longer. */
function mark(field, fresh) {
  const input = field.querySelector("input, select");
  if (!input?.id) return;
  const twin = fresh.getElementById(input.id)?.closest(".field, fieldset");
  const old = field.querySelector(".error, .hint");
  const now = twin?.querySelector(".error, .hint");
  if (old?.textContent === now?.textContent) return;
  if (old) old.remove();
  if (now) field.append(now);
  for (const name of ["aria-invalid", "aria-describedby"]) {
    const holder = field.matches("fieldset") ? field : input;
    const source = field.matches("fieldset") ? twin : twin?.querySelector("input, select");
    const value = source?.getAttribute(name);
    if (value === null || value === undefined) holder.removeAttribute(name);
    else holder.setAttribute(name, value);
  }
}

form.addEventListener("input", ({ target }) => {
  // Whoever goes on with the choices has done with the sentence.
  if (CONTROLS.has(target.name)) form.elements.words.value = form.elements.heard.value = "";
  clearTimeout(waiting);
  const typing = target.matches("#words, #rule");
  waiting = setTimeout(() => look(target), typing ? 600 : 150);
});
for (const button of form.querySelectorAll("button.preview, .reading")) button.hidden = true;
glance();
