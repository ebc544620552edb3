/**
 * Decide how the numbers of an answer are drawn: which columns qualify them, and what the answer does not say of them.
 *
 * A printed figure is drawn as on the other pages of the site: its hedge is its shape, its stance is its fill, one that
 * is judged wrong is struck through, and figures of different units never share an axis.
 */

import { _ } from '../messages.js';
import { tokens } from '../query.js';
import { caption, numberOf } from '../terms.js';
import { drawableColumns, isNumeric } from './columns.js';
import { STANCES } from './stances.js';

/** @import { Row, Table } from '../answer.js' */
/** @import { Names, Term } from '../terms.js' */

/** @typedef {'dot' | 'from' | 'to' | 'about'} Shape */
/** @typedef {{hedge: number | null, stance: number | null, rank: number | null, units: number[], lower: number | null, upper: number | null}} Roles */
/**
 * A number to draw, with the words beside it.
 * @typedef {{label: string, value: number, hedge: string, shape: Shape, stance: string, rank: string,
 *     bounds: [number, number] | null}} Figure `bounds` are drawn as an error bar
 */
/** @typedef {{unit: string, figures: Figure[]}} Group figures of one unit */
/**
 * A column to draw: as marks, where the answer qualifies its figures, else as bars.
 * @typedef {{name: string, isMarked: boolean, hasHedges: boolean, groups: Group[], left: number, notes: string[]}} Series
 */

/** How many rows are drawn. */
const MOST = 60;

/** @type {Map<string, Shape>} */
const SHAPES = new Map([
    ['exact', 'dot'],
    ['more-than', 'from'],
    ['at-least', 'from'],
    ['nearly', 'to'],
    ['at-most', 'to'],
    ['about', 'about'],
]);
const STANCE_CODES = new Set(Object.keys(STANCES));
const RANKS = new Set(['preferred', 'normal', 'deprecated']);
/** The labels of codes that differ from their local names. */
const CODES = new Map(
    Object.entries({
        exactly: 'exact', 正好: 'exact', 超过: 'more-than', 至少: 'at-least', 近: 'nearly', 至多: 'at-most', 约: 'about',
        计划: 'planned', 进行中: 'ongoing', 已完成: 'accomplished', 首选: 'preferred', 一般: 'normal', 弃用: 'deprecated',
    }),
);
const UNIT_NAME = /(?:^|[a-z_])(?:unit|currency)$/i;
const UNIT_PROPERTY = /[:/](?:unit|currency)>?$/;
/** Names of columns, and properties, that bound the number beside them. */
const LOWER = /^(?:lower|low|least|min|minimum)(?:_?bound)?$/i;
const UPPER = /^(?:upper|high|most|max|maximum)(?:_?bound)?$/i;
const LOWER_PROPERTY = /[:/]lowerBound>?$/;
const UPPER_PROPERTY = /[:/]upperBound>?$/;

/**
 * Return the IRIs of the statements that an answer names, if it has no column of their ranks.
 * @param {Table} table
 * @param {Names} names
 */
export function unrankedStatements(table, { base }) {
    const all = table.columns.map((_, index) => index);
    if (coded(table, all, RANKS) !== null) {
        return [];
    }
    const terms = table.rows.slice(0, MOST).flat();
    const iris = terms.filter((term) => term?.type === 'uri' && term.value.startsWith(`${base}id/statement/`));
    return [...new Set(iris.map((term) => term?.value ?? ''))];
}

/**
 * Return how a column is drawn.
 * @param {Table} table
 * @param {string} query
 * @param {number} column
 * @param {Names} names
 * @param {Set<string>} [judged] the IRIs of statements that are judged wrong, where the answer has no column of ranks
 * @returns {Series}
 */
