/** Queries that are kept under names in this browser: loaded by a click, saved to a file, read from one. */

import { byId, html } from './dom.js';
import { _, foreign, languageOf, ngettext } from './messages.js';
import { keepQueries, keptQueries } from './storage.js';

/** @import { Kept } from './storage.js' */

const FORMAT = 'forumkg queries';

/**
 * Make the list of kept queries work.
 * @param {{query: () => string, load: (query: string) => void}} editor the query that is shown, and what shows one
 */
export function kept({ query, load }) {
    const details = byId('kept-details', HTMLDetailsElement);
    const form = byId('keep', HTMLFormElement);
    const name = byId('keep-name', HTMLInputElement);
    const list = byId('kept', HTMLElement);
    const status = byId('kept-status', HTMLElement);
    const file = byId('kept-file', HTMLInputElement);
    const saveButton = byId('kept-save', HTMLButtonElement);
    details.hidden = false;
    details.addEventListener('toggle', () => {
        name.value ||= nameOf(query());
    });
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        keep();
    });
    saveButton.addEventListener('click', () => save(keptQueries(), 'kept-queries.json'));
    file.addEventListener('change', open);
    show();

    function keep() {
        const wanted = name.value.trim() || nameOf(query());
        const others = keptQueries().filter((other) => other.name !== wanted);
        const isNew = others.length === keptQueries().length;
        const isKept = keepQueries([{ name: wanted, query: query() }, ...others]);
        status.textContent = isKept ? (isNew ? _('Kept.') : _('Kept, in the place of the query of that name.')) : _('This browser does not let the page keep queries.');
        name.value = '';
        show();
    }

    /** @param {Kept} one */
    function remove(one) {
        const before = keptQueries();
        keepQueries(before.filter((other) => other.name !== one.name));
        const undo = html('button', { type: 'button', class: 'link', click: () => (keepQueries(before), (status.textContent = _('Restored.')), show()) }, _('Undo'));
        status.replaceChildren(_('Deleted “%(name)s”.', { name: one.name }), ' ', undo);
        show();
        undo.focus();
    }

    function show() {
        const queries = keptQueries();
        saveButton.hidden = queries.length === 0;
        list.replaceChildren(
            ...queries.map((one) =>
                html(
                    'li',
                    {},
                    html('button', { type: 'button', class: 'link', title: one.query, lang: foreign(languageOf(one.name)), click: () => load(one.query) }, one.name),
                    ' ',
                    html('button', { type: 'button', class: 'link', 'aria-label': _('Delete “%(name)s”', { name: one.name }), click: () => remove(one) }, _('Delete')),
                ),
            ),
        );
    }

    async function open() {
        const [chosen] = file.files ?? [];
        if (!chosen) {
            return;
        }
        const found = read(await chosen.text(), chosen.name);
        if (found.length) {
            const isKept = keepQueries(merged(keptQueries(), found));
            status.textContent = isKept
                ? ngettext('%(num)s query read from %(file)s.', '%(num)s queries read from %(file)s.', found.length, { file: chosen.name })
                : _('The file has more than this browser keeps.');
        } else {
            status.textContent = _('%(file)s has no queries: open a file that was saved here, or one query as .rq.', { file: chosen.name });
        }
        file.value = '';
        show();
    }
}

/**
 * Return the name of a query: its first comment, or its beginning without the prologue.
 * @param {string} query
 */
export function nameOf(query) {
    const comment = /^\s*#+\s*(\S.*)$/m.exec(query.split('\n', 1)[0] ?? '')?.[1];
    const body = query.replace(/^\s*(?:#.*|(?:PREFIX\s+\S*|BASE)\s*<[^>]*>)/gim, '').replace(/\s+/g, ' ').trim();
    const name = comment?.trim() ?? body;
    return name.length > 80 ? `${name.slice(0, 79)}…` : name || _('Empty query');
}

/**
 * Return the queries of a file: of one that was saved here, else the file itself if it is a query.
 * @param {string} text
 * @param {string} fileName
 * @returns {Kept[]}
 */
export function read(text, fileName) {
    try {
        const document = JSON.parse(text);
        const queries = Array.isArray(document?.queries) ? document.queries : [];
        return queries.flatMap((/** @type {any} */ one) =>
            typeof one?.query === 'string' && one.query.trim() ? [{ name: String(one.name ?? '').trim() || nameOf(one.query), query: one.query }] : [],
        );
    } catch {
        const isQuery = /\b(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.test(text);
        return isQuery ? [{ name: fileName.replace(/\.(?:rq|sparql|txt)$/i, ''), query: text }] : [];
    }
}

/**
 * Return kept queries with others added; another query of a name that is taken gets a number behind it.
 * @param {Kept[]} queries
 * @param {Kept[]} added
 */
export function merged(queries, added) {
    const all = [...queries];
    for (const { name, query } of added) {
        if (all.some((one) => one.query === query && one.name.startsWith(name))) {
            continue;
        }
        let free = name;
        for (let number = 2; all.some((one) => one.name === free); number += 1) {
            free = `${name} (${number})`;
        }
        all.push({ name: free, query });
    }
    return all;
}

/**
 * Save queries to a file.
 * @param {Kept[]} queries
 * @param {string} name
 */
export function save(queries, name) {
    const text = `${JSON.stringify({ format: FORMAT, queries }, null, 4)}\n`;
    const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    html('a', { href, download: name }).click();
    URL.revokeObjectURL(href);
}
