// Load a file into a store of N3.js and answer queries by Comunica: `node endpoint.js FILE PORT`.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { QueryEngine } from '@comunica/query-sparql';
import { Store, StreamParser } from 'n3';

const [file, port] = process.argv.slice(2);
const engine = new QueryEngine();
const store = new Store();

await new Promise((resolve, reject) => {
    const quads = createReadStream(file).pipe(new StreamParser());
    store.import(quads).on('end', resolve).on('error', reject);
    quads.on('error', reject);
});

// The default graph of a query is the union of all, as that of our endpoint is.
async function answer(query) {
    const found = await engine.query(query, { sources: [store], unionDefaultGraph: true });
    const type = found.resultType === 'quads' ? 'application/n-triples' : 'application/sparql-results+json';
    const { data } = await engine.resultToString(found, type);
    const body = await text(data);
    if (found.resultType === 'quads') return [200, type, body];
    // Comunica adds members of its own, which the specification does not have.
    const { head, results, boolean } = JSON.parse(body);
    return [200, type, JSON.stringify({ head, results: results && { bindings: results.bindings }, boolean })];
}

const server = createServer(async (request, response) => {
    const query = new URLSearchParams(await text(request)).get('query');
    const [status, type, body] = await answer(query).catch(error => [400, 'text/plain', error.message]);
    response.writeHead(status, { 'Content-Type': type }).end(body);
});
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