export function seriesOf(table, query, column, names, judged = new Set()) {
    const name = table.columns[column] ?? '';
    const origin = originOf(query, name);
    const roles = rolesOf(table, query, column, origin);
    const isJudged = origin === 'graph' && judged.size > 0;
    const { hedge, stance, rank, units, lower, upper } = roles;
    const used = [hedge, stance, rank, lower, upper, ...units].filter((index) => index !== null);
    const labels = labelColumns(table, [column, ...used]);
    /** @type {Map<string, Figure[]>} */
    const groups = new Map();
    const rows = table.rows.slice(0, MOST);
    rows.forEach((row, index) => {
        const value = numberOf(row[column]);
        if (value !== null) {
            const unit = units.map((at) => row[at]?.value ?? '').filter(Boolean).join(' ');
            const words = labels.flatMap((at) => (row[at] ? [caption(row[at], names)] : [])).join(' · ');
            const figure = { ...qualified(row, roles, judged), bounds: boundsOf(row, value, roles), label: words || _('Row %(number)s', { number: index + 1 }), value };
            groups.set(unit, [...(groups.get(unit) ?? []), figure]);
        }
    });
    return {
        name,
        isMarked: hedge !== null || stance !== null || rank !== null || lower !== null || upper !== null || isJudged,
        hasHedges: hedge !== null,
        groups: [...groups].map(([unit, figures]) => ({ unit, figures })),
        left: table.rows.length - rows.length,
        notes: notesOn(name, origin, roles, unrankedStatements(table, names).length > 0),
    };
}

/**
 * Return where the numbers of a variable come from: counted, computed, or taken from the graph as they are.
 * @param {string} query
 * @param {string} name
 * @returns {'count' | 'computed' | 'graph'}
 */
export function originOf(query, name) {
    const found = tokens(query);
    const at = found.findIndex(({ kind, text }, index) => kind === 'variable' && text.slice(1) === name && isAs(found[index - 1]));
    if (at < 0) {
        return 'graph';
    }
    let open = at - 1;
    for (let depth = 0; open > 0; ) {
        open -= 1;
        depth += found[open]?.text === ')' ? 1 : found[open]?.text === '(' ? -1 : 0;
        if (depth === 0) {
            break;
        }
    }
    const isWhole = found[open - 2]?.text === '(';
    return isWhole && found[open - 1]?.text.toUpperCase() === 'COUNT' ? 'count' : 'computed';
}

/** @param {import('../query.js').Token | undefined} token */
function isAs(token) {
    return token?.text.toUpperCase() === 'AS';
}

/**
 * Return which columns qualify the figures of a column. What the query counts or computes is not a printed figure.
 * @param {Table} table
 * @param {string} query
 * @param {number} column
 * @param {string} origin
 * @returns {Roles}
 */
function rolesOf(table, query, column, origin) {
    const all = table.columns.map((_, index) => index);
    const properties = unitVariables(query);
    const units = origin === 'count' ? [] : all.filter((at) => isUnit(table, at, properties));
    const bound = (/** @type {RegExp} */ name, /** @type {RegExp} */ property) => boundColumn(table, query, column, name, property);
    const [lower, upper] = origin === 'count' ? [null, null] : [bound(LOWER, LOWER_PROPERTY), bound(UPPER, UPPER_PROPERTY)];
    if (origin !== 'graph') {
        return { hedge: null, stance: null, rank: null, units, lower, upper };
    }
    const hedge = coded(table, all, new Set(SHAPES.keys()));
    return {
        hedge: hedge !== null && hedgedColumn(table, query, hedge) === column ? hedge : null,
        stance: coded(table, all, STANCE_CODES),
        rank: coded(table, all, RANKS),
        units,
        lower,
        upper,
    };
}

/**
 * Return the column that bounds the numbers of another: by the property that binds it, or by its name.
 * @param {Table} table
 * @param {string} query
 * @param {number} column
 * @param {RegExp} name
 * @param {RegExp} property
 */
function boundColumn(table, query, column, name, property) {
    const found = tokens(query);
    const bound = new Set(found.filter(({ kind }, index) => kind === 'variable' && property.test(found[index - 1]?.text ?? '')).map(({ text }) => text.slice(1)));
    const isBound = (/** @type {string} */ each) => bound.has(each) || name.test(each);
    const own = table.columns[column] ?? '';
    const isItself = [LOWER, UPPER].some((each) => each.test(own)) || bound.has(own);
    const at = table.columns.findIndex((each, index) => index !== column && isBound(each) && isNumeric(table.rows, index));
    return at < 0 || isItself ? null : at;
}

/**
 * Return whether a column bounds the numbers of another one.
 * @param {Table} table
 * @param {string} query
 * @param {number} column
 */
export function isBound(table, query, column) {
    const others = drawableColumns(table).filter((other) => other !== column);
    return others.some((other) => {
        const { lower, upper } = rolesOf(table, query, other, originOf(query, table.columns[other] ?? ''));
        return lower === column || upper === column;
    });
}

/**
 * Return the bounds of a number, or null where the row has none; a bound that it lacks is the number itself.
 * @param {Row} row
 * @param {number} value
 * @param {Roles} roles
 * @returns {[number, number] | null}
 */
