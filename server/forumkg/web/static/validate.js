// Says that a validation is under way, and cancels it; without this script, the browser alone shows it.
"use strict";

(() => {
  const form = document.querySelector("form.submission");
  const send = form.querySelector("button");
  const status = document.getElementById("validation-status");
  // In the language of the page.
  const words = status.dataset;
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: words.cancel });

  function show(text, isUnderWay) {
    status.textContent = text;
    send.disabled = isUnderWay;
    if (isUnderWay) status.after(cancel);
    else cancel.remove();
  }

  form.addEventListener("submit", () => {
    show(words.busy, true);
    cancel.focus();
  });
  cancel.addEventListener("click", () => {
    // The server ends the validation when the browser hangs up.
    window.stop();
    show(words.cancelled, false);
    send.focus();
  });
  // A page that the browser has kept comes back as it was left.
  window.addEventListener("pageshow", () => show("", false));
})();
