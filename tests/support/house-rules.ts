import ts from 'typescript';
import packageJson from '../../package.json' with { type: 'json' };

/**
 * The rules of the house (README.md, "The rooms") as pure functions: files in, sentences out, one for each place where
 * a rule is broken, beginning with `path:line`. Long, because the rules share one reader of imports and are read
 * together; each stands alone under its heading word.
 */
export interface SourceFile {
	/** From the top of the repository, with `/`. */
	path: string;
	text: string;
}

/** A place where a rule does not hold, on purpose; one that is no longer needed is reported too. */
export interface Exception {
	path: string;
	/** What stands in the line. */
	line: string;
	because: string;
}

const words = ['basics', 'network', 'collaboration', 'visits', 'reviews', 'mentoring', 'library', 'progress'] as const;
const anyWord = words.join('|');

// ---- reading files

const isCode = (path: string) => /\.(ts|mts|js|mjs|svelte)$/.test(path);
const isTest = (path: string) => path.startsWith('tests/');
const isConfig = (path: string) => !path.includes('/');

const parsedFiles = new WeakMap<SourceFile, ts.SourceFile>();

/** The script of a file as a syntax tree. Of a component all but its scripts is blanked, so lines keep their numbers. */
function parsed(file: SourceFile): ts.SourceFile {
	const held = parsedFiles.get(file);
	if (held) return held;
	const text = file.path.endsWith('.svelte') ? scriptsOf(file.text) : file.text;
	const tree = ts.createSourceFile(file.path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
	parsedFiles.set(file, tree);
	return tree;
}

function scriptsOf(component: string): string {
	const blank = (text: string) => text.replace(/[^\n]/g, ' ');
	let kept = '';
	let upto = 0;
	for (const found of component.matchAll(/(<script\b[^>]*>)([\s\S]*?)<\/script>/g)) {
		const start = found.index + found[1]!.length;
		kept += blank(component.slice(upto, start)) + found[2]!;
		upto = start + found[2]!.length;
	}
	return kept + blank(component.slice(upto));
}

function eachNode(file: SourceFile, look: (node: ts.Node, line: number) => void): void {
	const tree = parsed(file);
	const walk = (node: ts.Node): void => {
		look(node, tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
		ts.forEachChild(node, walk);
	};
	ts.forEachChild(tree, walk);
}

function eachLine(file: SourceFile, look: (text: string, line: number) => void): void {
	file.text.split('\n').forEach((text, index) => look(text, index + 1));
}

interface Import {
	line: number;
	specifier: string;
	/** Erased as a whole. `import { type A }` is not: what is left of it still runs the other module. */
	typesOnly: boolean;
}

export function importsOf(file: SourceFile): Import[] {
	const found: Import[] = [];
	const add = (line: number, at: ts.Node | undefined, typesOnly: boolean) => {
		if (at && ts.isStringLiteralLike(at)) found.push({ line, specifier: at.text, typesOnly });
	};
	eachNode(file, (node, line) => {
		if (ts.isImportDeclaration(node)) {
			const clause = node.importClause;
			add(line, node.moduleSpecifier, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
		} else if (ts.isExportDeclaration(node)) add(line, node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
			add(line, node.arguments[0], false);
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(line, node.argument.literal, true);
	});
	return found;
}

const aliases = Object.entries(packageJson.imports).map(([from, to]) => [from.replace('*', ''), to.slice(2, -1)]);

/** Where an import leads: a path of ours, or `undefined` for a package. */
export function resolved(from: string, specifier: string): string | undefined {
	if (specifier.startsWith('.')) return joined(from.split('/').slice(0, -1), specifier);
	for (const [alias, folder] of aliases)
		if (specifier.startsWith(alias!)) return joined(folder!.split('/').filter(Boolean), specifier.slice(alias!.length));
	return undefined;
}

function joined(folder: string[], specifier: string): string {
	const parts = [...folder];
	for (const part of specifier.split('/'))
		if (part === '..') parts.pop();
		else if (part !== '.') parts.push(part);
	return parts.join('/');
}

/** Kit writes `$types` beside each route; there is no such file to find. */
const isGenerated = (path: string) => path.endsWith('/$types');

function without(broken: string[], exceptions: Exception[], files: SourceFile[]): string[] {
	const used = new Set<Exception>();
	const left = broken.filter((sentence) => {
		const [path, line] = sentence.slice(0, sentence.indexOf(' ')).split(':');
		const text = files.find((file) => file.path === path)?.text.split('\n')[Number(line) - 1] ?? '';
		const fits = exceptions.find((one) => one.path === path && text.includes(one.line));
		if (fits) used.add(fits);
		return !fits;
	});
	const unused = exceptions.filter((one) => !used.has(one));
	return [...left, ...unused.map((one) => `${one.path}:1 the exception for "${one.line}" is no longer needed`)];
}

// ---- rooms

interface Room {
	name: string;
	holds: RegExp;
	/** Rooms whose values may be taken; types are included. */
	from: string[];
	/** Rooms of which only types may be taken. */
	typesFrom?: string[];
	/** Packages, where not every one is allowed. */
	packages?: RegExp;
}

const everyRoom = ['domain', 'messages', 'live', 'ui', 'routes', 'running', 'word', 'env', 'backend', 'door', 'db'];

/** Who may take values from whom. The first room that holds a path is its room. */
const rooms: Room[] = [
	{ name: 'domain', holds: /^src\/domain\//, from: ['domain'], packages: /^(zod|yjs|lib0|y-protocols)(\/|$)/ },
	{ name: 'messages', holds: /^src\/messages\//, from: ['domain', 'messages'], packages: /^$/ },
	{
		name: 'live',
		holds: /^src\/live\//,
		from: ['domain', 'live'],
		packages: /^(svelte|socket\.io-client|idb|yjs|lib0|y-protocols)(\/|$)/
	},
	{ name: 'ui', holds: /^src\/ui\//, from: ['domain', 'messages', 'live', 'ui'], packages: /^(?!node:)/ },
	// The one bridge: routes reach the backend through locals, and only hooks put it there.
	{ name: 'running', holds: /^src\/running\.ts$/, from: [], typesFrom: ['backend'], packages: /^$/ },
	{
		name: 'hooks',
		holds: /^src\/hooks\./,
		from: ['domain', 'messages', 'live', 'ui', 'routes', 'running'],
		typesFrom: ['word', 'env', 'backend', 'door']
	},
	{
		name: 'routes',
		holds: /^src\/(routes\/|service-worker\b|app\.)/,
		from: ['domain', 'messages', 'live', 'ui', 'routes'],
		typesFrom: ['word', 'env', 'backend', 'door']
	},
	{
		name: 'word',
		holds: new RegExp(`^server/(${anyWord})/`),
		from: ['domain', 'messages', 'word'],
		typesFrom: ['env', 'backend']
	},
	// Where the project lies is asked before there is an environment.
	{ name: 'env', holds: /^server\/env\.ts$/, from: ['word'] },
	{ name: 'backend', holds: /^server\/backend\.ts$/, from: ['domain', 'messages', 'word', 'env'] },
	{
		name: 'backend',
		holds: /^server\/opening\.ts$/,
		from: ['domain', 'messages', 'word', 'env', 'backend', 'db']
	},
	{ name: 'door', holds: /^server\/commands\//, from: ['domain', 'messages', 'word', 'env', 'backend', 'door', 'db'] },
	{
		name: 'door',
		holds: /^server\/(main|dev)\.ts$/,
		from: ['domain', 'messages', 'word', 'env', 'backend', 'door', 'running']
	},
	{ name: 'door', holds: /^server\//, from: ['domain', 'messages', 'word', 'env', 'backend', 'door'] },
	{ name: 'db', holds: /^db\//, from: ['db'] },
	{ name: 'tests', holds: /^tests\//, from: [...everyRoom, 'hooks', 'tests', 'config'] },
	{ name: 'config', holds: /^[^/]+$/, from: ['config', 'door'] }
];

const roomOf = (path: string) => rooms.find((room) => room.holds.test(path));

/** A room takes values only from the rooms named for it, and types from a few more. */
export function roomRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files.filter(({ path }) => isCode(path))) {
		const room = roomOf(file.path);
		if (!room) {
			broken.push(`${file.path}:1 lies in no room`);
			continue;
		}
		for (const { line, specifier, typesOnly } of importsOf(file)) {
			const target = resolved(file.path, specifier);
			if (target !== undefined && isGenerated(target)) continue;
			const say = (what: string) => broken.push(`${file.path}:${line} ${what}`);
			if (target === undefined) {
				if (room.packages && !room.packages.test(specifier))
					say(`${room.name} may not import the package "${specifier}"`);
				continue;
			}
			const its = roomOf(target);
			if (!its) say(`imports "${specifier}", which lies in no room`);
			else if (room.from.includes(its.name)) continue;
			else if (!room.typesFrom?.includes(its.name)) say(`${room.name} may not import ${its.name} (${target})`);
			else if (!typesOnly) say(`${room.name} may take only types from ${its.name} (${target}): write "import type"`);
		}
	}
	return broken;
}

// ---- words

const wordOf = (path: string) =>
	new RegExp(`^(?:src/domain|server|src/ui)/(${anyWord})/`).exec(path)?.[1] as (typeof words)[number] | undefined;

/** A word looks left, never right; also for types. */
export function wordRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files.filter(({ path }) => isCode(path))) {
		const own = wordOf(file.path);
		if (!own) continue;
		for (const { line, specifier } of importsOf(file)) {
			const its = wordOf(resolved(file.path, specifier) ?? '');
			if (its && words.indexOf(its) > words.indexOf(own))
				broken.push(`${file.path}:${line} ${own} looks right, to ${its} ("${specifier}")`);
		}
	}
	return broken;
}

// ---- SQL

const isSqlFile = (path: string) => path.endsWith('.sql.ts');
const sqlTags = new Set(['sql', 'tx', 'db']);
const startsAsSql = /^\s*(select|insert|update|delete|with|create|alter|drop|copy|truncate)\b/i;
/** A plain text reads as SQL only with the second word that a sentence for people would not have there. */
const isPlainlySql =
	/^\s*(select\b[\s\S]+\bfrom\b|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|with\s+\w+\s+as\s*\(|(create|alter|drop)\s+(table|schema|index|view|database|role|function|extension)\b|copy\s+\S+\s+(from|to)\b|truncate\s+(table\s+)?\w+\.)/i;

function templateText(template: ts.TemplateLiteral): string {
	return ts.isNoSubstitutionTemplateLiteral(template)
		? template.text
		: template.head.text + template.templateSpans.map((span) => `\${}${span.literal.text}`).join('');
}

/** SQL stands in `*.sql.ts`; tests may hold some. */
export function sqlRule(files: SourceFile[], exceptions: Exception[] = []): string[] {
	const broken: string[] = [];
	for (const file of files) {
		if (!isCode(file.path) || isSqlFile(file.path) || isTest(file.path)) continue;
		eachNode(file, (node, line) => {
			const say = (what: string) => broken.push(`${file.path}:${line} ${what} outside *.sql.ts`);
			if (ts.isTaggedTemplateExpression(node)) {
				const tag = ts.isIdentifier(node.tag) ? node.tag.text : '';
				if (sqlTags.has(tag) || startsAsSql.test(templateText(node.template))) say(`a statement tagged "${tag}"`);
			} else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
				if (node.expression.name.text === 'unsafe') say('a call of unsafe()');
			} else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
				if (ts.isTaggedTemplateExpression(node.parent)) return;
				if (isPlainlySql.test(ts.isTemplateExpression(node) ? templateText(node) : node.text))
					say('a statement as text');
			}
		});
	}
	return without(broken, exceptions, files);
}

/** A word's SQL writes its own schema and reads that and those to its left. */
export function schemaRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files) {
		const own = isSqlFile(file.path) ? wordOf(file.path) : undefined;
		if (!own || !file.path.startsWith('server/')) continue;
		eachNode(file, (node, line) => {
			if (!ts.isTaggedTemplateExpression(node)) return;
			const text = templateText(node.template).replace(/--[^\n]*/g, '');
			for (const found of text.matchAll(new RegExp(`(\\w+\\s+)?\\b(${anyWord})\\.(\\w+)`, 'gi'))) {
				const [, before = '', schema = '', table = ''] = found;
				const at = line + text.slice(0, found.index).split('\n').length - 1;
				const say = (what: string) => broken.push(`${file.path}:${at} ${own} ${what} ${schema}.${table}`);
				const writes = /^(into|update|truncate|table|copy)\s/i.test(before) || isDeleted(text, found.index);
				if (writes && schema !== own) say('writes');
				else if (words.indexOf(schema as typeof own) > words.indexOf(own)) say('reads to its right:');
			}
		});
	}
	return broken;
}

const isDeleted = (text: string, at: number) => /\bdelete\s+$/i.test(text.slice(0, at));

// ---- environment

/** `process.env` is read in server/env.ts; tests and configs may. */
export function environmentRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files) {
		if (!isCode(file.path) || isTest(file.path) || isConfig(file.path) || file.path === 'server/env.ts') continue;
		if (!/process|env/.test(file.text)) continue;
		const say = (line: number) => broken.push(`${file.path}:${line} reads the environment outside server/env.ts`);
		const isProcess = (node: ts.Node | undefined) => !!node && ts.isIdentifier(node) && node.text === 'process';
		eachNode(file, (node, line) => {
			if (ts.isPropertyAccessExpression(node) && isProcess(node.expression) && node.name.text === 'env') say(line);
			else if (ts.isElementAccessExpression(node) && isProcess(node.expression)) say(line);
			else if (ts.isVariableDeclaration(node) && isProcess(node.initializer)) say(line);
		});
		for (const { line, specifier } of importsOf(file))
			if (/^((node:)?process$|\$env\/|\$app\/env)/.test(specifier)) say(line);
	}
	return broken;
}

// ---- names

const buckets =
	/(^|\/)(utils?|helpers?|commons?|types?|constants?|index|misc|lib)(\.svelte)?(\.(ts|mts|js|mjs|svelte)$|\/)/;

/** No file or folder that is named for being a bucket, and none that only hands on what others export. */
export function bucketRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files.filter(({ path }) => isCode(path))) {
		if (buckets.test(file.path)) broken.push(`${file.path}:1 is a bucket: name it for its subject`);
		const { statements } = parsed(file);
		if (
			statements.some(ts.isExportDeclaration) &&
			statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement))
		)
			broken.push(`${file.path}:1 is a barrel: import from where a thing is`);
	}
	return broken;
}

