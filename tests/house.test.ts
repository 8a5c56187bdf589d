import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
	addressRule,
	bucketRule,
	cycleRule,
	environmentRule,
	type Exception,
	importsOf,
	messageRule,
	purityRule,
	resolved,
	roomRule,
	schemaRule,
	silenceRule,
	type SourceFile,
	sqlRule,
	topRule,
	wordRule
} from './support/house-rules.ts';

const root = path.join(import.meta.dirname, '..');

/** Files that are ours: what git tracks, and with `fresh` also what it would take in. */
function paths(fresh: boolean): string[] {
	try {
		const flags = fresh ? ['--cached', '--others', '--exclude-standard'] : ['--cached'];
		return execFileSync('git', ['ls-files', '-z', ...flags], { cwd: root, encoding: 'utf8', stdio: 'pipe' })
			.split('\0')
			.filter((file) => file !== '' && existsSync(path.join(root, file)));
	} catch {
		// A copy without its history: everything but what .gitignore names.
		const ignored = readFileSync(path.join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
		const isOurs = (file: string) =>
			!ignored.some((one) => file === one || file.startsWith(`${one}/`) || file.split('/').includes(one));
		return readdirSync(root, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
			.filter(isOurs);
	}
}

const read = (file: string): SourceFile => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') });
const files = paths(true)
	.filter((file) => !/\.(png|jpg|ico|woff2?)$/.test(file))
	.map(read);

const sqlExceptions: Exception[] = [
	{
		path: 'server/basics/migrate.ts',
		line: 'tx.unsafe(text)',
		because: 'the statements are the migration files themselves, which are many in one text'
	}
];

describe('the house', () => {
	test('there are files to look at', () => {
		expect(files.length).toBeGreaterThan(200);
		expect(files.flatMap((file) => (file.path.endsWith('.ts') ? importsOf(file) : [])).length).toBeGreaterThan(300);
	});
	test('a room takes values only from the rooms that the README names for it', () => {
		expect(roomRule(files)).toEqual([]);
	});
	test('a word looks left, never right', () => {
		expect(wordRule(files)).toEqual([]);
	});
	test('SQL stands only in *.sql.ts', () => {
		expect(sqlRule(files, sqlExceptions)).toEqual([]);
	});
	test("a word's SQL writes its own schema, and reads only that and those to its left", () => {
		expect(schemaRule(files)).toEqual([]);
	});
	test('the environment is read only in server/env.ts', () => {
		expect(environmentRule(files)).toEqual([]);
	});
	test('there are no bucket files and no barrels', () => {
		expect(bucketRule(files)).toEqual([]);
	});
	test('every language says the same things with the same gaps, and nothing is said for nobody', () => {
		expect(messageRule(files)).toEqual([]);
	});
	test('no file takes values from itself in a circle', () => {
		expect(cycleRule(files)).toEqual([]);
	});
	test('the domain has no clock and no chance of its own', () => {
		expect(purityRule(files)).toEqual([]);
	});
	test('nothing renders text as HTML, and no check is switched off without a reason', () => {
		expect(silenceRule(files)).toEqual([]);
	});
	test('the top level holds only the agreed names', () => {
		expect(topRule(paths(false))).toEqual([]);
	});
	test('no tracked file names a package registry or a folder of one machine', () => {
		const tracked = new Set(paths(false));
		expect(addressRule(files.filter((file) => tracked.has(file.path)))).toEqual([]);
	});
});

/** Files for a planted violation: path -> text. */
const planted = (texts: Record<string, string>): SourceFile[] =>
	Object.entries(texts).map(([path, text]) => ({ path, text }));
const importing = (path: string, line: string) => planted({ [path]: `// first line\n${line}\n` });

describe('each rule finds what is planted', () => {
	test.each([
		['domain', 'src/domain/basics/a.ts', "import { readFile } from 'node:fs/promises';"],
		['domain', 'src/domain/basics/a.ts', "import { onMount } from 'svelte';"],
		['domain', 'src/domain/basics/a.ts', "import { m } from '#messages/compiled/messages.js';"],
		['domain', 'src/domain/basics/a.ts', "import type { Sql } from '../../../server/basics/database.ts';"],
		['messages', 'src/messages/say.ts', "import Field from '#ui/basics/Field.svelte';"],
		['live', 'src/live/a.ts', "import { m } from '#messages/compiled/messages.js';"],
		['live', 'src/live/a.ts', "import { x } from 'node:net';"],
		['ui', 'src/ui/basics/a.ts', "import { sessionOf } from '../../routes/session-cookie.ts';"],
		['ui', 'src/ui/basics/a.ts', "import type { Backend } from '#server/backend.ts';"],
		['routes', 'src/routes/a/+page.server.ts', "import { hashed } from '#server/basics/chance.ts';"],
		['routes', 'src/routes/a/+page.server.ts', "import { type Backend } from '#server/backend.ts';"],
		['routes', 'src/routes/a/+page.server.ts', "const late = await import('#server/basics/chance.ts');"],
		['routes', 'src/routes/a/+page.server.ts', "import { runningBackend } from '../../running.ts';"],
		['hooks', 'src/hooks.server.ts', "import { openBackend } from '#server/opening.ts';"],
		['running', 'src/running.ts', "import { makeBackend } from '#server/backend.ts';"],
		['word', 'server/reviews/a.ts', "import { rateLimit } from '../live/rate.ts';"],
		['word', 'server/reviews/a.ts', "import type { LiveServer } from '../live/sockets.ts';"],
		['word', 'server/reviews/a.ts', "import { makeBackend } from '../backend.ts';"],
		['word', 'server/reviews/a.ts', "import { openBackend } from '../opening.ts';"],
		['word', 'server/reviews/a.ts', "import { readEnv } from '../env.ts';"],
		['word', 'server/reviews/a.ts', "import { seedDemo } from '#db/seed/demo.ts';"],
		['door', 'server/live/a.ts', "import { seedDemo } from '#db/seed/demo.ts';"],
		['door', 'server/live/a.ts', "import { runningBackend } from '../../src/running.ts';"],
		['door', 'server/main.ts', "import { testBackend } from '../tests/support/backend.ts';"],
		['db', 'db/seed/a.ts', "import { isDay } from '#domain/basics/day.ts';"],
		['config', 'vite.config.ts', "import { inject } from './tests/support/database.ts';"]
	])('%s: %s may not %s', (_room, path, line) => {
		expect(roomRule(importing(path, line))).toEqual([expect.stringMatching(`^${path.replace('+', '\\+')}:2 `)]);
	});

	test.each([
		['src/routes/a/+page.server.ts', "import type { Backend } from '#server/backend.ts';"],
		['src/routes/a/+page.server.ts', "import type { PageServerLoad } from './$types';"],
		['src/hooks.server.ts', "import { runningBackend } from './running.ts';"],
		['server/main.ts', "import { setRunningBackend } from '../src/running.ts';"],
		['server/commands/a.ts', "import { seedDemo } from '#db/seed/demo.ts';"],
		['src/live/a.svelte.ts', "import * as Y from 'yjs';"],
		['tests/unit/a.test.ts', "import { testBackend } from '../support/backend.ts';"]
	])('%s may %s', (path, line) => {
		expect(roomRule(importing(path, line))).toEqual([]);
	});

	test('an import in a component, and a file in no room', () => {
		const component = planted({
			'src/ui/basics/A.svelte':
				'<!-- import x from "no" -->\n<script lang="ts">\n\tlet x = 1;\n\timport { hashed } from "#server/basics/chance.ts";\n</script>\n',
			'lib/a.ts': ''
		});
		expect(roomRule(component)).toEqual([
			'src/ui/basics/A.svelte:4 ui may not import word (server/basics/chance.ts)',
			'lib/a.ts:1 lies in no room'
		]);
	});

	test('a look to the right, also for a type, also in a component, also late', () => {
		expect(wordRule(importing('server/basics/a.ts', "import { plan } from '../mentoring/plans.ts';"))).toHaveLength(1);
		expect(
			wordRule(importing('src/domain/network/a.ts', "import type { Note } from '#domain/reviews/note.ts';"))
		).toEqual(['src/domain/network/a.ts:2 network looks right, to reviews ("#domain/reviews/note.ts")']);
		expect(wordRule(importing('src/ui/visits/a.ts', "void import('#ui/library/Practice.svelte');"))).toHaveLength(1);
		expect(wordRule(importing('src/ui/visits/a.ts', "export * from '#domain/progress/feed.ts';"))).toHaveLength(1);
		expect(wordRule(importing('src/ui/library/a.ts', "import type { Note } from '#domain/reviews/note.ts';"))).toEqual(
			[]
		);
	});

	test('SQL outside *.sql.ts, and an exception that is no longer needed', () => {
		const statements = [
			'export const a = sql`select 1`;',
			'export const a = db<{ id: string }[]>`select id from network.people`;',
			'export const a = tx`lock table x`;',
			'export const a = anything`\n\tdelete from network.people`;',
			'export const a = pool.unsafe(text);',
			"export const a = 'select id from network.people';",
			'export const a = `update network.people set name = ${name}`;',
			"export const a = 'truncate table network.people';"
		];
		for (const statement of statements)
			for (const path of ['server/network/a.ts', 'db/seed/a.ts', 'server/main.ts'])
				expect(sqlRule(importing(path, statement)), statement).toEqual([expect.stringMatching(`^${path}:2 `)]);
		for (const statement of statements) expect(sqlRule(importing('server/network/a.sql.ts', statement))).toEqual([]);
		const sentences =
			"say('Select a city from the list');\nsay('With thanks'); html`<p>Update</p>`; say(`drop ${it}`);";
		expect(sqlRule(importing('server/network/a.ts', sentences.replace('Select a city', 'Choose one')))).toEqual([]);
		const old: Exception = { path: 'server/network/a.ts', line: 'unsafe', because: 'it was needed' };
		expect(sqlRule(importing('server/network/a.ts', 'pool.unsafe(text);'), [old])).toEqual([]);
		expect(sqlRule(importing('server/network/a.ts', ''), [old])).toHaveLength(1);
	});

	test("writing in another word's schema, and reading to the right", () => {
		const inSql = (statement: string) =>
			schemaRule(importing('server/reviews/a.sql.ts', `export const a = (db: Db) => db\`\n\t${statement}\`;`));
		expect(inSql('insert into network.people (id) values (${id})')).toEqual([
			'server/reviews/a.sql.ts:3 reviews writes network.people'
		]);
		expect(inSql('update visits.groups set name = 1')).toHaveLength(1);
		expect(inSql('delete from basics.files where id = 1')).toHaveLength(1);
		expect(inSql('select 1 from reviews.notes n join mentoring.plans p on p.id = n.id')).toEqual([
			'server/reviews/a.sql.ts:3 reviews reads to its right: mentoring.plans'
		]);
		expect(inSql('select (select count(*) from progress.activity)')).toHaveLength(1);
		expect(inSql('insert into reviews.notes select * from visits.groups -- not progress.activity')).toEqual([]);
	});

	test('the environment read elsewhere', () => {
		const ways = [
			'export const a = process.env.HOME;',
			"export const a = process['env'];",
			'const { env } = process;',
			"import { env } from 'node:process';",
			"import { SECRET } from '$env/static/private';"
		];
		for (const way of ways) {
			expect(environmentRule(importing('server/basics/a.ts', way)), way).toEqual([
				'server/basics/a.ts:2 reads the environment outside server/env.ts'
			]);
			expect(environmentRule(importing('server/env.ts', way))).toEqual([]);
		}
	});

	test('buckets and barrels', () => {
		const names = ['utils.ts', 'helper.ts', 'common.ts', 'types.ts', 'constants.ts', 'index.ts', 'index.svelte'];
		for (const name of names) expect(bucketRule(importing(`src/ui/basics/${name}`, 'let a = 1;'))).toHaveLength(1);
		expect(bucketRule(importing('src/domain/utils/day.ts', 'let a = 1;'))).toHaveLength(1);
		expect(bucketRule(importing('src/ui/basics/all.ts', "export * from './a.ts';"))).toHaveLength(1);
		expect(
			bucketRule(
				importing('src/ui/basics/all.ts', "import { a } from './a.ts';\nexport { a };\nexport type * from './b.ts';")
			)
		).toHaveLength(1);
		expect(
			bucketRule(importing('src/ui/basics/day-types.ts', "export { a } from './a.ts';\nexport const b = 1;"))
		).toEqual([]);
	});

	test('a language that says less, more, or with other gaps; a message nobody says', () => {
		const said = (texts: Record<string, string>) =>
			messageRule(planted({ 'src/ui/a.ts': 'm.basics_a({ who }); m.basics_b();', ...texts }));
		const english = '{\n"basics_a": "Dear {who}",\n"basics_b": "Yes"\n}';
		const base = { 'src/messages/en/basics.json': english };
		expect(said({ ...base, 'src/messages/fr/basics.json': english })).toEqual([]);
		const french = (text: string) => said({ ...base, 'src/messages/fr/basics.json': text });
		expect(french('{\n"basics_a": "Cher {who}"\n}')).toEqual(['src/messages/fr/basics.json:1 lacks basics_b']);
		expect(french('{\n"basics_a": "Cher {qui}",\n"basics_b": "Oui"\n}')).toEqual([
			'src/messages/fr/basics.json:2 basics_a has the gaps {qui}, not {who}'
		]);
		expect(french('{\n"basics_a": "Cher {who}",\n"basics_b": " "\n}')).toEqual([
			'src/messages/fr/basics.json:3 basics_b is empty'
		]);
		expect(french('{"basics_a": "Cher {who}", "basics_b": "Oui", "basics_c": "Et"}')).toHaveLength(1);
		expect(french('{"basics_a": [{"match": {"n=one": "{who}", "n=other": "Tous"}}], "basics_b": "Oui"}')).toEqual([]);
		expect(said({ ...base, 'src/messages/fr/network.json': '{}' })).toHaveLength(2);
		expect(said({ 'src/messages/en/basics.json': '{\n"basics_z": "Z"\n}' })).toEqual([
			'src/messages/en/basics.json:2 basics_z is said nowhere'
		]);
		expect(said({ 'src/messages/en/visits.json': '{ "basics_a": "{who}" }' })).toHaveLength(1);
	});

	test('a circle of values, not one of types', () => {
		const circle = (line: string) =>
			cycleRule(
				planted({
					'src/domain/a.ts': "import { b } from './b.ts';",
					'src/domain/b.ts': "import { c } from '#domain/c.ts';",
					'src/domain/c.ts': line
				})
			);
		expect(circle("\nimport { a } from './a.ts';")).toEqual([
			'src/domain/c.ts:2 closes a circle: src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts'
		]);
		expect(circle("const a = await import('./a.ts');")).toHaveLength(1);
		expect(circle("import type { A } from './a.ts';")).toEqual([]);
	});

	test('a clock or chance in the domain', () => {
		for (const way of [
			'Date.now()',
			'new Date()',
			'Math.random()',
			'crypto.randomUUID()',
			'performance.now()',
			'Date()',
			'[1].map(Math.random)'
		])
			expect(purityRule(importing('src/domain/basics/a.ts', `export const a = ${way};`)), way).toHaveLength(1);
		expect(purityRule(importing('src/domain/basics/a.ts', 'export const a = new Date(given);'))).toEqual([]);
		expect(purityRule(importing('server/basics/a.ts', 'export const a = Date.now();'))).toEqual([]);
	});

	test('raw HTML and switched-off checks', () => {
		const off = ['eslint', 'disable-next-line no-undef'].join('-');
		const lines = [
			'<p>{' + '@html text}</p>',
			'// ' + '@ts-ignore',
			`// ${off}`,
			`/* ${off} */`,
			`<!-- ${off} -->`,
			`// ${off} -- `
		];
		for (const line of lines)
			expect(silenceRule(importing('src/ui/basics/A.svelte', line)), line).toEqual([
				expect.stringMatching('^src/ui/basics/A.svelte:2 ')
			]);
		expect(silenceRule(importing('src/ui/basics/A.svelte', `<!-- ${off} -- a place on this page -->`))).toEqual([]);
	});

	test('a name at the top, a registry, a folder of one machine', () => {
		expect(topRule(['README.md', 'src/app.html', 'docs/a.md', 'notes.txt'])).toEqual([
			'docs:1 is not agreed for the top level',
			'notes.txt:1 is not agreed for the top level'
		]);
		const registry = ['registry', 'npmjs', 'org'].join('.');
		expect(addressRule(importing('a.json', `"https://${registry}/x"`))).toHaveLength(1);
		expect(addressRule(importing('a.json', '"resolved": "http' + '://x/y.tgz"'))).toHaveLength(1);
		expect(addressRule(importing('a.md', 'see ' + '/work' + '/main'))).toEqual([
			'a.md:2 names a folder of one machine'
		]);
		expect(addressRule(importing('a.md', 'https://example.org/work' + '/x'))).toEqual([]);
	});

	test('imports are read in every spelling, and lead where package.json says', () => {
		const file = {
			path: 'server/live/a.ts',
			text: "import a, { b } from './b.ts';\nimport 'c';\nimport type D from 'd';\nexport type { E } from 'e';\ntype F = typeof import('f');\n// import g from 'g';\nconst h = 'import i from \"i\"';"
		};
		expect(importsOf(file).map(({ line, specifier, typesOnly }) => [line, specifier, typesOnly])).toEqual([
			[1, './b.ts', false],
			[2, 'c', false],
			[3, 'd', true],
			[4, 'e', true],
			[5, 'f', true]
		]);
		expect(resolved('server/live/a.ts', '../basics/log.ts')).toBe('server/basics/log.ts');
		expect(resolved('src/ui/basics/A.svelte', '#server/basics/log.ts')).toBe('server/basics/log.ts');
		expect(resolved('src/ui/basics/A.svelte', 'yjs')).toBeUndefined();
	});
});
