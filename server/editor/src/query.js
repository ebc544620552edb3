/**
 * Read a query as far as an editor needs: its tokens, its prologue, its form, and what can follow a position.
 *
 * https://www.w3.org/TR/sparql11-query/#sparqlGrammar
 */

/** @typedef {{kind: string, text: string, from: number, to: number}} Token */
/** @typedef {{prefix: string, namespace: string, from: number, to: number}} Declaration */
/** @typedef {{at: number, text: string}} Insertion */
/** @typedef {'subject' | 'predicate' | 'object' | 'class' | 'expression' | 'prologue'} Position */

// The order matters: a long string before a short one, a name before a word.
const TOKEN = new RegExp(
    [
        '(?<space>\\s+)',
        '(?<comment>#[^\\r\\n]*)',
        '(?<string>"""(?:[^"\\\\]|\\\\.|"{1,2}(?!"))*"""|\'\'\'(?:[^\'\\\\]|\\\\.|\'{1,2}(?!\'))*\'\'\'' +
            '|""(?!")|\'\'(?!\')|"(?:[^"\\\\\\r\\n]|\\\\.)+"|\'(?:[^\'\\\\\\r\\n]|\\\\.)+\')',
        '(?<open>"""|\'\'\'|"|\')',
        '(?<iri><[^\\x00-\\x20<>"{}|^`]*>)',
        '(?<variable>[?$][\\p{L}\\p{N}_]+)',
        '(?<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)',
        '(?<blank>_:[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_-])?)',
        '(?<number>(?:\\d+\\.?\\d*|\\.\\d+)[eE][+-]?\\d+|\\d*\\.\\d+|\\d+)',
        '(?<name>(?:\\p{L}(?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_-])?)?:' +
            '(?:(?:[\\p{L}\\p{N}_:-]|%[0-9A-Fa-f]{2}|\\\\.)(?:\\.*(?:[\\p{L}\\p{N}_:-]|%[0-9A-Fa-f]{2}|\\\\.))*)?)',
        '(?<word>[\\p{L}\\p{N}_]+)',
        '(?<mark>\\^\\^|\\|\\||&&|[<>!]=|.)',
    ].join('|'),
    'gsu',
);
const OPENING = new Set(['{', '(', '[']);
const CLOSING = new Set(['}', ')', ']']);
const SILENT = new Set(['space', 'comment']);
const FORMS = new Set(['SELECT', 'ASK', 'CONSTRUCT', 'DESCRIBE']);
const STARTS = new Set(['.', '{', '}']);
const NUMBER = /^[+-]?\.?\d/;
const IN_NUMBER = /(?:^|[^\p{L}\p{N}_:?$.-])[+-]?\.?\d[\p{L}\p{N}_.]*$/u;
/** Keywords and functions of SPARQL: complete tokens, although longer names begin with them. */
const KEYWORDS = new Set(
    (
        'A ABS ADD ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE ' +
        'DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HAVING HOURS ' +
        'IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH ' +
        'NAMED NOT NOW OFFSET OPTIONAL ORDER PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT ' +
        'SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS ' +
        'STRUUID SUBSTR SUM TIMEZONE TRUE TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR'
    ).split(' '),
);
const FILTERS = new Set(['FILTER', 'HAVING', 'BY', 'SELECT', 'LIMIT', 'OFFSET', 'AS']);

/**
 * Return the tokens of a query, without white space and comments.
 * @param {string} query
 * @returns {Token[]}
 */
export function tokens(query) {
    const found = [];
    for (const match of query.matchAll(TOKEN)) {
        const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? 'mark';
        if (!SILENT.has(kind)) {
            found.push({ kind, text: match[0], from: match.index, to: match.index + match[0].length });
        }
    }
    return found;
}

/**
 * Return what a query declares at its top, and the word that follows: its form.
 * @param {string} query
 * @returns {{declarations: Declaration[], form: string, start: number}}
 */
