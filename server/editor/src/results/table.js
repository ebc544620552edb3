/** Show rows as a table with links, languages and datatypes, a page of rows at a time. */

import { copy } from '../copying.js';
import { html } from '../dom.js';
import { _, foreign, LANGUAGE, ngettext } from '../messages.js';
import { preferLabels, prefersLabels } from '../storage.js';
import { addressOf, cut, nameOf, numberOf, shorten } from '../terms.js';
import { selectable } from './cells.js';
import { isNumeric } from './columns.js';
import { resizable } from './widths.js';

/** @import { Row, Table } from '../answer.js' */
/** @import { Label, Lookups } from '../lookups.js' */
/** @import { Names, Term } from '../terms.js' */

/** How many rows are shown at once. */
export const PAGE = 500;
/** How many characters of a literal are shown at once. */
const LONGEST = 600;

/**
 * Return the table with its tools: labels in the place of IRIs, a filter, sorting, copying of cells, rows and all.
 * @param {Table} table
 * @param {Names} names
 * @param {Pick<Lookups, 'labelsOf'>} lookups
 */
export function tableView(table, names, { labelsOf }) {
    const notes = table.columns.map((_, index) => columnNote(table.rows, index, names));
    const numeric = table.columns.map((_, index) => isNumeric(table.rows, index));
    const body = html('tbody');
    const caption = html('caption', { 'aria-live': 'polite' });
    const more = html('button', { type: 'button', class: 'plain', click: showMore });
    const heads = table.columns.map((name, index) =>
        html(
            'th',
            { scope: 'col', class: numeric[index] ? 'number' : '' },
            html('button', { type: 'button', class: 'sort', click: () => sortBy(index) }, name),
            ...note(notes[index]),
        ),
    );
    /** @type {Map<string, Label> | null} */
    let labels = null;
    let order = { column: -1, isDescending: false };
    let wanted = '';
    let rows = table.rows;
    let shown = 0;
    const label = _('Rows of the answer. Arrow keys move between cells, Ctrl+C copies one.');
    const content = html('table', {}, caption, html('thead', {}, html('tr', {}, ...heads)), body);
    resizable(content, heads);
    const region = html('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label }, content);
    const status = html('span', { class: 'note', role: 'status' });
    const say = (/** @type {string} */ text) => {
        status.textContent = text;
    };
    const cellButton = copyButton(_('Copy cell'), () => exact(current()[cells.place()?.column ?? 0]));
    const rowButton = copyButton(_('Copy row'), () => asTabs([written(current())]));
    const cells = selectable(region, body, {
        chosen: (place) => {
            cellButton.hidden = place === null;
            rowButton.hidden = place === null;
        },
        copy: () => copy(cellButton, exact(current()[cells.place()?.column ?? 0]), say),
    });
    render();
    return html(
        'div',
        {},
        table.rows.length ? tools() : null,
        region,
        more,
    );

    function current() {
        return rows[cells.place()?.row ?? 0] ?? [];
    }

    /** @param {Row} row */
    function written(row) {
        return row.map((term) => textOf(term, names, labels));
    }

    /**
     * @param {string} name
     * @param {() => string} text
     */
    function copyButton(name, text) {
        const button = html('button', { type: 'button', class: 'plain', click: () => copy(button, text(), say) }, name);
        return button;
    }

    function tools() {
        const filter = html('input', { type: 'search', id: 'filter-rows', autocomplete: 'off', input: () => filterBy(filter.value) });
        const toggle = html('input', { type: 'checkbox', id: 'show-labels', change: () => showLabels(toggle) });
        if (hasIris(table) && prefersLabels()) {
            toggle.checked = true;
            showLabels(toggle);
        }
        return html(
            'p',
            { class: 'row tools' },
            ...(table.rows.length > 1 ? [html('label', { for: 'filter-rows' }, _('Filter')), filter] : []),
            ...(hasIris(table) ? [html('label', { for: 'show-labels' }, toggle, ' ', _('Labels'))] : []),
            copyButton(_('Copy table'), () => asTabs([table.columns, ...rows.map(written)])),
            copyButton(_('Copy as Markdown'), () => asMarkdown([table.columns, ...rows.map(written)])),
            cellButton,
            rowButton,
            status,
        );
    }

    /** @param {HTMLInputElement} toggle */
    async function showLabels(toggle) {
        preferLabels(toggle.checked);
        labels = null;
        if (toggle.checked) {
            try {
                const found = await labelsOf(irisOf(table));
                labels = toggle.checked ? found : null;
            } catch {
                toggle.checked = false;
            }
        }
        render();
    }

    /** @param {string} text */
    function filterBy(text) {
        wanted = text.toLowerCase().trim();
        render();
    }

    /** @param {number} column */
    function sortBy(column) {
        const isSame = order.column === column;
        order = isSame && order.isDescending ? { column: -1, isDescending: false } : { column, isDescending: isSame };
        render();
    }

    function render() {
        rows = sorted(filtered(table.rows, wanted, names, labels), order.column, order.isDescending, names, labels);
        heads.forEach((head, index) => {
            const direction = order.isDescending ? 'descending' : 'ascending';
            head.setAttribute('aria-sort', order.column === index ? direction : 'none');
        });
        content.classList.toggle('labelled', labels !== null);
        cells.forget();
        body.replaceChildren();
        shown = 0;
        showMore();
    }

    function showMore() {
        const next = rows.slice(shown, shown + PAGE);
        body.append(...next.map((row) => tableRow(row)));
        shown += next.length;
        const left = rows.length - shown;
        const of = ngettext('%(num)s row', '%(num)s rows', rows.length);
        const matching = wanted ? _('%(rows)s of %(total)s match', { rows: of, total: table.rows.length }) : of;
        caption.textContent = left ? _('The first %(shown)s of %(rows)s', { shown, rows: matching }) : matching;
        more.textContent = _('Show %(count)s more', { count: Math.min(PAGE, left) });
        more.hidden = left === 0;
    }

    /** @param {Row} row */
    function tableRow(row) {
        const cells = row.map((term, index) =>
            html('td', { class: numeric[index] ? 'number' : '' }, ...cell(term, names, notes[index] ?? '', labels)),
        );
        return html('tr', {}, ...cells);
    }
}

/**
 * Return the rows that have a text in any of their cells, without regard to case.
 * @param {Row[]} rows
 * @param {string} wanted in lower case
 * @param {Names} names
 * @param {Map<string, Label> | null} labels
 */
export function filtered(rows, wanted, names, labels) {
    return wanted ? rows.filter((row) => row.some((term) => textOf(term, names, labels).toLowerCase().includes(wanted))) : rows;
}

/**
 * Return rows in the order of a column: numbers as numbers, all else as text; unbound cells come last.
 * @param {Row[]} rows
 * @param {number} column less than 0 for the order of the answer
 * @param {boolean} isDescending
 * @param {Names} names
 * @param {Map<string, Label> | null} labels
 */
export function sorted(rows, column, isDescending, names, labels) {
    if (column < 0) {
        return rows;
    }
    const collator = new Intl.Collator(LANGUAGE, { numeric: true });
    const sign = isDescending ? -1 : 1;
    return rows.toSorted((one, two) => {
        const [a, b] = [one[column], two[column]];
        if (!a || !b) {
            return Number(!a) - Number(!b);
        }
        const [m, n] = [numberOf(a), numberOf(b)];
        const found = m !== null && n !== null ? m - n : collator.compare(textOf(a, names, labels), textOf(b, names, labels));
        return sign * found;
    });
}

/**
 * Return rows as text for a spreadsheet: https://www.iana.org/assignments/media-types/text/tab-separated-values
 * @param {string[][]} rows
 */
export function asTabs(rows) {
    return rows.map((row) => `${row.map((text) => text.replace(/\s+/g, ' ')).join('\t')}\n`).join('');
}

/**
 * Return rows as a table of Markdown, the first as its head: https://github.github.com/gfm/#tables-extension-
 * @param {string[][]} rows
 */
export function asMarkdown([head = [], ...rows]) {
    const line = (/** @type {string[]} */ row) => `| ${row.map((text) => text.replace(/\s+/g, ' ').replace(/[\\|`*_<>[\]]/g, '\\$&')).join(' | ')} |\n`;
    return line(head) + `|${' --- |'.repeat(head.length)}\n` + rows.map(line).join('');
}

/**
 * Return a term as text: the label of an IRI if there is one, else its short name.
 * @param {Term | undefined} term
 * @param {Names} names
 * @param {Map<string, Label> | null} labels
 */
function textOf(term, names, labels) {
    if (term?.type === 'uri') {
        return labels?.get(term.value)?.text ?? nameOf(term.value, names);
    }
    return term?.type === 'bnode' ? `_:${term.value}` : (term?.value ?? '');
}

/**
 * Return the value of a term, whole and without what a table adds to it.
 * @param {Term | undefined} term
 */
function exact(term) {
    return term?.type === 'bnode' ? `_:${term.value}` : (term?.value ?? '');
}

/** @param {Table} table */
function irisOf({ rows }) {
    return [...new Set(rows.flat().flatMap((term) => (term?.type === 'uri' ? [term.value] : [])))];
}

/** @param {Table} table */
function hasIris({ rows }) {
    return rows.some((row) => row.some((term) => term?.type === 'uri'));
}

/**
 * Return what a cell shows of a term.
 * @param {Term | undefined} term
 * @param {Names} names
 * @param {string} known what the head of the column says of all of its terms
 * @param {Map<string, Label> | null} labels
 * @returns {(Node | string)[]}
 */
function cell(term, names, known, labels) {
    if (!term) {
        return [];
    }
    if (term.type === 'uri') {
        const href = addressOf(term.value, names);
        const text = cut(textOf(term, names, labels), LONGEST);
        const lang = foreign(labels?.get(term.value)?.language);
        return [href ? html('a', { href, 'data-iri': term.value, lang }, text) : html('code', {}, text)];
    }
    if (term.type !== 'literal') {
        return [html('code', {}, cut(term.type === 'bnode' ? `_:${term.value}` : term.value, LONGEST))];
    }
    const kind = kindOf(term, names);
    return [words(term), ...note(kind === known ? '' : kind)];
}

/**
 * Return the words of a literal, and a button for the rest where they are many.
 * @param {Term} term
 */
function words(term) {
    const text = html('span', { lang: term.language, dir: 'auto' }, cut(term.value, LONGEST));
    if (term.value.length <= LONGEST) {
        return text;
    }
    const button = html(
        'button',
        {
            type: 'button',
            class: 'plain',
            click: () => {
                text.textContent = term.value;
                button.remove();
            },
        },
        _('Show all %(count)s characters', { count: term.value.length }),
    );
    return html('span', {}, text, ' ', button);
}

/**
 * Return the language or the datatype of a literal; nothing for a plain string.
 * @param {Term} term
 * @param {Names} names
 */
function kindOf(term, names) {
    return term.language ?? (term.datatype ? cut(shorten(term.datatype, names.prefixes), 80) : '');
}

/**
 * Return the language or the datatype that all terms of a column share.
 * @param {Row[]} rows
 * @param {number} index
 * @param {Names} names
 */
function columnNote(rows, index, names) {
    const kinds = new Set(
        rows.flatMap((row) => {
            const term = row[index];
            return term ? [term.type === 'literal' ? kindOf(term, names) : ''] : [];
        }),
    );
    return kinds.size === 1 ? [...kinds].join('') : '';
}

/** @param {string | undefined} text */
function note(text) {
    return text ? [' ', html('small', { class: 'kind' }, text)] : [];
}
