/** What is offered while a query is typed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { suggest } from '../../server/editor/src/vocabulary.js';

const entry = (name, kind, label, count) => ({ name, kind, label, note: '', count });
const VOCABULARY = {
    prefixes: { zgc: 'https://w3id.org/zgc-forum/ontology/', edition: 'https://w3id.org/zgc-forum/id/edition/' },
    terms: [
        entry('zgc:Edition', 'class', 'edition', 4),
        entry('zgc:Statement', 'class', 'statement', 310),
        entry('zgc:isEditionOf', 'property', 'is edition of', 4),
        entry('zgc:hasStance', 'property', 'has stance', 310),
        entry('edition:2021', 'individual', 'Zhongguancun Forum 2021', 90),
    ],
};
const offered = (typed, position, variables = []) =>
    suggest(VOCABULARY, typed, position, variables).map(({ name }) => name);

test('after a sign of a variable, the variables of the query are offered with that sign', () => {
    assert.deepEqual(offered('?e', 'subject', ['edition', 'name']), ['?edition']);
    assert.deepEqual(offered('$', 'subject', ['edition']), ['$edition']);
});

test('a word finds names by their local part, their label and their prefix, those that fit the place first', () => {
    assert.deepEqual(offered('edit', 'class'), ['zgc:Edition', 'edition:2021', 'edition:', 'zgc:isEditionOf']);
    assert.equal(offered('stance', 'predicate')[0], 'zgc:hasStance');
    assert.ok(offered('zhong', 'object').includes('edition:2021'));
});

test('behind a prefix, properties come first where a property stands, and the used before the unused', () => {
    assert.deepEqual(offered('zgc:', 'predicate').slice(0, 2), ['zgc:hasStance', 'zgc:isEditionOf']);
    assert.deepEqual(offered('zgc:', 'class').slice(0, 2), ['zgc:Statement', 'zgc:Edition']);
});

test('keywords and functions are offered, but not behind a prefix', () => {
    assert.deepEqual(offered('opt', 'subject'), ['OPTIONAL']);
    assert.ok(offered('strs', 'expression').includes('STRSTARTS'));
    assert.deepEqual(offered('x:opt', 'subject'), []);
});

test('properties that the subject has come first, with their count for it', () => {
    const found = suggest(VOCABULARY, 'zgc:', 'predicate', [], new Map([['zgc:isEditionOf', 2]]));
    assert.deepEqual(found.slice(0, 2).map(({ name, count }) => [name, count]), [['zgc:isEditionOf', 2], ['zgc:hasStance', 310]]);
});
