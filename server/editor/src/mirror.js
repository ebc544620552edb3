/** The editor itself: CodeMirror with our colours, in a shadow tree. */

import { closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, foldService, HighlightStyle, indentOnInput, indentService, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, lineNumbers, tooltips } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { sparql } from 'codemirror-lang-sparql';

import { completing } from './completion.js';
import { linting } from './lint.js';
import { html } from './dom.js';
import { cardContent } from './cards.js';
import { _ } from './messages.js';
import { expand, indented, indentOf, prologue, tokens } from './query.js';

/** @import { Describe } from './cards.js' */
/** @import { Lookups } from './lookups.js' */
/** @import { Vocabulary } from './vocabulary.js' */

/** @typedef {{vocabulary: () => Vocabulary, propertiesOf: Lookups['propertiesOf'], describe: Describe}} Knowledge of the graph */

const THEME = EditorView.theme({
    '&': { height: '100%', backgroundColor: 'var(--card)', color: 'var(--ink)', fontSize: '0.9rem' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', minHeight: 'var(--editor-height, 14rem)', maxHeight: 'var(--editor-most, 65vh)' },
    '.cm-content': { caretColor: 'var(--ink)', padding: '0.6rem 0' },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--quiet)', border: 'none' },
    '.cm-gutter-lint': { width: '0.9rem' },
    '.cm-foldGutter .cm-gutterElement': { padding: '0 0.2rem', cursor: 'pointer' },
    '.cm-foldPlaceholder': { padding: '0 0.4rem', border: '1px solid var(--quiet)', backgroundColor: 'transparent', color: 'var(--quiet)' },
    '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--mark)', outline: '1px solid var(--quiet)' },
    '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--accent)' },
    '.cm-tooltip': {
        backgroundColor: 'var(--card)',
        border: '1px solid var(--quiet)',
        borderRadius: '0.3rem',
        color: 'var(--ink)',
        overflow: 'hidden',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: 'none', maxWidth: 'min(40rem, 92vw)' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.25rem 0.6rem', lineHeight: '1.3' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--link)', color: 'var(--ground)' },
    '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal', fontFamily: 'var(--sans)', marginLeft: '0.8em' },
    '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'inherit' },
    '.cm-completionIcon': { opacity: '1', color: 'inherit' },
    // Beside the names is too little room: the meaning of one would cover the others.
    '.cm-tooltip.cm-completionInfo-left-narrow, .cm-tooltip.cm-completionInfo-right-narrow': { display: 'none' },
    '.cm-tooltip.cm-completionInfo': { padding: '0.2rem 0.8rem', maxWidth: '24rem', fontFamily: 'var(--sans)' },
    '.card-in-editor': { padding: '0.3rem 0.8rem', maxWidth: '26rem', fontFamily: 'var(--sans)', fontSize: '0.95rem', lineHeight: '1.45' },
    '.card-in-editor p': { margin: '0.2rem 0' },
    '.card-in-editor .note': { color: 'var(--quiet)', fontSize: '0.85rem', overflowWrap: 'anywhere' },
    '.card-in-editor .wrong': { color: 'var(--accent)' },
    '.cm-diagnostic': { borderLeft: '3px solid var(--accent)', padding: '0.3rem 0.7rem', fontFamily: 'var(--sans)' },
    '.cm-diagnosticAction': {
        backgroundColor: 'transparent',
        border: '1px solid var(--link)',
        color: 'var(--link)',
        font: 'inherit',
        cursor: 'pointer',
    },
    '.cm-lintRange-error': {
        backgroundImage: 'none',
        textDecoration: 'underline wavy var(--accent)',
        textUnderlineOffset: '0.2em',
    },
    '.cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--quiet)', textUnderlineOffset: '0.2em' },
    '.cm-lintRange-warning': {
        backgroundImage: 'none',
        textDecoration: 'underline wavy var(--quiet)',
        textUnderlineOffset: '0.2em',
    },
    '.cm-diagnostic-warning, .cm-diagnostic-info': { borderLeftColor: 'var(--quiet)' },
    '.cm-lint-marker-info': { content: '""', border: '1px solid var(--quiet)', borderRadius: '50%' },
    '.cm-lint-marker-warning': { content: '""', backgroundColor: 'var(--quiet)', borderRadius: '50%' },
    '.cm-lintPoint-error:after': { borderBottomColor: 'var(--accent)' },
    '.cm-gutter-lint .cm-gutterElement': { padding: '0.4rem 0.1rem' },
    '.cm-lint-marker': { width: '0.6rem', height: '0.6rem' },
    '.cm-lint-marker-error': { content: '""', backgroundColor: 'var(--accent)', borderRadius: '50%' },
});

