/** Look up in the graph what an answer does not say of the things that it names. */

import { RESULTS } from './answer.js';
import { _, LANGUAGE, ngettext } from './messages.js';

/** @typedef {{text: string, language?: string}} Label */
/** @typedef {{label: Label, kinds: Label[], note: Label, isWrong: boolean, uses: string}} Described */
/** @typedef {{iri: string, isClass: boolean}} Subject a class, whose instances are meant, or a thing */
/**
 * @typedef {{judgedWrong: (statements: string[]) => Promise<Set<string>>,
 *     labelsOf: (iris: string[]) => Promise<Map<string, Label>>,
 *     described: (iri: string) => Promise<Described | null>,
 *     propertiesOf: (subject: Subject) => Promise<Map<string, number>>,
 *     absent: (iris: string[]) => Promise<string[]>}} Lookups
 */

const SKOS = 'http://www.w3.org/2004/02/skos/core#';
const RDFS = 'http://www.w3.org/2000/01/rdf-schema#';
const TITLE = 'http://purl.org/dc/terms/title';
/** The languages of labels, the one that is preferred last: English is there for everything. */
const LANGUAGES = [...new Set(['en', LANGUAGE])].map((tag) => `"${tag}"`).join(', ');
const IS_PREFERRED = (/** @type {string} */ variable) => `(LANG(${variable}) = "${LANGUAGE}")`;
/** How many IRIs are looked up by one query. */
const MOST = 500;
/** How many links to a thing are counted, and how many instances of a class are read for its properties. */
const MOST_COUNTED = 1000;

/**
 * Return the look-ups at an endpoint.
 * @param {string} endpoint
 * @param {string} base the beginning of the IRIs of the graph
 * @returns {Lookups}
 */
