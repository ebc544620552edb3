/**
 * Bundle the editor, and what shows its answers, charts and graphs, which is fetched when one is first shown; collect the
 * licences of the packages in all of them.
 *
 *     npm ci --ignore-scripts && node build.js [FOLDER]
 *
 * The same sources and the same lock give the same bytes, wherever and whenever they are built.
 */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, '..', 'forumkg', 'web', 'static');
const PACKAGE = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const LICENCE_FILE = /^licen[cs]e(\.(md|txt))?$/i;

/** Return the digest of the inputs of the bundle, by which a test finds a stale one without Node. */
async function sourcesDigest() {
    const sources = await readdir(join(HERE, 'src'), { recursive: true, withFileTypes: true });
    const paths = sources
        .filter((entry) => entry.isFile())
        .map((entry) => relative(HERE, join(entry.parentPath, entry.name)));
    const digest = createHash('sha256');
    for (const path of [...paths, 'build.js', 'package-lock.json'].sort()) {
        digest.update(`${path}\0`).update(await readFile(join(HERE, path))).update('\0');
    }
    return digest.digest('hex');
}

/**
 * Return name, version, licence and licence text of a package.
 * @param {string} name
 */
async function licenceOf(name) {
    const folder = join(HERE, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((candidate) => LICENCE_FILE.test(candidate));
    if (!file || !license) {
        throw new Error(`${name} comes without a licence: it must not be in the bundle.`);
    }
    const text = (await readFile(join(folder, file), 'utf8')).trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
}

const folder = resolve(process.argv[2] ?? STATIC);
const { metafile, outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: { editor: 'src/editor.js', 'editor-answers': 'src/answers.js', 'editor-chart': 'src/results/charts.js', 'editor-graph': 'src/results/graph.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: `/* Built from server/editor, sources ${await sourcesDigest()}; licences: editor.LICENSES.txt */` },
    metafile: true,
    write: false,
    outdir: '.',
});
const names = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => PACKAGE.exec(path)?.[1] ?? []);
const licences = await Promise.all([...new Set(names)].sort().map(licenceOf));

await mkdir(folder, { recursive: true });
await Promise.all(outputFiles.map(({ path, contents }) => writeFile(join(folder, basename(path)), contents)));
await writeFile(join(folder, 'editor.LICENSES.txt'), licences.join(`\n${'-'.repeat(72)}\n\n`));
