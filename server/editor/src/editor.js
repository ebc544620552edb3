/** The query page: what is pressed and what then happens. */

import { codeView } from './code.js';
import { copy } from './copying.js';
import { byId, html } from './dom.js';
import { draft, forgetDraft, keepDraft } from './draft.js';
import { downloads, linkTo, withParameters } from './links.js';
import { mark } from './lint.js';
import { mirror, write } from './mirror.js';
import { offsetOf, prologue, questionOf } from './query.js';
import { questions } from './questions.js';
import { answerView, summary } from './results/views.js';
import { Run } from './run.js';

/** @import { Answered, Refusal } from './run.js' */
/** @import { Vocabulary } from './vocabulary.js' */

const TITLE = 'Ask in SPARQL';

const heading = byId('title', HTMLElement);
const page = byId('editor', HTMLElement);
const form = byId('ask', HTMLFormElement);
const area = byId('query', HTMLTextAreaElement);
const runButton = byId('run', HTMLButtonElement);
const cancelButton = byId('cancel', HTMLButtonElement);
const linkButton = byId('copy-link', HTMLButtonElement);
const status = byId('status', HTMLElement);
const results = byId('results', HTMLElement);
const code = byId('code', HTMLElement);

// The address of the page may name graphs and a timeout, which then hold for whatever is asked on it.
const wholeEndpoint = withParameters(form.action, location.search);
const endpoint = wholeEndpoint.slice(location.origin.length);
const queries = `${new URL(form.action).pathname}/queries/`;
/** @type {Vocabulary} */
let vocabulary = { prefixes: {}, terms: [] };
/** @type {Run | null} */
let running = null;

const host = html('div', { class: 'mirror' });
area.before(host);
const view = mirror(host, draft() ?? area.value, () => vocabulary, { run, changed: keepDraft });
const learnt = learn();
takeOver();
start();

/** Put the editor in the place of the form's own field, and show what works with a script alone. */
function takeOver() {
    area.hidden = true;
    area.required = false;
    for (const element of document.querySelectorAll('[data-scripted]')) {
        element.toggleAttribute('hidden', element.getAttribute('data-scripted') === 'hide');
    }
    byId('query-label', HTMLLabelElement).addEventListener('click', () => view.focus());
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        run();
    });
    cancelButton.addEventListener('click', () => running?.cancel());
    linkButton.addEventListener('click', copyLink);
    byId('code-details', HTMLDetailsElement).addEventListener('toggle', showCode);
    const list = byId('questions-details', HTMLDetailsElement);
    list.open = matchMedia('(min-width: 64rem)').matches;
    questions((query) => {
        write(view, query);
        run();
    });
}

/** Fetch the names of the graph. Without them the editor still works. */
async function learn() {
    try {
        vocabulary = await (await fetch(page.dataset.completions ?? '')).json();
    } catch {
        say('The names of the graph could not be loaded: completion offers keywords and variables alone.');
    }
}

/** Go on from what the server has already answered on the page. */
function start() {
    const { line, column, run: isAnswered } = results.dataset;
    const isSame = query() === area.value;
    if (!isSame) {
        say('This is what you had written when the page was left. It has not been asked yet.');
    } else if (line && column) {
        mark(view, { line: Number(line), column: Number(column), detail: results.dataset.detail ?? '' });
    } else if (isAnswered !== undefined) {
        run();
    }
}

function query() {
    return view.state.doc.toString();
}

async function run() {
    running?.cancel();
    const asked = query();
    if (!asked.trim()) {
        say('The query is empty: write one, or choose a question.');
        return;
    }
    const mine = new Run(endpoint, queries, asked, (bytes) => say(`Receiving the answer: ${kilobytes(bytes)} so far.`));
    running = mine;
    remember(asked);
    busy(true);
    say('Asking.');
    const outcome = await mine.outcome;
    if (running !== mine) {
        return;
    }
    await learnt;
    running = null;
    busy(false);
    if (outcome.kind === 'answer') {
        showAnswer(asked, outcome);
    } else if (outcome.kind === 'refusal') {
        showRefusal(asked, outcome);
    } else {
        results.replaceChildren();
        say('Cancelled. There is no answer.');
    }
}

/**
 * @param {string} asked
 * @param {Answered} outcome
 */
function showAnswer(asked, { answer, text, milliseconds, cached }) {
    results.replaceChildren(
        downloadLinks(asked),
        answerView(answer, text, { prefixes: vocabulary.prefixes, base: page.dataset.base ?? '', root: page.dataset.root ?? '' }),
    );
    const time = milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
    say(`${summary(answer)} in ${time}${cached ? ', from the cache' : ''}.`);
}

/** @param {string} asked */
function downloadLinks(asked) {
    const links = downloads(endpoint, asked, prologue(asked).form, say);
    return html('p', { class: 'row downloads' }, 'Download: ', ...links);
}

/**
 * @param {string} asked
 * @param {Refusal} refusal
 */
function showRefusal(asked, { title, detail, line, column, isLong }) {
    const place = line && column ? { line, column, detail } : null;
    const go = () => {
        view.dispatch({ selection: { anchor: offsetOf(query(), place?.line ?? 1, place?.column ?? 1) }, scrollIntoView: true });
        view.focus();
    };
    results.replaceChildren(
        html(
            'div',
            // What was wrong stands in the line above; who does not see both is told both.
            { class: 'refusal', role: 'alert' },
            html('p', {}, detail),
            isLong ? downloadLinks(asked) : null,
            place ? html('p', {}, html('button', { type: 'button', class: 'plain', click: go }, 'Go to the place')) : null,
        ),
    );
    say(`${title}.`);
    if (place) {
        mark(view, place);
    }
}

/** @param {boolean} is */
function busy(is) {
    // Who pressed the button that goes away finds the focus on the other one.
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
 * Name the page for a query, and put that into its address, where it fits.
 * @param {string} asked
 */
function remember(asked) {
    // The name of the page is that of what is asked on it now.
    const title = questionOf(asked) ?? TITLE;
    heading.textContent = title;
    document.title = document.title.replace(/^.*(?= – )/, title.replaceAll('$', '$$$$'));
    const link = linkTo(endpoint, asked);
    history.replaceState(null, '', link ?? endpoint);
    if (link) {
        forgetDraft();
    } else {
        keepDraft(asked);
    }
}

async function copyLink() {
    const link = linkTo(wholeEndpoint, query());
    if (!link) {
        say('The query is too long for a link, which has to be shorter than 8,000 characters: save it as a file.');
        return;
    }
    await copy(linkButton, link, say);
}

function showCode() {
    code.replaceChildren(codeView(wholeEndpoint, query(), say));
}

/** @param {number} bytes */
function kilobytes(bytes) {
    return `${Math.round(bytes / 1024).toLocaleString('en')} kB`;
}
