/** Charts, timelines and graphs of an answer. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dateColumns, drawableColumns } from '../../server/editor/src/results/columns.js';
import { isBound, originOf, seriesOf, unrankedStatements } from '../../server/editor/src/results/figures.js';
import { freePlace, layOut } from '../../server/editor/src/results/layout.js';
import { linesOf, net } from '../../server/editor/src/results/net.js';
import { scaleFor } from '../../server/editor/src/results/scale.js';
import { timeline } from '../../server/editor/src/results/timeline.js';

const XSD = 'http://www.w3.org/2001/XMLSchema#';
const NAMES = { prefixes: {}, base: 'https://w3id.org/zgc-forum/', root: '/' };
const integer = (value) => ({ type: 'literal', value: String(value), datatype: `${XSD}integer` });
const day = (value) => ({ type: 'literal', value, datatype: `${XSD}date` });
const words = (value) => ({ type: 'literal', value, language: 'en' });
const iri = (value) => ({ type: 'uri', value });
const table = (columns, ...rows) => ({ kind: 'rows', columns, rows });

const QUERY = 'SELECT * { ?s zgc:year ?year }';
const code = (name) => iri(`https://w3id.org/zgc-forum/id/code/${name}`);
const figures = (series) => series.groups.flatMap(({ figures: found }) => found);

test('a figure has the shape of its hedge, its stance and its rank, whether these are labels or codes', () => {
    for (const [hedge, planned, rank] of [
        [words('more than'), words('planned'), words('deprecated')],
        [code('more-than'), code('planned'), code('deprecated')],
        [{ ...words('超过'), language: 'zh' }, { ...words('计划'), language: 'zh' }, { ...words('弃用'), language: 'zh' }],
    ]) {
        const found = table(
            ['year', 'hedge', 'number', 'stance', 'rank'],
            [integer(2021), hedge, integer(500), planned, rank],
            [integer(2023), hedge, integer(80), planned, undefined],
        );
        const series = seriesOf(found, QUERY, 2, NAMES);
        assert.equal(series.isMarked, true);
        assert.deepEqual(figures(series), [
            { hedge: 'more than', shape: 'from', stance: 'planned', rank: 'deprecated', bounds: null, label: '2021', value: 500 },
            { hedge: 'more than', shape: 'from', stance: 'planned', rank: '', bounds: null, label: '2023', value: 80 },
        ]);
        assert.deepEqual(series.notes, ['The answer has no column for units: the axis holds only if all rows have the same unit.']);
    }
});

for (const [hedge, shape] of [['exactly', 'dot'], ['at least', 'from'], ['nearly', 'to'], ['at most', 'to'], ['about', 'about']]) {
    test(`“${hedge}” is drawn as ${shape}`, () => {
        const found = table(['hedge', 'number'], [words(hedge), integer(5)]);
        assert.equal(figures(seriesOf(found, QUERY, 1, NAMES))[0].shape, shape);
    });
}

test('a column of other words is not a hedge, and a chart without hedges says so', () => {
    const series = seriesOf(table(['name', 'number'], [words('more than'), integer(5)], [words('a'), integer(6)]), QUERY, 1, NAMES);
    assert.equal(series.isMarked, false);
    assert.match(series.notes[0], /^Not drawn, because the answer has no column for it: hedges, .*stances, such as “planned”; judgements/);
});

test('what a query counts or computes takes no hedge from a column beside it', () => {
    const found = table(['hedge', 'n'], [words('more than'), integer(22)], [words('nearly'), integer(5)]);
    const counted = seriesOf(found, 'SELECT ?hedge (COUNT(?q) AS ?n) { ?q zgc:hasComparator ?hedge }', 1, NAMES);
    assert.deepEqual([counted.isMarked, counted.notes, figures(counted)[0].label], [false, [], 'more than']);
    const computed = seriesOf(found, 'SELECT ?hedge (SUM(?q) AS ?n) { }', 1, NAMES);
    assert.deepEqual([computed.isMarked, computed.notes.length], [false, 1]);
});

test('a hedge qualifies the figure behind it and no other', () => {
    const found = table(['size', 'hedge', 'number'], [integer(7), words('more than'), integer(5)]);
    assert.deepEqual([0, 2].map((column) => seriesOf(found, QUERY, column, NAMES).hasHedges), [false, true]);
});

for (const [expression, origin] of [
    ['(COUNT(DISTINCT ?q) AS ?n)', 'count'],
    ['(COUNT(*) AS ?n)', 'count'],
    ['(SUM(?q) AS ?n)', 'computed'],
    ['(COUNT(?a) * ?b AS ?n)', 'computed'],
    ['(2 * COUNT(?a) AS ?n)', 'computed'],
    ['?n', 'graph'],
]) {
    test(`${expression} is from: ${origin}`, () => assert.equal(originOf(`SELECT ?x ${expression} { ?x ?p ?n }`, 'n'), origin));
}

test('figures of different units are drawn apart, whatever the column of units is called', () => {
    const rows = [
        [words('fund'), integer(10_000_000_000), words('CNY')],
        [words('fund in dollars'), integer(1_550_000_000), words('USD')],
        [words('participants'), integer(7), undefined],
    ];
    for (const [name, query] of [['currency', QUERY], ['c', 'SELECT * { ?q zgc:statedNumber ?number ; zgc:currency ?c }']]) {
        const { groups } = seriesOf(table(['what', 'number', name], ...rows), query, 1, NAMES);
        assert.deepEqual(groups.map(({ unit, figures: found }) => [unit, found.length]), [['CNY', 1], ['USD', 1], ['', 1]]);
    }
});

test('a statement that the graph judges wrong is drawn so without a column of ranks', () => {
    const names = { ...NAMES, base: 'https://w3id.org/zgc-forum/' };
    const statement = (number) => iri(`https://w3id.org/zgc-forum/id/statement/a/${number}`);
    const found = table(['number', 'statement'], [integer(50), statement(1)], [integer(500), statement(2)]);
    assert.deepEqual(unrankedStatements(found, names), [statement(1).value, statement(2).value]);
    const series = seriesOf(found, QUERY, 0, names, new Set([statement(2).value]));
    assert.deepEqual([series.isMarked, figures(series).map(({ rank }) => rank)], [true, ['', 'deprecated']]);
    assert.deepEqual(unrankedStatements(table(['rank', 's'], [words('normal'), statement(1)]), names), []);
});

test('years are never drawn, other numbers are', () => {
    assert.deepEqual(drawableColumns(table(['a', 'b'], [integer(2021), integer(5)], [integer(2020), integer(2021)])), [1]);
    assert.deepEqual(drawableColumns(table(['firstYear'], [integer(7)])), []);
    assert.deepEqual(drawableColumns(table(['a'], [integer(1000)], [integer(2500)])), [0]);
    assert.deepEqual(drawableColumns(table(['a'], [integer(1)], [words('x')])), []);
    assert.deepEqual(drawableColumns(table(['a'])), []);
});

test('a scale includes zero and all numbers but a wrong one, which lies beyond its end', () => {
    const scale = scaleFor([40, 50, 100], [500]);
    assert.deepEqual([scale.least, scale.most, scale.ticks], [0, 100, [0, 25, 50, 75, 100]]);
    assert.deepEqual([scale.place(0), scale.place(100), scale.place(500)], [0, 84, 89]);
    const negative = scaleFor([-25, 75]);
    assert.deepEqual([negative.least, negative.most, negative.place(-25), negative.place(75)], [-25, 75, 0, 100]);
    assert.deepEqual([scaleFor([]).place(0), scaleFor([0]).place(0), scaleFor([0.5]).ticks.at(-1)], [0, 0, 0.6]);
});

for (const numbers of [[1], [3, 7], [0.001, 0.4], [1e9, 7e12], [-3], [-1e6, 2e7], [249, 12]]) {
    test(`the scale of ${numbers} has few ticks, and all numbers lie on it`, () => {
        const { ticks, place } = scaleFor(numbers);
        assert.ok(ticks.length >= 2 && ticks.length <= 9, String(ticks));
        assert.deepEqual(numbers.filter((value) => place(value) < -1e-9 || place(value) > 100 + 1e-9), []);
    });
}

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
    const { things, links, values, left } = net(found, NAMES, 40);
    assert.deepEqual(things.map(({ label: name }) => name), ['<script>alert(1)</script>', 'urn:b']);
    assert.deepEqual(links.map(({ predicates }) => predicates.map((each) => each.replace(/^.*[/:]/, ''))), [['knows', 'likes']]);
    assert.deepEqual([values, left], [2, 0]);
});

test('of too many things a net has those with the most links, and says how many it leaves out', () => {
    const rows = Array.from({ length: 200 }, (_, index) => [iri(`urn:${index}`), iri('urn:p'), iri('urn:hub')]);
    const found = { kind: 'graph', columns: ['s', 'p', 'o'], rows: [...rows, [iri('urn:199'), iri('urn:q'), iri('urn:hub')]] };
    const { things, links, left } = net(found, NAMES, 40, new Map([['urn:199', { text: 'The last' }]]));
    assert.deepEqual([things.length, links.length, left], [40, 39, 161]);
    assert.deepEqual(things.slice(0, 2).map(({ label }) => label), ['urn:hub', 'The last']);
});

test('a label has at most two lines, broken where it has a space, a slash or a hyphen', () => {
    assert.deepEqual(linesOf('short', 10), ['short']);
    assert.deepEqual(linesOf('two words here', 10), ['two words', 'here']);
    assert.deepEqual(linesOf('x'.repeat(30), 10), ['x'.repeat(10), `${'x'.repeat(9)}…`]);
});

test('no box of a layout covers another, and a name finds a free place on its line', () => {
    const boxes = Array.from({ length: 60 }, (_, index) => ({ id: String(index), width: 160, height: 52 }));
    const placed = layOut(boxes, boxes.slice(1).map(({ id }) => ({ source: '0', target: id })));
    for (const [index, one] of placed.entries()) {
        for (const two of placed.slice(index + 1)) {
            assert.ok(Math.abs(one.x - two.x) >= 160 || Math.abs(one.y - two.y) >= 52);
        }
    }
    const box = { width: 10, height: 10 };
    assert.deepEqual(freePlace({ x: 0, y: 0 }, { x: 100, y: 0 }, box, [{ x: 50, y: 0, ...box, width: 1 }]), { x: 42, y: 0 });
});

test('columns of bounds become error bars, by their property or by their name', () => {
    const rows = [[integer(100), integer(90), integer(120)], [integer(7), undefined, integer(9)], [integer(5), undefined, undefined]];
    const named = table(['n', 'lower', 'upper'], ...rows);
    const bound = table(['n', 'a', 'b'], ...rows);
    const query = 'SELECT * { ?q zgc:statedNumber ?n ; zgc:lowerBound ?a ; zgc:upperBound ?b }';
    for (const [found, text] of [[named, QUERY], [bound, query]]) {
        const series = seriesOf(found, text, 0, NAMES);
        assert.equal(series.isMarked, true);
        assert.deepEqual(figures(series).map(({ bounds }) => bounds), [[90, 120], [7, 9], null]);
        assert.deepEqual([0, 1, 2].map((column) => isBound(found, text, column)), [false, true, true]);
    }
    assert.equal(isBound(table(['n', 'a', 'b'], ...rows), QUERY, 1), false);
});
