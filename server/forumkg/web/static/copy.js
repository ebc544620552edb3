// Copy the text of an element: <button data-copy="its id" hidden>. Without this script no button is shown.
"use strict";
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const status = (button.closest(".row") || document).querySelector("[data-copied]");
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.href || source.value || source.textContent.trim());
      if (status) status.textContent = status.dataset.copied;
    } catch {
      if (status) status.textContent = status.dataset.failed;
    }
  });
}
