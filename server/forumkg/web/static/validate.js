// Says that a validation is under way, and cancels it; without this script, the browser alone shows it.
"use strict";

(() => {
  const form = document.querySelector("form.submission");
  const send = form.querySelector("button");
  const status = document.getElementById("validation-status");
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Cancel" });

  function show(text, isUnderWay) {
    status.textContent = text;
    send.disabled = isUnderWay;
    if (isUnderWay) status.after(cancel);
    else cancel.remove();
  }

  form.addEventListener("submit", () => {
    show("Validating your text with the graph. This takes some seconds.", true);
    cancel.focus();
  });
  cancel.addEventListener("click", () => {
    // The server ends the validation when the browser hangs up.
    window.stop();
    show("Cancelled: nothing was validated. Your text is still here.", false);
    send.focus();
  });
  // A page that the browser has kept comes back as it was left.
  window.addEventListener("pageshow", () => show("", false));
})();
