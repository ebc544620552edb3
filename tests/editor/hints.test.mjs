/** Prefixes that are not used, and variables that are not grouped. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ungrouped, unusedPrefixes } from '../../server/editor/src/hints.js';

/** Return a query after a fix. */
const fixed = (query, { from, to, text }) => query.slice(0, from) + text + query.slice(to);

test('a prefix that is not used is removed with its line', () => {
    const query = 'PREFIX a: <urn:a/>\nPREFIX b: <urn:b/>\n\nASK { a:x ?p "b:y" } # b:z\n';
    const [found, ...others] = unusedPrefixes(query);

    assert.deepEqual(others, []);
    assert.equal(found.message, 'The prefix b: is not used.');
    assert.equal(query.slice(found.from, found.to), 'PREFIX b: <urn:b/>');
    assert.equal(fixed(query, found.fix), 'PREFIX a: <urn:a/>\n\nASK { a:x ?p "b:y" } # b:z\n');
});

test('prefixes of datatypes, of paths and the empty prefix are used', () => {
    const query = 'PREFIX : <urn:/> PREFIX x: <urn:x/> PREFIX p: <urn:p/> ASK { :a p:b/^p:c "1"^^x:d }';

    assert.deepEqual(unusedPrefixes(query), []);
});

for (const [what, query, expected] of [
    ['behind the keys', 'SELECT ?a ?b (COUNT(*) AS ?n) { ?a ?b ?c } GROUP BY ?a ORDER BY ?a', 'SELECT ?a ?b (COUNT(*) AS ?n) { ?a ?b ?c } GROUP BY ?a ?b ORDER BY ?a'],
    ['where there are no keys', 'SELECT ?b (MAX(?c) AS ?n) WHERE { ?a ?b ?c { ?d ?e ?f } } LIMIT 5', 'SELECT ?b (MAX(?c) AS ?n) WHERE { ?a ?b ?c { ?d ?e ?f } }\nGROUP BY ?b LIMIT 5'],
    ['in an expression', 'SELECT (STR(?b) AS ?t) (COUNT(?a) AS ?n) { ?a ?p ?b } GROUP BY ?p', 'SELECT (STR(?b) AS ?t) (COUNT(?a) AS ?n) { ?a ?p ?b } GROUP BY ?p ?b'],
    ['in an inner query', 'SELECT * { { SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y } } }', 'SELECT * { { SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }\nGROUP BY ?x } }'],
]) {
    test(`a variable that is neither grouped nor aggregated is added: ${what}`, () => {
        const [found, ...others] = ungrouped(query);

        assert.deepEqual(others, []);
        assert.match(found.message, /^\?\w is neither grouped nor aggregated/);
        assert.equal(fixed(query, found.fix), expected);
    });
}

for (const query of [
    'SELECT ?a ?b { ?a ?b ?c } ORDER BY ?a',
    'SELECT * { ?a ?b ?c }',
    'SELECT ?a (SUM(?b * 2) AS ?n) (?n / 2 AS ?half) { ?a ?p ?b } GROUP BY ?a HAVING (COUNT(*) > 1)',
    'SELECT ?y (SAMPLE(?b) AS ?one) { ?a ?p ?b } GROUP BY (YEAR(?b) AS ?y)',
    'SELECT (GROUP_CONCAT(DISTINCT ?b; SEPARATOR=", ") AS ?all) { ?a ?p ?b }',
    'SELECT ?a { ?a ?p ?b { SELECT (COUNT(?x) AS ?n) { ?x ?y ?z } } }',
    'SELECT ?a (COUNT(?b) AS ?n',
    'SELECT',
]) {
    test(`nothing is wrong with the groups of ${query}`, () => {
        assert.deepEqual(ungrouped(query), []);
    });
}
