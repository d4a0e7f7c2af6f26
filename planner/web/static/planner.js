// Pleasant, not needed: everything works without this file.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(words);
      button.textContent = button.dataset.copied;
    } catch {
      button.hidden = true;
    }
  });
}
