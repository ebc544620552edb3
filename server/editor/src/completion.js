/** Complete names of the graph, variables and keywords in the editor, and declare the prefixes that they need. */

import { syntaxTree } from '@codemirror/language';

import { html } from './dom.js';
import { declare, positionAfter, variables } from './query.js';
import { suggest } from './vocabulary.js';

/** @import { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete' */
/** @import { EditorView } from '@codemirror/view' */
/** @import { Entry, Vocabulary } from './vocabulary.js' */

const WORD = /[?$]?[\p{L}\p{N}_-]*:?[\p{L}\p{N}_-]*$/u;
const OPAQUE = new Set(['String', 'Comment', 'IriRef']);
/** What CodeMirror draws a sign for. */
/** @type {Record<string, string>} */
const SIGNS = { prefix: 'namespace', individual: 'constant' };

/**
 * Return the source of completions.
 * @param {() => Vocabulary} vocabulary what is known by now
 */
export function completing(vocabulary) {
    /**
     * @param {CompletionContext} context
     * @returns {CompletionResult | null}
     */
    return (context) => {
        const typed = context.matchBefore(WORD);
        const from = typed?.from ?? context.pos;
        if ((from === context.pos && !context.explicit) || isOpaque(context)) {
            return null;
        }
        const query = context.state.doc.toString();
        const names = variables(query.slice(0, from) + query.slice(context.pos));
        const found = suggest(vocabulary(), typed?.text ?? '', positionAfter(query.slice(0, from)), names);
        return { from, options: found.map((entry) => completion(entry, vocabulary())), filter: false };
    };
}

/** @param {CompletionContext} context */
function isOpaque(context) {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1);
    return OPAQUE.has(node.name) && node.to >= context.pos && node.from < context.pos;
}

/**
 * @param {Entry} entry
 * @param {Vocabulary} vocabulary
 * @returns {Completion}
 */
function completion(entry, vocabulary) {
    const count = entry.count ? `${entry.count.toLocaleString('en')}×` : '';
    return {
        label: entry.name,
        detail: [entry.label, count].filter(Boolean).join(' · '),
        type: SIGNS[entry.kind] ?? entry.kind,
        info: entry.note ? () => html('p', {}, entry.note) : undefined,
        apply: (view, _, from, to) => accept(view, entry, vocabulary, from, to),
    };
}

/**
 * @param {EditorView} view
 * @param {Entry} entry
 * @param {Vocabulary} vocabulary
 * @param {number} from
 * @param {number} to
 */
function accept(view, entry, vocabulary, from, to) {
    const query = view.state.doc.toString();
    const isCall = entry.kind === 'function' && view.state.sliceDoc(to, to + 1) !== '(';
    const insert = isCall ? `${entry.name}()` : textFor(entry, vocabulary, query.slice(0, from));
    const change = view.state.changes([{ from, to, insert }, ...declaration(insert, vocabulary, query)]);
    view.dispatch({
        changes: change,
        selection: { anchor: change.mapPos(from, -1) + insert.length - (isCall ? 1 : 0) },
        userEvent: 'input.complete',
        scrollIntoView: true,
    });
}

/**
 * Return what is inserted for an entry: after PREFIX, a prefix with its namespace.
 * @param {Entry} entry
 * @param {Vocabulary} vocabulary
 * @param {string} before
 */
function textFor(entry, vocabulary, before) {
    const namespace = vocabulary.prefixes[entry.name.slice(0, -1)];
    return entry.kind === 'prefix' && /\bPREFIX\s+$/i.test(before) ? `${entry.name} <${namespace}>` : entry.name;
}

/**
 * @param {string} inserted
 * @param {Vocabulary} vocabulary
 * @param {string} query
 */
function declaration(inserted, vocabulary, query) {
    const [prefix, local] = inserted.split(':', 2);
    const namespace = vocabulary.prefixes[prefix ?? ''];
    if (local === undefined || inserted.includes('<') || !prefix || !namespace) {
        return [];
    }
    const change = declare(query, prefix, namespace);
    return change ? [{ from: change.at, insert: change.text }] : [];
}
