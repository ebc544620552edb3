/** Mark mistakes in a query: syntax errors, prefixes, misspelt names, grouping, and the error that the server reported. */

import { ensureSyntaxTree } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { StateEffect, StateField } from '@codemirror/state';

import { keywordFor, prefixCorrections, termCorrections } from './corrections.js';
import { ungrouped, unusedPrefixes } from './hints.js';
import { _, joined } from './messages.js';
import { declare, offsetOf, tokens } from './query.js';

/** @import { Diagnostic } from '@codemirror/lint' */
/** @import { EditorState } from '@codemirror/state' */
/** @import { EditorView } from '@codemirror/view' */
/** @import { Correction, Fix } from './corrections.js' */
/** @import { Vocabulary } from './vocabulary.js' */

/** @typedef {{line: number, column: number, detail: string}} Fault */

/** How long a query is parsed at most before its syntax is checked, in milliseconds. */
const LONGEST_PARSE = 200;

/** @type {import('@codemirror/state').StateEffectType<Fault | null>} */
const refuse = StateEffect.define();

/** The error that the server reported for the query in the editor; dropped as soon as the query changes. */
const refused = StateField.define({
    create: () => /** @type {Fault | null} */ (null),
    update(value, transaction) {
        const reported = transaction.effects.find((effect) => effect.is(refuse));
        return reported ? reported.value : transaction.docChanged ? null : value;
    },
});

/**
 * Return the extension that marks mistakes.
 * @param {() => Vocabulary} vocabulary what is known by now
 */
export function linting(vocabulary) {
    const check = linter((view) => diagnostics(view.state, vocabulary()), {
        delay: 400,
        needsRefresh: ({ transactions }) =>
            transactions.some(({ effects }) => effects.some((effect) => effect.is(refuse))),
    });
    return [refused, check];
}

/**
 * Mark the position at which the server found a mistake, and go there.
 * @param {EditorView} view
 * @param {Fault} fault
 */
export function mark(view, fault) {
    const at = offsetOf(view.state.doc.toString(), fault.line, fault.column);
    view.dispatch({ effects: refuse.of(fault), selection: { anchor: at }, scrollIntoView: true });
}

/**
 * Apply a fix, with the prefix declaration that it needs.
 * @param {EditorView} view
 * @param {Fix} fix
 * @param {Vocabulary} vocabulary
 */
export function applyFix(view, { from, to, text, declares }, { prefixes }) {
    const namespace = prefixes[declares ?? ''];
    const declaration = declares && namespace ? declare(view.state.doc.toString(), declares, namespace) : null;
    const isChanged = view.state.sliceDoc(from, to) !== text;
    view.dispatch({
        changes: [
            ...(isChanged ? [{ from, to, insert: text }] : []),
            ...(declaration ? [{ from: declaration.at, insert: declaration.text }] : []),
        ],
    });
}

/**
 * @param {EditorState} state
 * @param {Vocabulary} vocabulary
 * @returns {Diagnostic[]}
 */
function diagnostics(state, vocabulary) {
    const query = state.doc.toString();
    const fault = state.field(refused);
    if (fault) {
        return [diagnostic(query, offsetOf(query, fault.line, fault.column), fault.detail)];
    }
    return [
        ...unexpected(state, query, vocabulary),
        ...prefixCorrections(query, vocabulary).map((found) => corrected(found, 'error', vocabulary)),
        ...ungrouped(query).map((found) => corrected(found, 'error', vocabulary)),
        ...termCorrections(query, vocabulary).map((found) => corrected(found, 'warning', vocabulary)),
        ...unusedPrefixes(query).map((found) => corrected(found, 'info', vocabulary)),
    ];
}

/**
 * Return the first syntax error: later ones mostly follow from it.
 * @param {EditorState} state
 * @param {string} query
 * @param {Vocabulary} vocabulary
 * @returns {Diagnostic[]}
 */
function unexpected(state, query, vocabulary) {
    let at = -1;
    // A tree that is not yet whole ends with an error.
    const tree = ensureSyntaxTree(state, state.doc.length, LONGEST_PARSE);
    tree?.iterate({
        enter({ type, from }) {
            if (type.isError && at < 0) {
                at = from;
            }
            return at < 0;
        },
    });
    if (at < 0 || !query.trim()) {
        return [];
    }
    const next = tokens(query).find((token) => token.to > at);
    if (!next) {
        return [diagnostic(query, query.trimEnd().length, _('The query ends too early.'))];
    }
    const meant = next.kind === 'word' ? keywordFor(next.text) : null;
    const found = diagnostic(query, Math.max(at, next.from), joined(_('“%(text)s” is not expected here.', { text: next.text }), meant ? _('Did you mean %(name)s?', { name: meant }) : ''));
    const fix = { label: _('Replace by %(name)s', { name: meant ?? '' }), from: next.from, to: next.to, text: meant ?? '' };
    return [meant ? { ...found, actions: [action(fix, vocabulary)] } : found];
}

/**
 * @param {Correction} correction
 * @param {'error' | 'warning' | 'info'} severity
 * @param {Vocabulary} vocabulary
 * @returns {Diagnostic}
 */
function corrected({ from, to, message, fix }, severity, vocabulary) {
    return { from, to, severity, message, ...(fix && { actions: [action(fix, vocabulary)] }) };
}

/**
 * @param {Fix} fix
 * @param {Vocabulary} vocabulary
 */
function action(fix, vocabulary) {
    return { name: fix.label, apply: (/** @type {EditorView} */ view) => applyFix(view, fix, vocabulary) };
}

/**
 * @param {string} query
 * @param {number} from
 * @param {string} message
 * @returns {Diagnostic}
 */
function diagnostic(query, from, message) {
    const token = tokens(query).find((candidate) => candidate.to > from);
    const start = token ? Math.max(token.from, from) : Math.max(0, query.trimEnd().length - 1);
    return { from: start, to: token?.to ?? query.length, severity: 'error', message };
}