const COLOURS = HighlightStyle.define([
    { tag: tags.keyword, color: 'var(--syntax-keyword)', fontWeight: '600' },
    // A line may break behind a question mark, but not within a variable.
    { tag: tags.variableName, color: 'var(--syntax-variable)', whiteSpace: 'nowrap' },
    { tag: tags.annotation, color: 'var(--syntax-variable)' },
    { tag: [tags.string, tags.bool, tags.integer, tags.float], color: 'var(--syntax-value)' },
    { tag: [tags.namespace, tags.url, tags.typeName], color: 'var(--syntax-name)' },
    { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
]);

/**
 * Put an editor into an element.
 *
 * CodeMirror writes style rules while it runs. In a shadow tree it does so without <style> elements, which the
 * Content-Security-Policy of our pages forbids.
 * @param {HTMLElement} host
 * @param {string} query
 * @param {Knowledge} knowledge
 * @param {{run: () => void, changed: (query: string) => void}} reactions
 * @returns {EditorView}
 */
export function mirror(host, query, { vocabulary, propertiesOf, describe }, { run, changed }) {
    const root = host.attachShadow({ mode: 'open' });
    const runKey = {
        key: 'Mod-Enter',
        /** @param {EditorView} view */
        run: (view) => {
            closeCompletion(view);
            run();
            return true;
        },
    };
    return new EditorView({
        root,
        parent: root,
        state: EditorState.create({
            doc: query,
            extensions: [
                lineNumbers(),
                lintGutter(),
                foldGutter({ openText: '▾', closedText: '▸' }),
                foldService.of((state, start) => foldedPrologue(state.doc.toString(), start)),
                EditorState.phrases.of(phrases()),
                history(),
                bracketMatching(),
                closeBrackets(),
                indentOnInput(),
                indentUnit.of('    '),
                indentService.of((context, at) => indentOf(context.state.doc.toString(), at, context.textAfterPos(at))),
                sparql(),
                syntaxHighlighting(COLOURS),
                completing(vocabulary, propertiesOf),
                linting(vocabulary),
                hoverTooltip((view, at) => card(view, at, vocabulary(), describe)),
                tooltips({ position: 'fixed' }),
                EditorView.lineWrapping,
                EditorView.contentAttributes.of({ 'aria-label': _('Query'), spellcheck: 'false', tabindex: '0' }),
                EditorView.updateListener.of((update) => {
                    if (update.docChanged) {
                        changed(update.state.doc.toString());
                    }
                }),
                // Tab is left to the browser, so that the keyboard gets out: https://codemirror.net/examples/tab/
                keymap.of([
                    runKey,
                    { key: 'Mod-Shift-f', run: indent, preventDefault: true },
                    ...closeBracketsKeymap,
                    ...defaultKeymap,
                    ...historyKeymap,
                    ...foldKeymap,
                    ...completionKeymap,
                    ...lintKeymap,
                ]),
                EditorView.domEventHandlers({ beforeinput: replaceSelection }),
                THEME,
            ],
        }),
    });
}

/** Return the words of CodeMirror in the language of the page. */
function phrases() {
    return {
        'Fold line': _('Fold'),
        'Unfold line': _('Unfold'),
        'folded code': _('folded lines'),
        unfold: _('Unfold'),
        'Folded lines': _('Folded lines'),
        'Unfolded lines': _('Unfolded lines'),
        to: _('to'),
        Completions: _('Completions'),
        Diagnostics: _('Problems'),
        'No diagnostics': _('No problems'),
        close: _('close'),
    };
}

/**
 * Return the range that is hidden where the declarations of a query are folded into its first line.
 * @param {string} query
 * @param {number} start where a line begins
 */
function foldedPrologue(query, start) {
    const { declarations } = prologue(query);
    const [first] = declarations;
    const last = declarations.at(-1);
    return first && last && first !== last && first.from === start ? { from: first.to, to: last.to } : null;
}

/**
 * Return the card of the name at a position of the editor.
 * @param {EditorView} view
 * @param {number} at
 * @param {Vocabulary} vocabulary
 * @param {Describe} describe
 */
async function card(view, at, { prefixes }, describe) {
    const query = view.state.doc.toString();
    const token = tokens(query).find(({ from, to }) => from <= at && at < to);
    const declared = new Map([...Object.entries(prefixes), ...prologue(query).declarations.map(({ prefix, namespace }) => /** @type {const} */ ([prefix, namespace]))]);
    const iri = token?.kind === 'iri' ? token.text.slice(1, -1) : token?.kind === 'name' ? expand(token.text, declared) : null;
    const described = iri && (await describe(iri).catch(() => null));
    if (!token || !described) {
        return null;
    }
    return { pos: token.from, end: token.to, above: true, create: () => ({ dom: html('div', { class: 'card-in-editor' }, ...cardContent(described, token.text)) }) };
}

/**
 * Type over a selection without the browser, which would keep the look of what it replaces by style attributes,
 * and the Content-Security-Policy of our pages forbids these.
 * @param {InputEvent} event
 * @param {EditorView} view
 */
function replaceSelection(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const text = event.data;
    if (event.inputType !== 'insertText' || !text || empty || view.composing) {
        return false;
    }
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) {
        view.dispatch(insert());
    }
    event.preventDefault();
    return true;
}

/**
 * Indent the query.
 * @param {EditorView} view
 */
export function indent(view) {
    const query = view.state.doc.toString();
    const better = indented(query);
    if (better !== query) {
        const line = view.state.doc.lineAt(view.state.selection.main.head).number;
        view.dispatch({ changes: { from: 0, to: query.length, insert: better } });
        view.dispatch({ selection: { anchor: view.state.doc.line(line).to } });
    }
    return true;
}

/**
 * Replace what is written in an editor, as one step that can be taken back.
 * @param {EditorView} view
 * @param {string} query
 */
export function write(view, query) {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: query }, selection: { anchor: 0 } });
}