function boundsOf(row, value, { lower, upper }) {
    const low = lower === null ? null : numberOf(row[lower]);
    const high = upper === null ? null : numberOf(row[upper]);
    return low === null && high === null ? null : [low ?? value, high ?? value];
}

/**
 * Return the column that a column of hedges qualifies: the first figure behind it, else the last before it.
 * @param {Table} table
 * @param {string} query
 * @param {number} hedge
 */
function hedgedColumn(table, query, hedge) {
    const figures = drawableColumns(table).filter((at) => originOf(query, table.columns[at] ?? '') === 'graph');
    return figures.find((at) => at > hedge) ?? figures.at(-1);
}

/**
 * @param {Table} table
 * @param {number[]} columns
 * @param {Set<string>} codes
 */
function coded(table, columns, codes) {
    return (
        columns.find((at) => {
            const bound = table.rows.map((row) => row[at]).filter((term) => term !== undefined);
            return bound.length > 0 && bound.every((term) => codes.has(codeOf(term)));
        }) ?? null
    );
}

/**
 * Return the code that a term is, or is the label of.
 * @param {Term | undefined} term
 */
function codeOf(term) {
    const words = (term?.type === 'uri' ? term.value.replace(/^.*\/code\//, '') : (term?.value ?? '')).toLowerCase();
    return CODES.get(words) ?? words.replaceAll(' ', '-');
}

/**
 * @param {Table} table
 * @param {number} column
 * @param {Set<string>} properties
 */
function isUnit(table, column, properties) {
    const name = table.columns[column] ?? '';
    const isText = table.rows.every((row) => row[column] === undefined || numberOf(row[column]) === null);
    return isText && (UNIT_NAME.test(name) || properties.has(name));
}

/**
 * Return the variables that a query binds to units or currencies.
 * @param {string} query
 */
function unitVariables(query) {
    const found = tokens(query);
    const bound = found.filter(({ kind }, index) => kind === 'variable' && UNIT_PROPERTY.test(found[index - 1]?.text ?? ''));
    return new Set(bound.map(({ text }) => text.slice(1)));
}

/**
 * @param {Row} row
 * @param {Roles} roles
 * @param {Set<string>} judged
 */
function qualified(row, { hedge, stance, rank }, judged) {
    const isWrong = row.some((term) => judged.has(term?.value ?? ''));
    const code = hedge === null ? '' : codeOf(row[hedge]);
    return {
        hedge: code.replaceAll('-', ' '),
        shape: SHAPES.get(code) ?? 'dot',
        stance: stance === null ? '' : codeOf(row[stance]),
        rank: rank !== null ? codeOf(row[rank]) : isWrong ? 'deprecated' : '',
    };
}

/**
 * Return the columns that distinguish the rows: words and years rather than IRIs, and none that is the same everywhere.
 * @param {Table} table
 * @param {number[]} used columns that are drawn or said elsewhere
 */
export function labelColumns(table, used) {
    const amounts = new Set(drawableColumns(table));
    const others = table.columns.map((_, index) => index).filter((index) => !used.includes(index));
    const varied = others.filter((index) => new Set(table.rows.map((row) => row[index]?.value)).size > 1);
    const words = varied.filter((index) => !amounts.has(index) && table.rows.some((row) => row[index]?.type === 'literal'));
    const found = words.length ? words : varied;
    return found.length ? found : others.filter((index) => !amounts.has(index));
}

/**
 * Return what a chart cannot say of its numbers.
 * @param {string} name
 * @param {string} origin
 * @param {Roles} roles
 * @param {boolean} isLookedUp whether the judgements on statements are read from the graph
 */
function notesOn(name, origin, { hedge, stance, rank, units }, isLookedUp) {
    if (origin === 'count') {
        return [];
    }
    if (origin === 'computed') {
        return [_('The query computes “%(name)s”: hedges of the figures behind it, such as “more than”, are not drawn.', { name })];
    }
    const missing = [
        hedge === null ? _('hedges, such as “more than”') : '',
        stance === null ? _('stances, such as “planned”') : '',
        rank === null && !isLookedUp ? _('judgements') : '',
    ].filter(Boolean);
    const notes = missing.length ? [_('Not drawn, because the answer has no column for it: %(what)s.', { what: missing.join(_('; ')) })] : [];
    return units.length ? notes : [...notes, _('The answer has no column for units: the axis holds only if all rows have the same unit.')];
}
