// Another country: its regions and its time zone at once, without sending the form. Without this file a button does it.
const country = document.getElementById("country");
const region = document.getElementById("region");
const zone = document.getElementById("timezone");

const options = (choices) => choices.map(([key, words]) => new Option(words, key));

if (country && region && zone) {
  for (const tool of document.querySelectorAll(".regions")) tool.hidden = true;
  country.addEventListener("change", async () => {
    const answer = await fetch(`/places/${encodeURIComponent(country.value || "-")}`);
    if (!answer.ok) return;
    const { regions, zones } = await answer.json();
    region.replaceChildren(region.options[0], ...options(regions));
    region.value = "";
    country.form.elements.regions_of.value = country.value;
    const near = document.getElementById("near");
    if (near && zones.length) near.replaceChildren(...options(zones));
    if (zones.length && !zones.some(([key]) => key === zone.value)) zone.value = zones[0][0];
  });
}
