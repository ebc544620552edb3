/**
 * Read N-Triples.
 *
 * https://www.w3.org/TR/rdf12-n-triples/
 */

/** @import { Term } from './terms.js' */
/** @typedef {[Term, Term, Term]} Triple */

const TERM =
    /\s*(?:<([^<>]*)>|_:([^\s<>"]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?|(<<\())/y;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
const LETTERS = new Map(Object.entries({ t: '\t', b: '\b', n: '\n', r: '\r', f: '\f' }));

/**
 * Return the triples of a document.
 * @param {string} text
 * @returns {Triple[]}
 * @throws {SyntaxError} a line is not a triple
 */
export function parse(text) {
    return text
        .split('\n')
        .filter((line) => line.trim() && !line.startsWith('#'))
        .map(readLine);
}

/**
 * @param {string} line
 * @returns {Triple}
 */
function readLine(line) {
    const reader = { line, at: 0 };
    return [readTerm(reader), readTerm(reader), readTerm(reader)];
}

/**
 * @param {{line: string, at: number}} reader
 * @returns {Term}
 */
function readTerm(reader) {
    TERM.lastIndex = reader.at;
    const match = TERM.exec(reader.line);
    reader.at = TERM.lastIndex;
    const [, iri, label, text, direction, datatype, opening] = match ?? [];
    if (iri !== undefined) {
        return { type: 'uri', value: unescape(iri) };
    }
    if (label !== undefined) {
        return { type: 'bnode', value: label };
    }
    if (text !== undefined) {
        return literal(unescape(text), direction, datatype);
    }
    if (opening) {
        const start = reader.at - 3;
        for (let part = 0; part < 3; part += 1) {
            readTerm(reader);
        }
        reader.at = reader.line.indexOf(')>>', reader.at) + 3;
        return { type: 'triple', value: reader.line.slice(start, reader.at) };
    }
    throw new SyntaxError(`Not a triple: ${reader.line.slice(0, 80)}`);
}

/**
 * @param {string} value
 * @param {string | undefined} tag
 * @param {string | undefined} datatype
 * @returns {Term}
 */
function literal(value, tag, datatype) {
    // A language tag may be followed by the direction of the text.
    const language = tag?.split('--')[0];
    return { type: 'literal', value, ...(language && { language }), ...(datatype && { datatype: unescape(datatype) }) };
}

/** @param {string} text */
function unescape(text) {
    return text.replace(ESCAPE, (_, short, long, letter) =>
        letter ? (LETTERS.get(letter) ?? letter) : String.fromCodePoint(Number.parseInt(short ?? long, 16)),
    );
}
