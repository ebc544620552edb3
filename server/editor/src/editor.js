/** The query page: connect the editor, the buttons and the answer. */

import { forceLinting } from '@codemirror/lint';

import { describing, showCards } from './cards.js';
import { copy } from './copying.js';
import { corrections, namedIris, termCorrections } from './corrections.js';
import { byId, html } from './dom.js';
import { kept } from './kept.js';
import { downloads, linkTo, withParameters } from './links.js';
import { applyFix, mark } from './lint.js';
import { lookups } from './lookups.js';
import { _, foreign, LANGUAGE, languageOf, ngettext } from './messages.js';
import { indent, mirror, write } from './mirror.js';
import { offsetOf, prologue, questionOf } from './query.js';
import { questions } from './questions.js';
import { recent } from './recent.js';
import { show } from './results/shown.js';
import { Run } from './run.js';
import { script } from './scripts.js';
import { stopwatch } from './stopwatch.js';
import { draft, forgetDraft, keepDraft } from './storage.js';
import { nameOf } from './terms.js';

/** @import { Correction } from './corrections.js' */
/** @import { Answered, Refusal } from './run.js' */
/** @import { Vocabulary } from './vocabulary.js' */

const TITLE = _('Ask in SPARQL');

const heading = byId('title', HTMLElement);
const page = byId('editor', HTMLElement);
const form = byId('ask', HTMLFormElement);
const area = byId('query', HTMLTextAreaElement);
const runButton = byId('run', HTMLButtonElement);
const cancelButton = byId('cancel', HTMLButtonElement);
const linkButton = byId('copy-link', HTMLButtonElement);
const status = byId('status', HTMLElement);
const results = byId('results', HTMLElement);
const answerSection = byId('answer', HTMLElement);
const codeDetails = byId('code-details', HTMLDetailsElement);
const printed = byId('printed', HTMLElement);

// The endpoint is the same for pages in all languages, each of which has its own address.
const service = location.origin + (page.dataset.endpoint ?? '');
// The address of the page may name graphs and a timeout, which then hold for every query run on it.
const wholeEndpoint = withParameters(service, location.search);
const endpoint = wholeEndpoint.slice(location.origin.length);
const address = withParameters(new URL(form.action).pathname, location.search);
const queries = `${page.dataset.endpoint}/queries/`;
/** @type {Vocabulary} */
let vocabulary = { prefixes: {}, terms: [] };
/** @type {Run | null} */
let running = null;

/** @type {((query: string) => void) | null} */
let showCode = null;
const host = html('div', { class: 'mirror' });
area.before(host);
const base = page.dataset.base ?? '';
const ask = lookups(service, base);
const describe = describing(() => vocabulary, ask.described);
const knowledge = { vocabulary: () => vocabulary, propertiesOf: ask.propertiesOf, describe };
const view = mirror(host, draft() ?? area.value, knowledge, { run: runHere, changed });
const addRecent = recent(load);
const learnt = learn();
takeOver();
start();

/** Put the editor in the place of the form's own field, and show the controls that need a script. */
function takeOver() {
    area.hidden = true;
    area.required = false;
    for (const element of document.querySelectorAll('[data-scripted]')) {
        element.toggleAttribute('hidden', element.getAttribute('data-scripted') === 'hide');
    }
    byId('query-label', HTMLLabelElement).addEventListener('click', () => view.focus());
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        runHere();
    });
    cancelButton.addEventListener('click', () => running?.cancel());
    linkButton.addEventListener('click', copyLink);
    byId('indent', HTMLButtonElement).addEventListener('click', () => indent(view));
    byId('enlarge', HTMLButtonElement).addEventListener('click', ({ currentTarget }) => {
        const isLarge = page.classList.toggle('large');
        /** @type {HTMLElement} */ (currentTarget).setAttribute('aria-pressed', String(isLarge));
        host.style.height = '';
        view.requestMeasure();
    });
    codeDetails.addEventListener('toggle', refreshCode);
    addEventListener('popstate', restore);
    const list = byId('questions-details', HTMLDetailsElement);
    list.open = matchMedia('(min-width: 64rem)').matches;
    questions(load);
    kept({ query, load });
    showCards(results, describe, (iri) => nameOf(iri, { ...vocabulary, base, root: '' }));
    printed.textContent = query();
}

/**
 * Show another query and run it.
 * @param {string} other
 */
function load(other) {
    show('');
    write(view, other);
    runHere();
}

