/** Rows of a table are sorted, filtered and copied. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asMarkdown, asTabs, filtered, sorted } from '../../server/editor/src/results/table.js';

const NAMES = { prefixes: { x: 'urn:x/' }, base: 'https://w3id.org/zgc-forum/', root: '/' };
const integer = (value) => ({ type: 'literal', value: String(value), datatype: 'http://www.w3.org/2001/XMLSchema#integer' });
const words = (value) => ({ type: 'literal', value });
const iri = (value) => ({ type: 'uri', value });
const LABELS = new Map([['urn:x/a', { text: 'Zebra' }], ['urn:x/b', { text: 'Ant' }]]);
const column = (rows, index = 0) => rows.map((row) => row[index]?.value);

test('numbers are sorted as numbers, text without regard to case, unbound cells last in both directions', () => {
    const numbers = [[integer(10)], [undefined], [integer(9)], [integer(-1)]];
    assert.deepEqual(column(sorted(numbers, 0, false, NAMES, null)), ['-1', '9', '10', undefined]);
    assert.deepEqual(column(sorted(numbers, 0, true, NAMES, null)), ['10', '9', '-1', undefined]);
    assert.deepEqual(column(sorted([[words('b')], [words('A')], [words('a 10')], [words('a 9')]], 0, false, NAMES, null)), ['A', 'a 9', 'a 10', 'b']);
    assert.equal(sorted(numbers, -1, false, NAMES, null), numbers);
});

test('IRIs are sorted and found by what is shown of them', () => {
    const rows = [[iri('urn:x/a')], [iri('urn:x/b')]];
    assert.deepEqual(column(sorted(rows, 0, false, NAMES, null)), ['urn:x/a', 'urn:x/b']);
    assert.deepEqual(column(sorted(rows, 0, false, NAMES, LABELS)), ['urn:x/b', 'urn:x/a']);
    assert.deepEqual(column(filtered(rows, 'x:a', NAMES, null)), ['urn:x/a']);
    assert.deepEqual(column(filtered(rows, 'zeb', NAMES, LABELS)), ['urn:x/a']);
});

test('cells that are copied cannot break out of their table', () => {
    const rows = [['a', 'b'], ['one\ttwo\nthree', '| <b> `x` \\']];
    assert.equal(asTabs(rows), 'a\tb\none two three\t| <b> `x` \\\n');
    assert.equal(asMarkdown(rows), '| a | b |\n| --- | --- |\n| one two three | \\| \\<b\\> \\`x\\` \\\\ |\n');
});
