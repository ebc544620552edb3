/**
 * The messages of the script in the language of the page, as gettext has them.
 *
 * The page carries the catalogue of its language as data. `make messages` collects the messages, which are therefore
 * literals: https://babel.pocoo.org/en/latest/messages.html
 */

/** @typedef {Record<string, string | number>} Values the values of the placeholders `%(name)s` */

/** @type {Record<string, string>} */
const CATALOGUE = JSON.parse(globalThis.document?.getElementById('messages')?.textContent || '{}');

/** The language of the page, as a tag of BCP 47. */
export const LANGUAGE = globalThis.document?.documentElement.lang || 'en';

/**
 * Return a message in the language of the page.
 * @param {string} message
 * @param {Values} [values]
 */
export function _(message, values = {}) {
    return filled(CATALOGUE[message] ?? message, values);
}

/**
 * Return a message about a number of things; `%(num)s` is the number. A translation has one form for all numbers.
 * @param {string} singular
 * @param {string} plural
 * @param {number} count
 * @param {Values} [values]
 */
export function ngettext(singular, plural, count, values = {}) {
    return filled(CATALOGUE[singular] ?? (count === 1 ? singular : plural), { num: count, ...values });
}

/**
 * Return a message that is translated where it is shown, and mark it for the catalogue.
 * @param {string} message
 */
export function N_(message) {
    return message;
}

/**
 * Return texts one behind the other: with a space between them, which Chinese does not have.
 * @param {...string} texts the empty ones are left out
 */
export function joined(...texts) {
    return texts.filter(Boolean).join(LANGUAGE === 'zh' ? '' : ' ');
}

/**
 * Return a number as the language of the page writes it.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function number(value, options) {
    return value.toLocaleString(LANGUAGE, options);
}

/**
 * Return the language tag that an element needs for a text of some language: none in a page of that language.
 * @param {string | undefined} tag
 */
export function foreign(tag) {
    return tag && tag !== LANGUAGE ? tag : undefined;
}

/**
 * Detect the language of a text: Chinese if it contains a Chinese character, else English.
 * @param {string} text
 */
export function languageOf(text) {
    return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

/**
 * @param {string} message
 * @param {Values} values
 */
function filled(message, values) {
    return message.replace(/%\((\w+)\)s/g, (_match, name) => {
        const value = values[name] ?? '';
        return typeof value === 'number' ? number(value) : value;
    });
}