/** What the top of the repository may hold: what one reads first, and what tools insist on. */
const topLevel = new Set([
	'README.md',
	'package.json',
	'svelte.config.js',
	'src',
	'server',
	'db',
	'static',
	'tests',
	'package-lock.json',
	'vite.config.ts',
	'tsconfig.json',
	'eslint.config.js',
	'.prettierrc',
	'.prettierignore',
	'.gitignore',
	'.ci',
	'knip.json'
]);

export function topRule(paths: string[]): string[] {
	const names = new Set(paths.map((path) => path.split('/')[0]!));
	return [...names].filter((name) => !topLevel.has(name)).map((name) => `${name}:1 is not agreed for the top level`);
}

// ---- messages

type Message = string | { declarations?: string[]; match?: Record<string, string> }[];
type Messages = Record<string, Message>;

function placeholdersOf(message: Message): string {
	const texts =
		typeof message === 'string' ? [message] : message.flatMap((variant) => Object.values(variant.match ?? {}));
	const names = texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!));
	return [...new Set(names)].sort().join(', ');
}

const isSaid = (message: Message) =>
	typeof message === 'string' ? message.trim() !== '' : placeholdersOf(message) !== '' || message.length > 0;

/** Every language says the same things with the same gaps, and English says nothing that nobody asks for. */
export function messageRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	const held = new Map<string, Map<string, SourceFile>>();
	for (const file of files) {
		const [, language, name] = /^src\/messages\/([a-z]{2})\/(\w+)\.json$/.exec(file.path) ?? [];
		if (!language || !name) continue;
		held.set(language, (held.get(language) ?? new Map<string, SourceFile>()).set(name, file));
	}
	const english = held.get('en') ?? new Map<string, SourceFile>();
	const asked = new Set(
		files
			.filter(({ path }) => isCode(path) && /^(src|server)\//.test(path))
			.flatMap(({ text }) => [...text.matchAll(/\bm\.(\w+)/g)].map((found) => found[1]!))
	);
	for (const [name, file] of english) {
		const messages = JSON.parse(file.text) as Messages;
		for (const key of Object.keys(messages)) {
			if (!key.startsWith(`${name}_`)) broken.push(`${where(file, key)} does not begin with its word, ${name}`);
			if (!asked.has(key)) broken.push(`${where(file, key)} is said nowhere`);
		}
		for (const [language, others] of held) {
			const other = others.get(name);
			if (!other) {
				broken.push(`src/messages/${language}/${name}.json:1 is missing`);
				continue;
			}
			const theirs = JSON.parse(other.text) as Messages;
			for (const key of new Set([...Object.keys(messages), ...Object.keys(theirs)])) {
				const [ours, its] = [messages[key], theirs[key]];
				if (ours === undefined) broken.push(`${where(other, key)} is not in English`);
				else if (its === undefined) broken.push(`${other.path}:1 lacks ${key}`);
				else if (!isSaid(its)) broken.push(`${where(other, key)} is empty`);
				else if (placeholdersOf(ours) !== placeholdersOf(its))
					broken.push(`${where(other, key)} has the gaps {${placeholdersOf(its)}}, not {${placeholdersOf(ours)}}`);
			}
		}
	}
	for (const [language, others] of held)
		for (const [name, file] of others)
			if (!english.has(name)) broken.push(`${file.path}:1 is in ${language} and not in English`);
	return broken;
}