/** Fetch the names of the graph. The editor works without them. */
async function learn() {
    try {
        vocabulary = await (await fetch(page.dataset.completions ?? '')).json();
        forceLinting(view);
    } catch {
        say(_('The names of the graph could not be loaded: completion offers keywords and variables only.'));
    }
}

/** Continue from the answer that the server has put on the page. */
function start() {
    const { line, column, run: isAnswered } = results.dataset;
    const isSame = query() === area.value;
    if (!isSame) {
        say(_('This is your draft from before the page was left. It has not been run yet.'));
    } else if (line && column) {
        mark(view, { line: Number(line), column: Number(column), detail: results.dataset.detail ?? '' });
    } else if (isAnswered !== undefined) {
        run();
    }
}

/** Keep the draft, the code and the printed query in step with the editor. */
function changed() {
    keepDraft(query());
    printed.textContent = query();
    refreshCode();
}

/** Go back or forward to another query that was run on this page. */
function restore(/** @type {PopStateEvent} */ event) {
    const earlier = event.state?.query ?? new URLSearchParams(location.search).get('query');
    write(view, earlier ?? area.defaultValue);
    if (earlier) {
        run();
        return;
    }
    running?.cancel();
    running = null;
    busy(false);
    rename(TITLE);
    results.replaceChildren();
    say(_('No query run yet.'));
}

function query() {
    return view.state.doc.toString();
}

/** Run the query, give it an entry in the history of the browser, and bring the answer into view. */
function runHere() {
    if (query().trim()) {
        remember(query());
        addRecent(query());
    }
    run();
    reveal();
}

async function run() {
    running?.cancel();
    const asked = query();
    if (!asked.trim()) {
        say(_('The query is empty: write one, or choose a question.'));
        return;
    }
    const clock = stopwatch(status, limit());
    const answers = script('answers').catch(() => null);
    const mine = new Run(endpoint, queries, asked, (bytes) => clock.received(bytes));
    running = mine;
    rename(questionOf(asked, LANGUAGE) ?? TITLE);
    busy(true);
    const outcome = await mine.outcome;
    clock.stop();
    const shows = await answers;
    await learnt;
    if (running !== mine) {
        return;
    }
    running = null;
    busy(false);
    if (outcome.kind === 'answer') {
        showAnswer(asked, outcome, shows);
    } else if (outcome.kind === 'refusal') {
        showRefusal(asked, outcome);
    } else {
        results.replaceChildren();
        say(_('Cancelled.'));
    }
}

/** Return the seconds after which the server stops a query. */
function limit() {
    const wished = Number(new URL(wholeEndpoint).searchParams.get('timeout') ?? Infinity);
    return Math.min(Number(page.dataset.timeout), wished > 0 ? wished : Infinity);
}

/** Scroll so far that the status and the beginning of the answer are in sight, below the end of the query. */
function reveal() {
    page.dataset.asked = '';
    const { top } = status.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) {
        answerSection.scrollIntoView();
    }
}

/**
 * @param {string} asked
 * @param {Answered} outcome
 * @param {typeof import('./answers.js') | null} answers what shows it; null where it could not be fetched
 */
function showAnswer(asked, { answer, text, milliseconds, cached }, answers) {
    if (!answers) {
        results.replaceChildren(downloadLinks(asked));
        say(_('The script that shows answers could not be loaded. Check the network, then run the query again.'));
        return;
    }
    const names = { prefixes: vocabulary.prefixes, base, root: page.dataset.root ?? '' };
    const found = termCorrections(asked, vocabulary);
    const view = answers.answerView(answer, text, asked, names, ask);
    results.replaceChildren(downloadLinks(asked), ...found.map(hint), view);
    if (answer.kind === 'truth' ? !answer.value : answer.rows.length === 0) {
        explain(asked, found.length > 0, view);
    }
    const time = milliseconds < 1000 ? _('%(count)s ms', { count: Math.round(milliseconds) }) : _('%(count)s s', { count: (milliseconds / 1000).toFixed(1) });
    const said = { answer: answers.summary(answer), time };
    say(cached ? _('%(answer)s in %(time)s, from the cache.', said) : _('%(answer)s in %(time)s.', said));
}

/**
 * Say before an empty answer which names of the query are not in the graph, and where the engine may differ.
 * @param {string} asked
 * @param {boolean} isCorrected whether a misspelt name explains it already
 * @param {Element} view
 */