export function prologue(query) {
    const found = tokens(query);
    /** @type {Declaration[]} */
    const declarations = [];
    let at = 0;
    for (let word = keyword(found[at]); word === 'PREFIX' || word === 'BASE'; word = keyword(found[at])) {
        const [first, second, third] = found.slice(at, at + 3);
        if (word === 'BASE') {
            at += 2;
        } else if (first && second && third?.kind === 'iri') {
            const prefix = second.text.split(':')[0] ?? '';
            declarations.push({ prefix, namespace: third.text.slice(1, -1), from: first.from, to: third.to });
            at += 3;
        } else {
            break;
        }
    }
    const form = keyword(found[at]);
    return { declarations, form: FORMS.has(form) ? form : '', start: found[0]?.from ?? query.length };
}

/**
 * Return the change that declares a prefix, in alphabetical order, or null where it is declared.
 * @param {string} query
 * @param {string} prefix
 * @param {string} namespace
 * @returns {Insertion | null}
 */
export function declare(query, prefix, namespace) {
    const { declarations, start } = prologue(query);
    if (declarations.some((declaration) => declaration.prefix === prefix)) {
        return null;
    }
    const line = `PREFIX ${prefix}: <${namespace}>`;
    const last = declarations.at(-1);
    const next = declarations.find((declaration) => declaration.prefix > prefix);
    if (last && !next) {
        return { at: last.to, text: `\n${line}` };
    }
    return { at: next?.from ?? start, text: `${line}\n` };
}

/**
 * Return the prefixed names whose prefix a query does not declare.
 * @param {string} query
 * @returns {Token[]}
 */
export function undeclared(query) {
    const known = new Set(prologue(query).declarations.map((declaration) => declaration.prefix));
    const found = tokens(query);
    return found.filter(
        (token, index) =>
            token.kind === 'name' &&
            !known.has(token.text.split(':')[0] ?? '') &&
            keyword(found[index - 1]) !== 'PREFIX',
    );
}

/**
 * Return the IRI of a prefixed name, or null where its prefix is not declared or nothing follows it.
 * @param {string} name
 * @param {Map<string, string>} declared
 */
export function expand(name, declared) {
    const colon = name.indexOf(':');
    const namespace = declared.get(name.slice(0, colon));
    return namespace === undefined || name.length === colon + 1 ? null : namespace + name.slice(colon + 1);
}

/**
 * Return the variables of a query, each once, without `?`.
 * @param {string} query
 */
export function variables(query) {
    const names = tokens(query)
        .filter((token) => token.kind === 'variable')
        .map((token) => token.text.slice(1));
    return [...new Set(names)];
}

/** Return the keywords and functions of SPARQL, in capitals. */
export function keywords() {
    return [...KEYWORDS];
}

/**
 * Return whether a text is a complete token: a number, a variable, a keyword, a language tag, a name of the graph.
 * The Enter key must not replace a complete token, whatever longer names exist.
 * @param {string} text
 * @param {(name: string) => boolean} isKnown whether the graph has a prefixed name
 */
export function isCompleteToken(text, isKnown) {
    return (
        text === '' ||
        NUMBER.test(text) ||
        /^[?$@_]/.test(text) ||
        KEYWORDS.has(text.toUpperCase()) ||
        (text.includes(':') && (text.endsWith(':') || isKnown(text)))
    );
}

/**
 * Return whether no name can be completed at a place: in a number, string, comment, IRI, language tag or blank node.
 * @param {string} query
 * @param {number} at
 */
