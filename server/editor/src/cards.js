/** Show what an IRI names in a card, while its link has the pointer or the focus. */

import { html } from './dom.js';
import { _, foreign, LANGUAGE, languageOf, N_, ngettext } from './messages.js';
import { shorten } from './terms.js';

/** @import { Described, Label } from './lookups.js' */
/** @import { Vocabulary } from './vocabulary.js' */

/** How long the pointer rests on a link before its card appears, in milliseconds. */
const DELAY = 350;
const ID = 'card';
/** @type {Record<string, string>} */
const KINDS = { class: N_('class'), property: N_('property') };

/** @typedef {(iri: string) => Promise<Described | null>} Describe */

/**
 * Return a function that describes an IRI: from the vocabulary that the page has, else from the graph; asked once each.
 * @param {() => Vocabulary} vocabulary
 * @param {Describe} lookUp
 * @returns {Describe}
 */
export function describing(vocabulary, lookUp) {
    /** @type {Map<string, Promise<Described | null>>} */
    const known = new Map();
    return (iri) => {
        const { prefixes, terms } = vocabulary();
        const term = terms.find(({ name, label }) => label && name === shorten(iri, prefixes));
        if (term && term.kind !== 'individual') {
            const uses = term.kind === 'class' ? ngettext('%(num)s instance', '%(num)s instances', term.count) : ngettext('in %(num)s triple', 'in %(num)s triples', term.count);
            const kind = { text: _(KINDS[term.kind] ?? term.kind), language: LANGUAGE };
            return Promise.resolve({ label: written(term.label), kinds: [kind], note: written(term.note), isWrong: false, uses });
        }
        const found = known.get(iri) ?? lookUp(iri);
        known.set(iri, found);
        found.catch(() => known.delete(iri));
        return found;
    };
}

/**
 * Return the content of a card.
 * @param {Described} described
 * @param {string} name of the thing, as a query has it
 */
export function cardContent({ label, kinds, note, isWrong, uses }, name) {
    return [
        html('p', {}, html('strong', { dir: 'auto', lang: foreign(label.language) }, label.text), ...kinds.flatMap(inBrackets)),
        ...(isWrong ? [html('p', { class: 'wrong' }, _('Judged wrong by the curators.'))] : []),
        ...(note.text ? [html('p', { dir: 'auto', lang: foreign(note.language) }, note.text)] : []),
        html('p', { class: 'note' }, `${name} · ${uses}`),
    ];
}

/** @param {Label} kind */
function inBrackets({ text, language }) {
    return [_(' ('), html('span', { lang: foreign(language) }, text), _(')')];
}

/**
 * Return a text of the vocabulary, which has the language of the page where the graph has.
 * @param {string} text
 * @returns {Label}
 */
function written(text) {
    return { text, language: languageOf(text) };
}

/**
 * Show cards for the links of an element that have an IRI as their title.
 *
 * A card can be reached by the pointer, stays until the pointer or the focus leaves, and is closed by Escape:
 * https://www.w3.org/TR/WCAG21/#content-on-hover-or-focus
 * @param {HTMLElement} holder
 * @param {Describe} describe
 * @param {(iri: string) => string} nameOf
 */
export function showCards(holder, describe, nameOf) {
    const card = html('div', { id: ID, class: 'card hovering', role: 'tooltip', hidden: true });
    (holder.closest('main') ?? document.body).append(card);
    /** @type {Element | null} */
    let current = null;
    let timer = 0;
    for (const [begin, end] of /** @type {const} */ ([['pointerover', 'pointerout'], ['focusin', 'focusout']])) {
        holder.addEventListener(begin, ({ target }) => later(target instanceof Element ? target.closest('[data-iri]') : null));
        holder.addEventListener(end, ({ target }) => target instanceof Element && target.closest('[data-iri]') && leave());
    }
    card.addEventListener('pointerover', () => clearTimeout(timer));
    card.addEventListener('pointerout', leave);
    addEventListener('keydown', ({ key }) => key === 'Escape' && hide());

    /** @param {Element | null} link */
    function later(link) {
        if (link) {
            clearTimeout(timer);
            timer = setTimeout(() => show(link), DELAY);
        }
    }

    function leave() {
        clearTimeout(timer);
        timer = setTimeout(hide, DELAY / 2);
    }

    function hide() {
        clearTimeout(timer);
        current?.removeAttribute('aria-describedby');
        current = null;
        card.hidden = true;
    }

    /** @param {Element} link */
    async function show(link) {
        hide();
        current = link;
        const iri = link.getAttribute('data-iri') ?? '';
        const described = await describe(iri).catch(() => null);
        if (!described || current !== link || !link.isConnected) {
            return;
        }
        card.replaceChildren(...cardContent(described, nameOf(iri)));
        card.hidden = false;
        link.setAttribute('aria-describedby', ID);
        const { left, top, bottom } = link.getBoundingClientRect();
        const { offsetWidth: width, offsetHeight: height } = card;
        const isAbove = bottom + height > innerHeight && top > height;
        card.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8)) + scrollX}px`;
        card.style.top = `${(isAbove ? top - height - 4 : bottom + 4) + scrollY}px`;
    }
}
