/** Answers become tables, and terms what people read. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read } from '../../server/editor/src/answer.js';
import { parse } from '../../server/editor/src/ntriples.js';
import { addressOf, cut, dateOf, nameOf, numberOf, shorten } from '../../server/editor/src/terms.js';

const XSD = 'http://www.w3.org/2001/XMLSchema#';
const NAMES = {
    prefixes: { zgc: 'https://w3id.org/zgc-forum/ontology/', edition: 'https://w3id.org/zgc-forum/id/edition/' },
    base: 'https://w3id.org/zgc-forum/',
    root: '/',
};
const typed = (value, type) => ({ type: 'literal', value, datatype: XSD + type });

test('results become rows, in which an unbound variable leaves a gap', () => {
    const text = JSON.stringify({
        head: { vars: ['a', 'b'] },
        results: { bindings: [{ b: { type: 'literal', value: '关村', 'xml:lang': 'zh' } }] },
    });
    assert.deepEqual(read(text, 'application/sparql-results+json'), {
        kind: 'rows',
        columns: ['a', 'b'],
        rows: [[undefined, { type: 'literal', value: '关村', language: 'zh' }]],
    });
});

test('the answer to an ASK is a truth value', () => {
    assert.deepEqual(read('{"head":{},"boolean":false}', 'application/sparql-results+json'), { kind: 'truth', value: false });
});

test('a variable named like a property of all objects is unbound where it is', () => {
    const text = '{"head":{"vars":["x"]},"results":{"bindings":[{}]}}';
    assert.deepEqual(read(text, 'application/sparql-results+json').rows, [[undefined]]);
});

test('N-Triples are read with escapes, languages, datatypes and blank nodes', () => {
    const text = [
        '<http://x/a> <http://x/p> "q\\"\\n\\u5173\\U0001D11E"@zh-Hans .',
        '_:b1 <http://x/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<http://x/\\u0020> <http://x/p> <<( <a:a> <a:b> "c" )>> .',
        '# a comment',
        '',
    ].join('\n');
    assert.deepEqual(parse(text).map((triple) => [triple[0], triple[2]]), [
        [{ type: 'uri', value: 'http://x/a' }, { type: 'literal', value: 'q"\n关𝄞', language: 'zh-Hans' }],
        [{ type: 'bnode', value: 'b1' }, typed('1', 'integer')],
        [{ type: 'uri', value: 'http://x/ ' }, { type: 'triple', value: '<<( <a:a> <a:b> "c" )>>' }],
    ]);
});

test('a line that is no triple is refused, however it tries', () => {
    assert.throws(() => parse('<a> <b> "unclosed .'), SyntaxError);
    assert.throws(() => parse('<html>'), SyntaxError);
});

test('an IRI is shortened by the longest namespace, where a query could hold the name', () => {
    const { prefixes } = NAMES;
    assert.equal(shorten('https://w3id.org/zgc-forum/id/edition/2021', prefixes), 'edition:2021');
    assert.equal(shorten('https://w3id.org/zgc-forum/id/edition/a/b', prefixes), 'https://w3id.org/zgc-forum/id/edition/a/b');
    assert.equal(nameOf('https://w3id.org/zgc-forum/id/statement/x/1', NAMES), 'statement/x/1');
});

for (const [iri, address] of [
    ['https://w3id.org/zgc-forum/id/edition/2021', '/id/edition/2021'],
    ['https://w3id.org/zgc-forum//evil.example/', '/evil.example/'],
    ['https://w3id.org/zgc-forum/\\evil.example/', '/evil.example/'],
    ['https://example.org/x', 'https://example.org/x'],
    ['HTTP://example.org/x', 'HTTP://example.org/x'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['urn:x', null],
    ['//example.org', null],
]) {
    test(`a link to ${iri} leads to ${address}`, () => assert.equal(addressOf(iri, NAMES), address));
}

test('numbers and dates are read by their datatypes alone', () => {
    assert.equal(numberOf(typed('1.50', 'decimal')), 1.5);
    assert.equal(numberOf(typed('INF', 'double')), null);
    assert.equal(numberOf({ type: 'literal', value: '7' }), null);
    assert.equal(dateOf(typed('2021-09-24', 'date')), Date.UTC(2021, 8, 24));
    assert.equal(dateOf(typed('0099', 'gYear')), new Date('0099-01-01T00:00:00Z').getTime());
    assert.equal(dateOf(typed('2021', 'integer')), null);
});

test('a text is cut between characters, never within one', () => {
    assert.equal(cut('abc', 3), 'abc');
    assert.equal(cut('a𝄞b', 2), 'a…');
});
