// Shows a text that the reader drops into the page of an article, with the passages marked in it.
// Nothing of it is sent anywhere: it is read, measured and shown here.
"use strict";

(() => {
  const LONGEST = 4 * 1024 * 1024;
  const article = JSON.parse(document.getElementById("article-data").textContent);
  const drop = document.getElementById("drop");
  const input = document.getElementById("text-file");
  const result = document.getElementById("text-result");
  const shown = document.getElementById("text-shown");

  const digest = async (bytes) =>
    Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const digestOf = (text) => digest(new TextEncoder().encode(text));
  const count = (number) => number.toLocaleString("en");
  const anchor = (passage) => `${passage.start}-${passage.end}`;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // How editors and downloads change a text: what `forumkg check` looks for, too.
  function* respellings(text) {
    const unmarked = text.replace(/^\uFEFF/, "");
    yield ["begins with a byte order mark", unmarked];
    yield ["has CRLF line ends", text.replaceAll("\r\n", "\n")];
    yield ["begins with a byte order mark and has CRLF line ends", unmarked.replaceAll("\r\n", "\n")];
    yield ["has an extra final line end", text.replace(/\n$/, "")];
    yield ["lacks its final line end", `${text}\n`];
  }

  // Like pages/stretches.py: pieces in which no passage starts or ends, the shortest passage first.
  function pieces(length, passages) {
    const edges = new Set([0, length]);
    for (const { start, end } of passages) edges.add(Math.min(start, length)).add(Math.min(end, length));
    const sorted = Array.from(edges).sort((one, other) => one - other);
    return sorted.slice(1).map((end, index) => ({
      start: sorted[index],
      end,
      within: passages
        .filter((passage) => passage.start <= sorted[index] && end <= passage.end)
        .sort((one, other) => one.end - one.start - (other.end - other.start)),
    }));
  }

  async function verify(points) {
    const found = await Promise.all(
      article.passages.map(async (passage) => ({
        ...passage,
        stands: (await digestOf(points.slice(passage.start, passage.end).join(""))) === passage.sha256,
      })),
    );
    return found;
  }

  function say(summary, ...details) {
    result.replaceChildren(element("p", {}, element("strong", {}, summary)), ...details.map((detail) => element("p", {}, detail)));
  }

  function linkBack(passage) {
    const place = document.querySelector(`[id="char-${anchor(passage)}"] .where`);
    if (place && !place.querySelector(".back")) {
      place.append(element("p", { className: "back" }, element("a", { href: `#text-${anchor(passage)}` }, "in the text")));
    }
  }

  function show(points, passages) {
    const text = element("div", { className: "article-text" });
    for (const { start, end, within } of pieces(points.length, passages)) {
      for (const passage of within.filter((each) => each.start === start)) {
        text.append(element("span", { id: `text-${anchor(passage)}` }));
      }
      const words = points.slice(start, end).join("");
      const [first] = within;
      const className = first && [first.kind, first.stands ? "" : "misplaced", within.length > 1 ? "deep" : ""].filter(Boolean).join(" ");
      text.append(first ? element("a", { className, href: `#char-${anchor(first)}` }, words) : words);
    }
    const key = ["Marked words support statements", "grey ones describe the article or a post", "grey italics were left out"];
    shown.replaceChildren(element("p", { className: "note" }, `${key.join("; ")}.`), text);
    passages.forEach(linkBack);
  }

  function another(name, sha256, points) {
    shown.replaceChildren();
    const other = article.others.find((each) => each.sha256 === sha256);
    if (other) {
      say(`${name} is the text of another article.`, element("a", { href: other.address }, `Open ${other.name}, and drop it there.`));
      return;
    }
    say(
      `${name} is another text.`,
      `It has ${count(points.length)} characters and SHA-256 ${sha256}; the mapped text has ${count(article.length)} and ${article.sha256}. ` +
        "Offsets apply to that exact text only, to the last space.",
    );
  }

  let latest = 0;

  async function read(file) {
    const turn = ++latest;
    shown.replaceChildren();
    if (!crypto.subtle) {
      say("Your browser does not compute SHA-256 on this page.", "It does at addresses that begin with https:// and on your own machine (http://127.0.0.1 or http://localhost). The commands below do the same.");
      return;
    }
    if (file.size > LONGEST) {
      say(`${file.name} is not an article.`, `It has ${count(file.size)} bytes.`);
      return;
    }
    say(`Reading ${file.name} …`);
    const bytes = await file.arrayBuffer();
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      say(`${file.name} is not UTF-8 text.`, "Save it as UTF-8.");
      return;
    }
    const sha256 = await digest(bytes);
    let change = "";
    if (sha256 !== article.sha256) {
      for (const [how, respelled] of respellings(text)) {
        if (!change && (await digestOf(respelled)) === article.sha256) {
          change = how;
          text = respelled;
        }
      }
      if (turn !== latest) return;
      if (!change) {
        another(file.name, sha256, Array.from(text));
        return;
      }
    }
    const points = Array.from(text);
    const passages = await verify(points);
    if (turn !== latest) return;
    const standing = passages.filter((passage) => passage.stands).length;
    show(points, passages);
    say(
      `${standing} of ${passages.length} passages are where the graph says.`,
      change
        ? `${file.name} is the mapped text, but it ${change}; it is shown without that difference.`
        : `${file.name} is the mapped text, to the last space. Select a marked passage to see its statements.`,
    );
  }

  document.getElementById("no-script").hidden = true;
  drop.hidden = false;
  input.addEventListener("change", () => input.files.length && read(input.files[0]));
  // A file that misses the field would replace the page.
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) read(event.dataTransfer.files[0]);
    });
  }
})();