export function lookups(endpoint, base) {
    return { judgedWrong, labelsOf, described, propertiesOf, absent };

    /**
     * Return the labels of things, and the paraphrases of statements, with a warning where one is judged wrong.
     * @param {string[]} iris
     */
    async function labelsOf(iris) {
        const parts = Array.from({ length: Math.ceil(iris.length / MOST) }, (_, index) => iris.slice(index * MOST, (index + 1) * MOST));
        const labels = new Map();
        for (const part of parts) {
            const rows = await select(`SELECT ?thing ?label ?wrong {
    VALUES (?property ?rank) { (<${SKOS}prefLabel> 1) (<${RDFS}label> 2) (<${TITLE}> 3)
        (<${base}ontology/paraphrase> 4) (<${base}ontology/translatedParaphrase> 4) }
    VALUES ?thing { ${written(part)} }
    ?thing ?property ?label .
    FILTER (LANG(?label) IN (${LANGUAGES}))
    BIND (EXISTS { ?thing <${base}ontology/hasRank> <${base}id/code/deprecated> } AS ?wrong)
}
ORDER BY ${IS_PREFERRED('?label')} DESC(?rank)`);
            for (const { thing, label, wrong } of rows) {
                const text = wrong?.value === 'true' ? _('Judged wrong: %(label)s', { label: label.value }) : label.value;
                labels.set(thing.value, { text, language: label['xml:lang'] });
            }
        }
        return labels;
    }

    /** @param {string[]} statements */
    async function judgedWrong(statements) {
        const rows = await select(`SELECT ?thing {
    VALUES ?thing { ${written(statements)} }
    ?thing <${base}ontology/hasRank> <${base}id/code/deprecated> .
}`);
        return new Set(rows.map((row) => row.thing.value));
    }

    /**
     * Return what the graph says of a thing, or null where it says nothing.
     * @param {string} iri
     * @returns {Promise<Described | null>}
     */
    async function described(iri) {
        const thing = written([iri]);
        if (!thing) {
            return null;
        }
        const rows = await select(`SELECT ?rank ?label ?kind ?note ?wrong ?uses {
    { VALUES (?property ?rank) { (<${SKOS}prefLabel> 1) (<${RDFS}label> 2) (<${TITLE}> 3)
        (<${base}ontology/paraphrase> 4) (<${base}ontology/translatedParaphrase> 4) }
      ${thing} ?property ?label . FILTER (LANG(?label) IN (${LANGUAGES}, "")) }
    UNION { ${thing} a/<${SKOS}prefLabel> ?kind . FILTER (LANG(?kind) IN (${LANGUAGES})) }
    UNION { ${thing} <${SKOS}definition>|<${base}ontology/editorialNote>|<${base}ontology/translatedNote> ?note . FILTER (LANG(?note) IN (${LANGUAGES}, "")) }
    UNION { ${thing} <${base}ontology/hasRank> <${base}id/code/deprecated> . BIND (true AS ?wrong) }
    UNION { SELECT (COUNT(*) AS ?uses) { SELECT ?s ?p { ?s ?p ${thing} } LIMIT ${MOST_COUNTED} } }
}
ORDER BY DESC(${IS_PREFERRED('?label')}) ?rank DESC(${IS_PREFERRED('?kind')}) ?kind DESC(${IS_PREFERRED('?note')}) ?note
LIMIT 50`);
        const values = (/** @type {string} */ name) => rows.flatMap((row) => (row[name] ? [labelOf(row[name])] : []));
        const [label] = values('label');
        const kinds = values('kind');
        const [preferred] = kinds;
        const uses = Number(values('uses')[0]?.text ?? 0);
        const found =
            uses === MOST_COUNTED
                ? _('linked from at least %(count)s triples', { count: uses })
                : ngettext('linked from %(num)s triple', 'linked from %(num)s triples', uses);
        return label
            ? {
                  label,
                  kinds: kinds.filter(({ language }) => language === preferred?.language).slice(0, 2),
                  note: values('note')[0] ?? { text: '' },
                  isWrong: values('wrong').length > 0,
                  uses: found,
              }
            : null;
    }

    /**
     * Return the properties of a thing, or of the first instances of a class, each with the number of its triples.
     * @param {Subject} subject
     */
    async function propertiesOf({ iri, isClass }) {
        const thing = written([iri]);
        const subjects = isClass ? `{ SELECT ?s { ?s a ${thing} } LIMIT ${MOST_COUNTED} } ?s` : thing;
        const rows = thing ? await select(`SELECT ?p (COUNT(*) AS ?n) { ${subjects} ?p ?o } GROUP BY ?p`) : [];
        return new Map(rows.map(({ p, n }) => [p.value, Number(n.value)]));
    }

    /**
     * Return the IRIs that are in no triple.
     * @param {string[]} iris
     */
    async function absent(iris) {
        const rows = await select(`SELECT ?iri {
    VALUES ?iri { ${written(iris.slice(0, MOST))} }
    FILTER NOT EXISTS { ?iri ?p1 ?o1 }
    FILTER NOT EXISTS { ?s2 ?iri ?o2 }
    FILTER NOT EXISTS { ?s3 ?p3 ?iri }
}`);
        return rows.map(({ iri }) => iri.value);
    }

    /**
     * @param {string} query
     * @returns {Promise<Record<string, any>[]>}
     */
    async function select(query) {
        const headers = { Accept: RESULTS, 'Content-Type': 'application/sparql-query' };
        const response = await fetch(endpoint, { method: 'POST', headers, body: query });
        if (!response.ok) {
            throw new Error(`Error ${response.status}`);
        }
        return (await response.json()).results.bindings;
    }
}

/**
 * @param {any} term
 * @returns {Label}
 */
function labelOf(term) {
    return { text: term.value, language: term['xml:lang'] };
}

/** @param {string[]} iris */
function written(iris) {
    return iris
        .filter((iri) => !/[\x00-\x20<>"{}|^`\\]/.test(iri))
        .map((iri) => `<${iri}>`)
        .join(' ');
}
