/** A query to a server that behaves, and to servers that do not. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { Run } from '../../server/editor/src/run.js';

const JSON_RESULTS = { 'Content-Type': 'application/sparql-results+json' };
const PROBLEM = { 'Content-Type': 'application/problem+json' };
/** What the server does with each query, and what it was asked to cancel. */
const REPLIES = {
    good: (response) => response.writeHead(200, { ...JSON_RESULTS, 'Server-Timing': 'cache;desc=hit' }).end('{"boolean":true}'),
    wrong: (response) =>
        response.writeHead(400, PROBLEM).end('{"status":400,"detail":"line 2, column 9: no","line":2,"column":9}'),
    busy: (response) => response.writeHead(503, { ...PROBLEM, 'Retry-After': '7' }).end('{"detail":"Too many."}'),
    proxy: (response) => response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad Gateway</h1>'),
    nonsense: (response) => response.writeHead(200, JSON_RESULTS).end('<html>'),
    broken: (response) => {
        response.writeHead(200, { ...JSON_RESULTS, 'Content-Length': '1000' }).write('{"head":');
        setImmediate(() => response.destroy());
    },
    endless: () => {},
};
const received = [];
let server;
let address;

before(async () => {
    server = createServer((request, response) => {
        let body = '';
        request.on('data', (part) => {
            body += part;
        });
        request.on('end', () => {
            received.push([request.method, request.url, request.headers['x-query-id'], request.headers['content-type']]);
            if (request.method === 'DELETE') {
                response.writeHead(204).end();
                server.emit('cancelled');
            } else {
                server.emit('asked');
                REPLIES[body](response);
            }
        });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${server.address().port}/sparql`;
});

after(() => {
    server.closeAllConnections();
    server.close();
});

const ask = (query, progress = () => {}) => new Run(address, `${address}/queries/`, query, progress);

test('an answer comes with its text, its time and how much has come so far', async () => {
    const steps = [];
    const outcome = await ask('good', (bytes) => steps.push(bytes)).outcome;

    assert.deepEqual([outcome.kind, outcome.answer, outcome.text, outcome.cached], [
        'answer',
        { kind: 'truth', value: true },
        '{"boolean":true}',
        true,
    ]);
    assert.ok(outcome.milliseconds > 0);
    assert.equal(steps.at(-1), 16);
    assert.equal(received.at(-1)[3], 'application/sparql-query');
});

for (const [query, expected] of [
    ['wrong', { title: 'Syntax error', detail: 'line 2, column 9: no', line: 2, column: 9 }],
    ['busy', { title: 'Server busy', detail: 'Too many.', wait: 7 }],
    ['proxy', { title: 'Error 502', detail: '<h1>Bad Gateway</h1>' }],
]) {
    test(`what is refused as ${query} is described in the words of the server`, async () => {
        const { kind, title, detail, wait, line, column } = await ask(query).outcome;
        const described = { title, detail, ...(wait && { wait }), ...(line && { line, column }) };
        assert.deepEqual([kind, described], ['refusal', expected]);
    });
}

for (const [query, title] of [
    ['nonsense', 'Unreadable answer'],
    ['broken', 'Connection lost'],
]) {
    test(`an answer that is ${query} is not shown in part`, async () => {
        const outcome = await ask(query).outcome;
        assert.deepEqual([outcome.kind, outcome.title], ['refusal', title]);
    });
}

test('a server that is not there is distinguished from a broken connection', async () => {
    const outcome = await new Run('http://127.0.0.1:9/sparql', 'http://127.0.0.1:9/', 'good', () => {}).outcome;
    assert.deepEqual([outcome.kind, outcome.title], ['refusal', 'Server unreachable']);
});

test('what is cancelled ends at once, and at the server by an identifier that cannot be guessed', async () => {
    const asked = once(server, 'asked');
    const run = ask('endless');
    await asked;
    const cancelled = once(server, 'cancelled');
    run.cancel();

    assert.deepEqual(await run.outcome, { kind: 'cancelled' });
    await cancelled;
    assert.match(run.id, /^[0-9a-f]{32}$/);
    assert.deepEqual(received.at(-1).slice(0, 2), ['DELETE', `/sparql/queries/${run.id}`]);
});