function where(file: SourceFile, key: string): string {
	const line = file.text.split('\n').findIndex((text) => text.includes(`"${key}"`)) + 1;
	return `${file.path}:${line} ${key}`;
}

// ---- cycles

/** No file takes values, over however many others, from itself. */
export function cycleRule(files: SourceFile[]): string[] {
	const byPath = new Map(files.filter(({ path }) => isCode(path)).map((file) => [file.path, file]));
	const next = new Map<string, { path: string; line: number }[]>();
	for (const [path, file] of byPath)
		next.set(
			path,
			importsOf(file)
				.filter((one) => !one.typesOnly)
				.map((one) => ({ path: resolved(path, one.specifier) ?? '', line: one.line }))
				.filter((one) => byPath.has(one.path))
		);
	const done = new Set<string>();
	const broken: string[] = [];
	const walk = (path: string, way: string[]): void => {
		if (done.has(path)) return;
		for (const { path: target, line } of next.get(path) ?? []) {
			const start = [...way, path].indexOf(target);
			if (start >= 0)
				broken.push(`${path}:${line} closes a circle: ${[...way, path].slice(start).join(' → ')} → ${target}`);
			else walk(target, [...way, path]);
		}
		done.add(path);
	};
	for (const path of byPath.keys()) walk(path, []);
	return broken;
}

