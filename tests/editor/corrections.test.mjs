/** Misspelt names are found, with the name that is meant. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { corrections, distance, keywordFor, nearest } from '../../server/editor/src/corrections.js';

const ZGC = 'https://w3id.org/zgc-forum/ontology/';
const entry = (name, kind) => ({ name, kind, label: '', note: '', count: 1 });
const VOCABULARY = {
    prefixes: { zgc: ZGC, edition: 'https://w3id.org/zgc-forum/id/edition/', xsd: 'http://www.w3.org/2001/XMLSchema#' },
    terms: [
        entry('zgc:isAbout', 'property'),
        entry('zgc:Edition', 'class'),
        entry('zgc:year', 'property'),
        entry('edition:2021', 'individual'),
    ],
};
const found = (query) => corrections(query, VOCABULARY).map(({ message, fix }) => [message, fix?.text, fix?.declares]);

for (const [what, term, expected] of [
    ['two letters in the wrong order', 'zgc:isAbuot', 'zgc:isAbout'],
    ['the wrong case', 'zgc:edition', 'zgc:Edition'],
    ['a letter too few', 'zgc:isAbot', 'zgc:isAbout'],
    ['a whole IRI', `<${ZGC}isAbuot>`, `<${ZGC}isAbout>`],
]) {
    test(`a misspelt term is corrected: ${what}`, () => {
        const [[message, text]] = found(`PREFIX zgc: <${ZGC}> ASK { ?s ${term} ?o }`);
        assert.match(message, /does not occur in this graph\. Did you mean zgc:\w+\?$/);
        assert.equal(text, expected);
    });
}

test('a term is corrected under whatever prefix the query declares', () => {
    assert.equal(found(`PREFIX q: <${ZGC}> ASK { ?s q:isAbuot ?o }`)[0][1], 'q:isAbout');
});

test('a term of the ontology that is like no other is reported without a correction', () => {
    assert.deepEqual(found(`PREFIX zgc: <${ZGC}> ASK { ?s zgc:hasNothingLikeIt ?o }`), [
        ['zgc:hasNothingLikeIt does not occur in this graph.', undefined, undefined],
    ]);
});

for (const [what, query] of [
    ['known terms', `PREFIX zgc: <${ZGC}> ASK { ?s a zgc:Edition ; zgc:isAbout ?o }`],
    ['another year', 'PREFIX edition: <https://w3id.org/zgc-forum/id/edition/> ASK { edition:2022 ?p ?o }'],
    ['another vocabulary', 'PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ASK { ?s ?p "1"^^xsd:integr }'],
    ['strings and comments', `PREFIX zgc: <${ZGC}> ASK { ?s ?p "zgc:isAbuot" } # zgc:isAbuot`],
]) {
    test(`nothing is corrected: ${what}`, () => assert.deepEqual(found(query), []));
}

test('an undeclared prefix is declared; a misspelt one is replaced and the right one declared', () => {
    assert.deepEqual(found('ASK { ?s zgc:year ?y }'), [['The prefix zgc: is not declared.', 'zgc:year', 'zgc']]);
    assert.deepEqual(found('ASK { ?s zgcc:year ?y }'), [
        ['The prefix zgcc: is not declared. Did you mean zgc:?', 'zgc:year', 'zgc'],
    ]);
    assert.deepEqual(found('ASK { ?s unlike:year ?y }'), [['The prefix unlike: is not declared.', undefined, undefined]]);
});

test('a misspelt keyword is recognized, a short word is not', () => {
    assert.deepEqual(['FILTR', 'selct', 'OPTINAL', 'is', 'nothing'].map(keywordFor), ['FILTER', 'SELECT', 'OPTIONAL', null, null]);
});

test('the distance counts insertions, deletions, replacements and swaps', () => {
    assert.deepEqual([['', 'ab'], ['ab', ''], ['ab', 'ba'], ['abc', 'adc'], ['a', 'a']].map(([a, b]) => distance(a, b)), [2, 2, 1, 1, 0]);
    assert.equal(nearest('2022', ['2021']), null);
});
