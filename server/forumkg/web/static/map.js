// Maps an article text in the browser: passages, statements, preview, and the worksheet to download.
// The text stays here. What is sent for the preview has offsets and digests in place of its words, and
// what is typed in a field with a list is sent for that list.
"use strict";

(() => {
  const LONGEST = 4 * 1024 * 1024;
  const COPIED_WORDS = 8;
  const COPIED_SIGNS = 15;
  const known = JSON.parse(document.getElementById("map-data").textContent);
  // The messages in the language of the page, as gettext has them: placeholders are %(name)s.
  const filled = (message, values) => message.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  const _ = (message, values = {}) => filled(known.messages[message] ?? message, values);
  const ngettext = (singular, plural, count) =>
    filled(known.messages[singular] ?? (count === 1 ? singular : plural), { num: count.toLocaleString("en") });
  // English of the server and of the graph, tagged on a page in another language.
  const english = (...children) => {
    const made = element("span", {}, ...children);
    if (document.documentElement.lang !== "en") made.lang = "en";
    return made;
  };
  const at = (id) => document.getElementById(id);
  const value = (id) => at(id).value.trim();

  // passages: { start, end, part, omission, label, statements: [line] }, by start; offsets in UTF-16.
  let text = "";
  let fileName = "";
  let passages = [];

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const encoder = new TextEncoder();
  const digest = async (words) =>
    Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(words))), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
  // Offsets of the graph count code points, those of the browser UTF-16 units.
  const points = (end) => Array.from(text.slice(0, end)).length;
  const words = (passage) => text.slice(passage.start, passage.end);
  // The effects that a preview reports.
  const N_ = (message) => message;
  void [N_("exceeds what is possible of"), N_("contradicts"), N_("differs from"), N_("is fulfilled by"), N_("fulfils"), N_("corroborates")];
  const nameOf = (code) => known.codes[code] ?? code;
  const line = (words) => words.split(/\s+/).filter(Boolean).join(" ");

  function trimmed(start, end) {
    while (start < end && /\s/.test(text[start])) start += 1;
    while (end > start && /\s/.test(text[end - 1])) end -= 1;
    return start < end ? { start, end } : null;
  }

  // ---- The text

  async function read(file) {
    at("work").hidden = true;
    const say = (message) => at("text-result").replaceChildren(message);
    if (file.size > LONGEST) return say(_("%(file)s is not an article: it has %(size)s bytes.", { file: file.name, size: file.size.toLocaleString("en") }));
    let content;
    try {
      content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
    } catch {
      return say(_("%(file)s is not UTF-8 text: save it as UTF-8.", { file: file.name }));
    }
    if (/\r|^\uFEFF/.test(content)) return say(_("%(file)s has a byte order mark or CRLF line ends: save it without them.", { file: file.name }));
    if (!crypto.subtle) return say(_("This browser computes digests only at https:// and on your own machine (http://127.0.0.1)."));
    text = content;
    fileName = file.name;
    passages = [];
    at("meta-language").value = /\p{Script=Han}{4}/u.test(text.slice(0, 400)) ? "zh" : "en";
    at("article-text").value = text;
    at("work").hidden = false;
    show();
    return say(_("%(file)s: %(count)s characters. It stays in this page.", { file: file.name, count: points(text.length).toLocaleString("en") }));
  }

  // ---- Passages

  function add(span, part, omission) {
    const overlapping = passages.find((one) => span.start < one.end && one.start < span.end);
    if (overlapping) return _("It overlaps with passage %(number)s.", { number: passages.indexOf(overlapping) + 1 });
    passages.push({ ...span, part, omission, label: "", statements: [] });
    passages.sort((one, other) => one.start - other.start);
    return "";
  }

  function addSelected() {
    const box = at("article-text");
    const span = trimmed(box.selectionStart, box.selectionEnd);
    const problem = span ? add(span, value("part"), value("omission")) : _("No words are selected.");
    show();
    at("passage-result").textContent = problem || _("Passage %(number)s is added.", { number: passages.findIndex((one) => one.start === span.start) + 1 });
    if (!problem) at("of-passage").value = passages.findIndex((one) => one.start === span.start);
  }

  function* sentences(start, end) {
    const stop = /[.!?]["”’)]*(?=\s)|[。！？；][”’」』）"]*|\n/g;
    stop.lastIndex = start;
    let begin = start;
    for (let match = stop.exec(text); match && match.index < end; match = stop.exec(text)) {
      yield [begin, Math.min(end, stop.lastIndex)];
      begin = stop.lastIndex;
    }
    yield [begin, end];
  }

  function cutRest() {
    const before = passages.length;
    const edges = [0, ...passages.flatMap((one) => [one.start, one.end]), text.length];
    for (let index = 0; index < edges.length; index += 2) {
      for (const [start, end] of sentences(edges[index], edges[index + 1])) {
        const span = trimmed(start, end);
        if (span) add(span, "body", "");
      }
    }
    show();
    at("passage-result").textContent = ngettext("%(num)s passage is added.", "%(num)s passages are added.", passages.length - before);
  }

  function removeButton(label, removed, remove) {
    return element("button", {
      type: "button",
      className: "plain",
      onclick: () => {
        remove();
        show();
        at("passage-result").textContent = removed;
        at("a-statement").focus();
      },
    }, label);
  }

  function shownPassage(passage, index) {
    const number = { number: index + 1 };
    const lines = passage.statements.map((statement, place) => {
      const at = { number: `${index + 1}.${place + 1}` };
      const remove = removeButton(_("Remove statement %(number)s", at), _("Statement %(number)s is removed.", at), () => passage.statements.splice(place, 1));
      return element("li", {}, element("code", {}, statement), " ", remove);
    });
    const select = element("button", {
      type: "button",
      className: "plain",
      onclick: () => {
        at("of-passage").value = index;
        at("a-statement").focus();
      },
    }, _("Write a statement on %(number)s", number));
    return element(
      "li",
      {},
      element("p", { lang: value("meta-language") }, words(passage)),
      element("p", { className: "note" }, passage.omission ? _("%(part)s, omitted: %(reason)s", { part: nameOf(passage.part), reason: nameOf(passage.omission) }) : nameOf(passage.part)),
      ...(lines.length ? [element("ul", {}, ...lines)] : []),
      element("p", {}, select, " ", removeButton(_("Remove passage %(number)s", number), _("Passage %(number)s is removed.", number), () => passages.splice(index, 1))),
    );
  }

  function show() {
    const kept = value("of-passage");
    const short = (passage) => line(words(passage)).slice(0, 40);
    const options = passages.map((passage, index) => element("option", { value: index }, `${index + 1}: ${short(passage)}`));
    at("passages").replaceChildren(...passages.map(shownPassage));
    at("of-passage").replaceChildren(...options);
    at("also").replaceChildren(element("option", { value: "" }, _("no other")), ...options.map((option) => option.cloneNode(true)));
    if (kept && kept < passages.length) at("of-passage").value = kept;
    write();
  }

  // ---- Statements

  const signs = (words) => words.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];

  // The first run of words of a paraphrase that the text has, if it is long enough to be a copy.
  function copied(paraphrase) {
    const own = signs(paraphrase);
    const length = /\p{Script=Han}/u.test(paraphrase) ? COPIED_SIGNS : COPIED_WORDS;
    const all = ` ${signs(text).join(" ")} `;
    for (let start = 0; start + length <= own.length; start += 1) {
      const run = own.slice(start, start + length).join(" ");
      if (all.includes(` ${run} `)) return run;
    }
    return "";
  }

  function statementLine() {
    const parts = [`  ${at("accepted").checked ? "*" : "-"} ${value("stance")}`];
    const also = passages[value("also")];
    if (also && value("also") !== value("of-passage")) {
      also.label ||= `p${also.start}`;
      parts.push(`+${also.label}`);
    }
    if (value("about")) parts.push(`about=${value("about")}`);
    if (value("speaker")) parts.push(/^(as|by)=/.test(value("speaker")) ? value("speaker") : `by=${value("speaker")}`);
    if (value("key") === "figure") {
      parts.push(`${value("value").replace(/^indicator:/, "")}${value("operator")}${value("number")}${value("unit")}`);
    } else if (value("key")) {
      parts.push(`${value("key")}=${value("value")}`);
    }
    if (value("wording")) parts.push(`w="${value("wording").replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
    const more = [["paraphrase-zh", ":", "@zh"], ["note", "#", ""], ["note-zh", "#", "@zh"]]
      .filter(([id]) => value(id))
      .map(([id, sign, tag]) => `\n  ${sign} ${line(value(id))}${tag && ` ${tag}`}`);
    return `${parts.join(" ")} : ${line(value("paraphrase"))}${more.join("")}`;
  }

  function missing() {
    const passage = passages[value("of-passage")];
    if (!passage) return ["of-passage", _("Add a passage first.")];
    if (passage.omission) return ["of-passage", _("The passage is omitted: choose another, or remove it and add it again.")];
    if (value("key") && !value("value")) return ["value", _("Choose which one is stated.")];
    if (value("key") === "figure" && !value("number")) return ["number", _("Write the number as printed, without its hedge.")];
    if (!value("paraphrase")) return ["paraphrase", _("Write the paraphrase: what is stated, in your own words.")];
    const copy = ["paraphrase", "paraphrase-zh"].find((id) => copied(value(id)));
    const run = copy && copied(value(copy));
    return run ? [copy, _("The paraphrase copies the text: “%(run)s”. Write it in your own words.", { run })] : null;
  }

  function addStatement(event) {
    event.preventDefault();
    const problem = missing();
    if (problem) {
      at("statement-result").textContent = problem[1];
      at(problem[0]).focus();
      return;
    }
    passages[value("of-passage")].statements.push(statementLine());
    for (const id of ["value", "number", "unit", "wording", "paraphrase", "paraphrase-zh", "note", "note-zh"]) at(id).value = "";
    show();
    at("statement-result").textContent = _("The statement is added.");
    at("key").focus();
  }

  // ---- The worksheet

  function head(passage) {
    const parts = [...(passage.omission ? [`omit:${passage.omission}`] : []), passage.part];
    if (["byline", "dateline"].includes(passage.part) && !passage.omission) parts.push("attest");
    if (passage.label) parts.push(`#${passage.label}`);
    return `[${parts.join(" ")}]`;
  }

  // The same lines with words and without: a problem has the same line in both.
  async function worksheet(withWords) {
    const meta = ["article", "label", "publisher", "carrier", "about", "issued", "url", "language", "quality"]
      .filter((key) => value(`meta-${key}`))
      .map((key) => `${key.padEnd(9)} ${line(value(`meta-${key}`))}`);
    meta.push(withWords ? `text      ${fileName}` : "//");
    meta.push(`length    ${points(text.length)}`, `sha256    ${await digest(text)}`, "");
    const extra = at("extra").value.trim();
    const rows = [];
    for (const passage of passages) {
      const offsets = async () => `@${points(passage.start)},${points(passage.end)} ${await digest(words(passage))}`;
      rows.push(`${head(passage)} ${withWords ? line(words(passage)) : await offsets()}`, ...passage.statements);
    }
    return [...meta, ...(extra ? [...extra.split("\n"), ""] : []), ...rows, ""].join("\n");
  }

  async function write() {
    at("worksheet").textContent = await worksheet(true);
  }

  async function download() {
    const blob = new Blob([await worksheet(true)], { type: "text/plain" });
    const link = element("a", { href: URL.createObjectURL(blob), download: `${value("meta-article") || "article"}.map` });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

  // Words between backticks as code.
  const coded = (words) => words.split(/`([^`]+)`/).map((part, index) => (index % 2 ? element("code", {}, part) : part));

  function list(title, rows) {
    return rows.length ? [element("h3", {}, title), element("ul", {}, ...rows.map((row) => element("li", {}, ...row)))] : [];
  }

  function report(found, lines) {
    const shown = [];
    const where = (number) => (number ? _("Line %(number)s: ", { number }) : "");
    const problems = found.problems.map((one) => [
      element("strong", {}, one.is_warning ? _("Warning. ") : _("Error. ")),
      where(one.line),
      english(...coded(`${one.message} ${one.advice} `)),
      element("code", {}, one.line ? lines[one.line - 1].trim().slice(0, 80) : ""),
    ]);
    shown.push(...list(_("To correct"), problems));
    const effects = found.effects ?? [];
    for (const relation of new Set(effects.map((one) => one.relation))) {
      const rows = effects.filter((one) => one.relation === relation);
      shown.push(...list(capital(_(relation)), rows.map((one) => [english(`${one.paraphrase} — ${one.other_paraphrase} (${one.other})`)])));
    }
    shown.push(...list(_("Figures that no other statement gives"), (found.figures_alone ?? []).map((one) => [english(one.paraphrase)])));
    shown.push(...list(_("New things described by their names"), (found.derived ?? []).map((one) => [english(`${one.name}: ${one.label}`)])));
    shown.push(...list(_("Names that exist"), (found.known_already ?? []).map((one) => [english(one)])));
    const counts = found.counts
      ? [
          ngettext("%(num)s passage", "%(num)s passages", found.counts.passages),
          ngettext("%(num)s statement", "%(num)s statements", found.counts.statements),
          ngettext("%(num)s figure", "%(num)s figures", found.counts.figures),
        ].join(_(", ")) + _(". ")
      : "";
    const verdict = found.conforms ? _("No errors.") : _("It cannot be written yet.");
    return [element("p", {}, element("strong", {}, counts + verdict)), ...shown];
  }

  async function preview() {
    const result = at("preview-result");
    result.replaceChildren(_("Asking the server, without the text …"));
    const sent = await worksheet(false);
    try {
      const answer = await fetch(known.preview, { method: "POST", headers: { "Content-Type": "text/plain", Accept: "application/json, application/problem+json" }, body: sent });
      const found = await answer.json();
      result.replaceChildren(...(answer.ok ? report(found, sent.split("\n")) : [_("No preview: "), english(String(found.detail ?? answer.status))]));
    } catch {
      result.replaceChildren(_("No preview: the server cannot be reached. The worksheet can still be downloaded."));
    }
    result.focus();
  }

  // ---- Lists

  const PAUSE = 150;
  let asking = new AbortController();

  // The kinds of things that a list has now: those of the values depend on what is stated.
  function kindsOf(list) {
    const kinds = known.kinds[list];
    return Array.isArray(kinds) ? kinds : (kinds[value("key")] ?? []);
  }

  // List the things that what is typed may mean. Without an answer the field works as one without a list.
  async function fill(field) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    await new Promise((resume) => setTimeout(resume, PAUSE));
    const list = field.getAttribute("list");
    const [, prefix, typed] = /^((?:as|by)=)?(.*)$/s.exec(field.value.trim());
    if (signal.aborted || typed.length > known.longest) return;
    const asked = new URLSearchParams([["q", typed], ...kindsOf(list).map((kind) => ["kind", kind])]);
    const answer = await fetch(`${known.things}?${asked}`, { signal }).catch(() => null);
    const things = answer?.ok ? await answer.json().catch(() => []) : [];
    if (signal.aborted) return;
    const start = list === "speakers" ? prefix ?? "by=" : "";
    at(list).replaceChildren(...things.map((thing) => element("option", { value: start + thing.name, label: thing.label })));
  }

  function fillValues() {
    const key = value("key");
    at("values").replaceChildren();
    for (const id of ["operator", "number", "unit"]) at(id).disabled = key !== "figure";
    at("value").disabled = !key;
  }

  for (const field of document.querySelectorAll("input[list]")) {
    field.addEventListener("focus", () => fill(field));
    field.addEventListener("input", () => fill(field));
  }
  fillValues();
  at("part").value = "body";
  // Not `readonly`, for there no key moves the caret: the text can be selected by the keyboard, and not changed.
  at("article-text").addEventListener("beforeinput", (event) => event.preventDefault());
  at("no-script").hidden = true;
  at("map-app").hidden = false;
  at("key").addEventListener("change", fillValues);
  at("text-file").addEventListener("change", () => at("text-file").files.length && read(at("text-file").files[0]));
  at("add-passage").addEventListener("click", addSelected);
  at("cut").addEventListener("click", cutRest);
  at("statement").addEventListener("submit", addStatement);
  at("preview").addEventListener("click", preview);
  at("download").addEventListener("click", download);
  at("work").addEventListener("change", write);
  // A file that misses the field would replace the page.
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      at("drop").classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) read(event.dataTransfer.files[0]);
    });
  }
})();
