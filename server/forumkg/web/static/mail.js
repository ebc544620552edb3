// Take the text of a field along into a mail: <a data-mail="its id" href="mailto:…&body=…">. Without this script the
// link has the text as the page was sent, and the note beside it says so.
"use strict";
for (const link of document.querySelectorAll("a[data-mail]")) {
  const field = document.getElementById(link.dataset.mail);
  if (!field) continue;
  const head = link.href.replace(/&body=.*$/s, "");
  const update = () => {
    link.href = `${head}&body=${encodeURIComponent(field.value.replace(/\r?\n/g, "\r\n"))}`;
  };
  field.addEventListener("input", update);
  // A browser may have restored what was typed before.
  update();
  for (const note of document.querySelectorAll("[data-without-script]")) note.hidden = true;
}
