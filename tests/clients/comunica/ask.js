// Ask endpoints through Comunica: a line of JSON in, with endpoint, query and what headers to change; a line of
// JSON out, with the answer as RDF/JS terms or the error that a user would see.
import { createInterface } from 'node:readline';
import { QueryEngine } from '@comunica/query-sparql';

const engine = new QueryEngine();

const term = value => value && {
    type: value.termType, value: value.value, language: value.language, datatype: value.datatype?.value,
};

// Comunica decides on its own what it accepts; only its `fetch` can be changed.
const changing = headers => (address, options) => {
    for (const [name, value] of Object.entries(headers)) options.headers.set(name, value);
    return fetch(address, options);
};

async function answer({ endpoint, query, headers }) {
    const found = await engine.query(query, {
        sources: [{ type: 'sparql', value: endpoint }],
        ...Object.keys(headers).length > 0 && { fetch: changing(headers) },
    });
    const result = await found.execute();
    if (found.resultType === 'boolean') return { boolean: result };
    const all = await result.toArray();
    if (found.resultType === 'quads') {
        return { triples: all.map(quad => [quad.subject, quad.predicate, quad.object].map(term)) };
    }
    const { variables } = await found.metadata();
    return { rows: all.map(row => variables.map(name => term(row.get(name)) ?? null)) };
}

for await (const line of createInterface({ input: process.stdin })) {
    const told = await answer(JSON.parse(line)).catch(error => ({ error: error.message }));
    console.log(JSON.stringify(told));
}
