/** Kept queries are named, saved, read and merged. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { merged, nameOf, read } from '../../server/editor/src/kept.js';

test('a query is named by its first comment, else by its beginning', () => {
    assert.equal(nameOf('# Who hosts?\nASK {}'), 'Who hosts?');
    assert.equal(nameOf('PREFIX a: <urn:a/>\nASK  {}'), 'ASK {}');
    assert.equal(nameOf(''), 'Empty query');
});

test('a saved file is read, also one query as text; anything else has none', () => {
    const document = { queries: [{ name: 'One', query: 'ASK {}' }, { query: '# Two\nASK {}' }, { name: 'none' }, null] };
    assert.deepEqual(read(JSON.stringify(document), 'x.json'), [{ name: 'One', query: 'ASK {}' }, { name: 'Two', query: '# Two\nASK {}' }]);
    assert.deepEqual(read('SELECT * {}', 'all.rq'), [{ name: 'all', query: 'SELECT * {}' }]);
    for (const text of ['', 'hello', '[]', 'null', '{"queries": 5}']) {
        assert.deepEqual(read(text, 'x.txt'), []);
    }
});

test('a name that is taken gets a number; the same query is not kept twice', () => {
    const kept = [{ name: 'a', query: '1' }];
    assert.deepEqual(merged(kept, [{ name: 'a', query: '2' }, { name: 'a', query: '3' }, { name: 'a', query: '2' }]).map(({ name }) => name), ['a', 'a (2)', 'a (3)']);
    assert.deepEqual(merged(kept, kept), kept);
});
