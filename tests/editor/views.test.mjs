/** Rows become bars, lines of time and nets. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bars, numericColumns } from '../../server/editor/src/results/chart.js';
import { net } from '../../server/editor/src/results/graph.js';
import { dateColumns, timeline } from '../../server/editor/src/results/timeline.js';

const XSD = 'http://www.w3.org/2001/XMLSchema#';
const NAMES = { prefixes: {}, base: 'https://w3id.org/zgc-forum/', root: '/' };
const integer = (value) => ({ type: 'literal', value: String(value), datatype: `${XSD}integer` });
const day = (value) => ({ type: 'literal', value, datatype: `${XSD}date` });
const words = (value) => ({ type: 'literal', value, language: 'en' });
const iri = (value) => ({ type: 'uri', value });
const table = (columns, ...rows) => ({ kind: 'rows', columns, rows });

test('bars start from zero, and are named by what tells their rows apart', () => {
    const found = table(
        ['year', 'hedge', 'thing', 'number'],
        [integer(2021), words('more than'), iri('urn:a'), integer(50)],
        [integer(2023), words('more than'), iri('urn:b'), integer(100)],
    );
    assert.deepEqual(numericColumns(found), [3]);
    assert.deepEqual(bars(found, 3, NAMES), [
        { label: '2021', value: 50, from: 0, width: 41 },
        { label: '2023', value: 100, from: 0, width: 82 },
    ]);
});

test('bars of negative numbers lie left of zero', () => {
    const found = table(['name', 'number'], [words('a'), integer(-25)], [words('b'), integer(75)], [words('c'), undefined]);
    assert.deepEqual(bars(found, 1, NAMES).map(({ from, width }) => [from, width]), [[0, 20.5], [20.5, 61.5]]);
});

test('numbers among other values are no column to draw, and years are one only where they are alone', () => {
    assert.deepEqual(numericColumns(table(['a'], [integer(1)], [words('x')])), []);
    assert.deepEqual(numericColumns(table(['a'], [integer(2021)])), [0]);
    assert.deepEqual(numericColumns(table(['a'])), []);
});

test('dates stand in their order; what has none is counted, what has one end is a day', () => {
    const found = table(
        ['first', 'last', 'what'],
        [day('2021-09-24'), day('2021-09-28'), words('forum')],
        [undefined, day('2021-09-15'), words('press')],
        [undefined, undefined, words('never')],
    );
    const { events, ticks, undated, left } = timeline(found, NAMES);
    assert.deepEqual(dateColumns(found), [0, 1]);
    assert.deepEqual(events.map(({ label, day: when }) => [label, when]), [
        ['press', '2021-09-15'],
        ['forum', '2021-09-24 to 2021-09-28'],
    ]);
    assert.equal(events[0].from, events[0].to);
    assert.ok(events[1].from < events[1].to);
    assert.deepEqual(ticks.map(({ label }) => label), ['Sep 2021', 'Oct 2021']);
    assert.deepEqual([undated, left], [1, 0]);
});

test('a net joins things, names them by their labels, and counts values beside it', () => {
    const label = iri('http://www.w3.org/2000/01/rdf-schema#label');
    const found = {
        kind: 'graph',
        columns: ['subject', 'predicate', 'object'],
        rows: [
            [iri('urn:a'), iri('urn:x/knows'), iri('urn:b')],
            [iri('urn:a'), iri('urn:x/likes'), iri('urn:b')],
            [iri('urn:a'), label, words('<script>alert(1)</script>')],
            [iri('urn:a'), iri('urn:x/age'), integer(7)],
        ],
    };
    const { things, links, values, left } = net(found, NAMES);
    assert.deepEqual(things.map(({ label: name }) => name), ['<script>alert(1)</script>', 'urn:b']);
    assert.deepEqual(links.map(({ label: name }) => name), ['knows, likes']);
    assert.deepEqual([values, left], [2, 0]);
});

test('a net of too many things says how many it leaves out', () => {
    const rows = Array.from({ length: 200 }, (_, index) => [iri('urn:hub'), iri('urn:p'), iri(`urn:${index}`)]);
    const { things, left } = net({ kind: 'graph', columns: ['s', 'p', 'o'], rows }, NAMES);
    assert.deepEqual([things.length, left], [120, 81]);
});