// ---- purity

/** The domain has no clock and no chance: both are handed in. */
export function purityRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files) {
		if (!isCode(file.path) || !file.path.startsWith('src/domain/')) continue;
		eachNode(file, (node, line) => {
			const say = (what: string) => broken.push(`${file.path}:${line} ${what} in the domain: have it handed in`);
			if (ts.isPropertyAccessExpression(node)) {
				const called = node.getText();
				if (/^(Date|performance)\.now$/.test(called) || called === 'Math.random') say(called);
			} else if (ts.isIdentifier(node) && /^(randomUUID|getRandomValues|setTimeout|setInterval)$/.test(node.text))
				say(node.text);
			else if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
				say('new Date()');
			else if (ts.isCallExpression(node) && node.expression.getText() === 'Date') say('Date()');
		});
	}
	return broken;
}

// ---- silence

/** In two pieces, so that it does not find itself. */
const switchedOff = new RegExp(['(//|/?\\*|<!--)\\s*eslint', 'disable\\S*(.*)'].join('-'));

/** Neither raw HTML nor switched-off checks, unless a lint rule is switched off with a reason behind `--`. */
export function silenceRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	for (const file of files.filter(({ path }) => isCode(path))) {
		eachLine(file, (text, line) => {
			const say = (what: string) => broken.push(`${file.path}:${line} ${what}`);
			if (/[{]@html\b/.test(text)) say('renders text as HTML');
			if (/(\/\/|\/?\*|<!--)\s*@ts-(ignore|nocheck)\b/.test(text)) say('switches off the type check');
			const off = switchedOff.exec(text);
			if (off && !/\s--\s+\p{L}/u.test(off[2]!)) say('switches off a lint rule without a reason');
		});
	}
	return broken;
}

// ---- addresses

/** No package registry and no folder of the machine it was written on. */
export function addressRule(files: SourceFile[]): string[] {
	const broken: string[] = [];
	const registry = /registry\.(npmjs\.org|yarnpkg\.com|npmmirror\.com)|npm\.pkg\.github\.com|"resolved":\s*"https?:/;
	for (const file of files)
		eachLine(file, (text, line) => {
			if (registry.test(text)) broken.push(`${file.path}:${line} names a package registry`);
			if (/(?<![\w)\]])\/work\//.test(text)) broken.push(`${file.path}:${line} names a folder of one machine`);
		});
	return broken;
}