export function isClosedAt(query, at) {
    const before = query.slice(0, at);
    // An IRI that is still being written, unlike a comparison, follows its bracket without a space.
    if (/(?:^|[\s(^])<[^\s<>"{}|^`=]*$/.test(before) || /@[A-Za-z0-9-]*$/.test(before) || IN_NUMBER.test(before)) {
        return true;
    }
    for (const match of query.matchAll(TOKEN)) {
        const [text] = match;
        const end = match.index + text.length;
        const { comment, string, open, iri, blank } = match.groups ?? {};
        if (match.index >= at) {
            break;
        }
        if (open && (open.length === 3 || !/[\r\n]/.test(before.slice(end)))) {
            return true;
        }
        const isQuoted = string !== undefined || iri !== undefined;
        const isUnquoted = comment !== undefined || blank !== undefined;
        if ((isQuoted && at < end) || (isUnquoted && at <= end)) {
            return true;
        }
    }
    return false;
}

/**
 * Return the indentation of a line: four spaces for each open bracket, and four more within a list of predicates or
 * objects; null within a string, whose white space must stay.
 * @param {string} query
 * @param {number} start where the line begins
 * @param {string} line its text
 */
export function indentOf(query, start, line) {
    let depth = 0;
    let last = '';
    for (const { kind, text, from, to } of tokens(query)) {
        if (from >= start) {
            break;
        }
        if (to > start && kind === 'string') {
            return null;
        }
        depth += OPENING.has(text) ? 1 : CLOSING.has(text) ? -1 : 0;
        last = text;
    }
    const first = line.trimStart()[0] ?? '';
    const isContinued = (last === ';' || last === ',') && first !== '#';
    return 4 * Math.max(0, depth + (CLOSING.has(first) ? -1 : isContinued ? 1 : 0));
}

/**
 * Return a query with its lines indented, and without white space at their ends. Nothing else changes.
 * @param {string} query
 */
export function indented(query) {
    let start = 0;
    return query
        .split('\n')
        .map((line) => {
            const columns = indentOf(query, start, line);
            const isWithin = indentOf(query, start + line.length + 1, '') === null;
            start += line.length + 1;
            const text = isWithin ? line : line.trimEnd();
            return columns === null ? text : text.trim() && ' '.repeat(columns) + text.trimStart();
        })
        .join('\n');
}

/**
 * Return the question that a query begins with, as those of the graph do, or null.
 *
 * Its translation into a language may stand below it, as in `# zh: 谁主办了哪一届？`.
 * @param {string} query
 * @param {string} [language]
 */
export function questionOf(query, language = 'en') {
    const [first = '', second = ''] = query.split('\n', 2);
    const question = /^\s*#[#\s]*(\S.*[?？])\s*$/.exec(first)?.[1];
    const [, tag, translated] = /^\s*#\s*([a-z]{2}):\s*(\S.*?)\s*$/.exec(second) ?? [];
    return question ? (tag === language && translated ? translated : question) : null;
}

/**
 * Return the kind of name that can follow the beginning of a query.
 * @param {string} before the query up to that place
 * @returns {Position}
 */
export function positionAfter(before) {
    const found = tokens(before);
    let terms = 0;
    for (const token of found.toReversed()) {
        if (token.text === ')') {
            return terms === 0 ? 'predicate' : 'object';
        }
        if (token.text === '(' || FILTERS.has(keyword(token))) {
            return 'expression';
        }
        if (token.text === ',') {
            return 'object';
        }
        if (token.text === ';' || token.text === '[') {
            return terms === 0 ? 'predicate' : afterPredicate(found, terms);
        }
        if (STARTS.has(token.text)) {
            return terms === 0 ? 'subject' : terms === 1 ? 'predicate' : afterPredicate(found, terms - 1);
        }
        terms += token.kind === 'mark' || token.kind === 'language' ? 0 : 1;
    }
    return 'prologue';
}

/**
 * Return the position in characters of a line and a column, both counted from 1, in code points.
 * @param {string} query
 * @param {number} line
 * @param {number} column
 */
export function offsetOf(query, line, column) {
    const lines = query.split('\n');
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const inLine = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
    return Math.min(before + inLine, query.length);
}

/**
 * @param {Token[]} found
 * @param {number} terms how many there are since the subject
 * @returns {Position}
 */
function afterPredicate(found, terms) {
    const last = found.at(-1)?.text;
    return terms === 1 && (last === 'a' || last === 'rdf:type') ? 'class' : 'object';
}

/**
 * Return a word in capitals, as keywords are compared; nothing for any other token.
 * @param {Token | undefined} token
 */
export function keyword(token) {
    return token?.kind === 'word' ? token.text.toUpperCase() : '';
}