async function explain(asked, isCorrected, view) {
    const iris = namedIris(asked);
    const absent = isCorrected || !iris.size ? [] : await ask.absent([...iris.keys()]).catch(() => []);
    view.before(
        ...absent.map((iri) => hint({ from: 0, to: 0, message: _('%(name)s does not occur in this graph.', { name: iris.get(iri) ?? '' }), fix: null })),
        ...(absent.length || isCorrected ? [] : [html('p', { class: 'note' }, _('Unexpected?'), ' ', html('a', { href: page.dataset.differs ?? '' }, _('Where the engine differs from others')))]),
    );
}

/**
 * Return what is wrong with a name, and a button that corrects it.
 * @param {Correction} correction
 */
function hint({ message, fix }) {
    const correct = () => {
        if (fix) {
            applyFix(view, fix, vocabulary);
            runHere();
        }
    };
    const button = fix && html('button', { type: 'button', class: 'plain', click: correct }, _('%(fix)s and run', { fix: fix.label }));
    return html('p', { class: 'hint' }, message, ' ', button);
}

/** @param {string} asked */
function downloadLinks(asked) {
    const links = downloads(endpoint, asked, prologue(asked).form, say);
    return html('p', { class: 'row downloads' }, _('Download:'), ' ', ...links);
}

/**
 * @param {string} asked
 * @param {Refusal} refusal
 */
function showRefusal(asked, { title, detail, language, wait, line, column, isLong }) {
    const place = line && column ? { line, column, detail } : null;
    const go = () => {
        view.dispatch({ selection: { anchor: offsetOf(query(), place?.line ?? 1, place?.column ?? 1) }, scrollIntoView: true });
        view.focus();
    };
    results.replaceChildren(
        html(
            'div',
            { class: 'refusal', role: 'alert' },
            html('p', { lang: foreign(language) }, detail),
            wait ? html('p', {}, ngettext('Try again in %(num)s second.', 'Try again in %(num)s seconds.', wait)) : null,
            ...corrections(asked, vocabulary).filter(({ fix }) => fix).map(hint),
            isLong ? downloadLinks(asked) : null,
            place ? html('p', {}, html('button', { type: 'button', class: 'plain', click: go }, _('Go to the error'))) : null,
        ),
    );
    say(_('%(title)s.', { title }));
    if (place) {
        mark(view, place);
    }
}

/** @param {boolean} is */
function busy(is) {
    // The focus moves from the button that is hidden to the one that is shown.
    const hadFocus = document.activeElement === (is ? runButton : cancelButton);
    runButton.hidden = is;
    cancelButton.hidden = !is;
    if (hadFocus) {
        (is ? cancelButton : runButton).focus();
    }
    results.setAttribute('aria-busy', String(is));
}

/** @param {string} text */
function say(text) {
    status.textContent = text;
}

/**
 * Give the page the title of the query that it shows.
 * @param {string} title
 */
function rename(title) {
    heading.textContent = title;
    heading.toggleAttribute('data-question', title !== TITLE);
    heading.lang = title === TITLE ? LANGUAGE : languageOf(title);
    document.title = document.title.replace(/^.*(?= – )/, title.replaceAll('$', '$$$$'));
}

/**
 * Put a query into the address of the page, if it fits, and into the history of the browser.
 * @param {string} asked
 */
function remember(asked) {
    const link = linkTo(address, asked);
    const next = link ?? address;
    const isSame = location.pathname + location.search === next && (link !== null || history.state?.query === asked);
    history[isSame ? 'replaceState' : 'pushState']({ query: asked }, '', next + location.hash);
    if (link) {
        forgetDraft();
    } else {
        keepDraft(asked);
    }
}

async function copyLink() {
    const link = linkTo(location.origin + address, query());
    if (!link) {
        say(_('The query is too long for a link, which has to be shorter than 8,000 characters: save it as a file.'));
        return;
    }
    await copy(linkButton, link + location.hash, say);
}

function refreshCode() {
    if (!codeDetails.open) {
        return;
    }
    if (showCode) {
        showCode(query());
        return;
    }
    script('answers').then(
        (/** @type {typeof import('./answers.js')} */ { codeView }) => {
            showCode ??= codeView(byId('code', HTMLElement), wholeEndpoint, say);
            showCode(query());
        },
        () => say(_('The code could not be loaded. Check the network, then open it again.')),
    );
}
