import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { schemaVersion } from '#domain/collaboration/wire.ts';
import { type RouteDoor, routeDoors } from '#domain/network/doors.ts';
import { seedId } from '#db/seed/id.ts';
import { connect, type Sql } from '#server/basics/database.ts';
import { signedInAs, testBackend, until } from '../support/backend.ts';
import { freshDatabase } from '../support/database.ts';
import {
	allSettled,
	browser,
	fillIn,
	freshPlan,
	logOf,
	replayed,
	seeded,
	writer,
	type Writer
} from '../support/sockets.ts';

const root = path.join(import.meta.dirname, '../..');
const main = path.join(root, 'build/server/main.js');

const mentor = 'mentor@mechelen.example';
const expert = 'expert@bologna.example';
const lead = 'lead@eurocities.example';
const everybody = [
	mentor,
	'deputy@mechelen.example',
	'mentee@capaci.example',
	'deputy@capaci.example',
	expert,
	lead,
	'admin@eurocities.example'
];

let databaseUrl: string;
let outside: Sql;
/** Plans to write in, and the tokens of everybody's browser: made before, because a backend here has a pool of its own. */
let plans: string[];
const tokens = new Map<string, string>();
const children = new Set<ChildProcess>();

beforeAll(async () => {
	if (!existsSync(main)) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'ignore' });
	databaseUrl = await freshDatabase();
	// The built server's clock is the real one: a session of another day would be over for it.
	const backend = await testBackend({ url: databaseUrl, clock: { now: () => new Date(), move: () => undefined } });
	plans = [];
	for (let made = 0; made < 4; made++) plans.push((await freshPlan(backend)).document);
	for (const email of everybody) tokens.set(email, (await signedInAs(backend, email)).token);
	await backend.close();
	outside = connect(databaseUrl, 'tests', 3);
}, 120_000);

afterAll(async () => {
	for (const child of children) child.kill('SIGKILL');
	await outside.end({ timeout: 5 });
});

interface Running {
	url: string;
	/** @returns the exit code; `null` when the signal ended it at once */
	end(signal: NodeJS.Signals): Promise<number | null>;
	signal(signal: NodeJS.Signals): void;
	output(): string;
}

/** The built server as a process of its own, on a port that it chooses. */
async function start(more: Record<string, string> = {}): Promise<Running> {
	const { PATH, HOME } = process.env;
	const env = { PATH, HOME, HOST: '127.0.0.1', PORT: '0', DATABASE_URL: databaseUrl, DEMO: 'no', ...more };
	const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	children.add(child);
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
	const exited = new Promise<number | null>((exit) => child.once('exit', exit));
	const url = await until(
		'the server is ready',
		() => {
			if (child.exitCode !== null) throw new Error(`The server ended at once:\n${said}`);
			return /CityPeers is ready: (\S+)/.exec(said)?.[1];
		},
		20_000
	);
	return {
		url,
		signal: (signal) => void child.kill(signal),
		end(signal) {
			child.kill(signal);
			return exited;
		},
		output: () => said
	};
}

/** What the running server logged as its own fault. */
const faultsIn = (server: Running) =>
	server
		.output()
		.split('\n')
		.filter((line) => line.includes('"level":"error"'));

/** Several people who type without a pause, each word once, until told to stop. */
async function typists(url: string, document: string): Promise<{ writers: Writer[]; typed: string[]; stop(): void }> {
	const writers = await Promise.all(
		everybody.slice(0, 4).map((email) => writer({ url, token: tokens.get(email)!, document }))
	);
	const typed: string[] = [];
	const typing = setInterval(() => {
		for (const [index, who] of writers.entries()) {
			const word = `word-${index}-${typed.length}.`;
			typed.push(word);
			who.type(word);
		}
	}, 4);
	return { writers, typed, stop: () => clearInterval(typing) };
}

const acknowledgedBy = (writers: Writer[]) => writers.flatMap((who) => who.acknowledged);

/** Everything that was acknowledged stands in the log under its number; nothing stands there twice. */
async function allKept(writers: Writer[], document: string): Promise<void> {
	const log = await logOf(outside, document);
	const stored = new Map(log.map((row) => [row.message, row.seq]));
	expect(stored.size).toBe(log.length);
	expect(acknowledgedBy(writers).filter(({ message, seq }) => stored.get(message) !== seq)).toEqual([]);
}

/** After coming back, everybody has all words, each once. */
async function nothingLost({ writers, typed }: { writers: Writer[]; typed: string[] }, url: string, document: string) {
	await Promise.all(writers.map((who) => who.connect({ url })));
	await allSettled(outside, writers, 20_000);
	await allKept(writers, document);
	const words = await replayed(outside, document);
	expect(writers.map((who) => who.words)).toEqual(writers.map(() => words));
	const found = words.match(/word-\d+-\d+\./g) ?? [];
	expect([...found].sort()).toEqual([...typed].sort());
}

describe('a server that ends while people type', () => {
	test('loses nothing it had acknowledged when it is killed, and the next one gets the rest', async () => {
		const document = plans[0]!;
		const first = await start();
		const typing = await typists(first.url, document);
		await until('much is acknowledged', () => acknowledgedBy(typing.writers).length >= 400, 15_000);
		await first.end('SIGKILL');
		await until('all noticed', () => typing.writers.every((who) => !who.joined));
		typing.stop();
		expect(typing.writers.some((who) => who.outbox.length > 0)).toBe(true);
		await allKept(typing.writers, document);
		const second = await start();
		await nothingLost(typing, second.url, document);
		expect(await second.end('SIGTERM')).toBe(0);
	}, 60_000);

	test('finishes within ten seconds when asked to, and the next one gets the rest', async () => {
		const document = plans[1]!;
		const first = await start();
		const typing = await typists(first.url, document);
		await until('much is acknowledged', () => acknowledgedBy(typing.writers).length >= 400, 15_000);
		const asked = Date.now();
		expect(await first.end('SIGTERM')).toBe(0);
		expect(Date.now() - asked).toBeLessThan(10_000);
		await until('all noticed', () => typing.writers.every((who) => !who.joined));
		typing.stop();
		expect(first.output()).toContain('Stopped.');
		expect(faultsIn(first)).toEqual([]);
		await allKept(typing.writers, document);
		const second = await start();
		await nothingLost(typing, second.url, document);
		expect(await second.end('SIGTERM')).toBe(0);
	}, 60_000);
});

/** What a page, an action or an endpoint answered. */
interface Answer {
	status: number;
	body: string;
	location: string | null;
}

async function knock(
	server: Running,
	address: string,
	{ as, origin = server.url, ...init }: { as?: string; origin?: string | null } & RequestInit = {}
): Promise<Answer> {
	const headers = new Headers(init.headers);
	const token = as === undefined ? undefined : (tokens.get(as) ?? as);
	if (token) headers.set('cookie', `session=${token}`);
	if (origin !== null) headers.set('origin', origin);
	if (!headers.has('accept')) headers.set('accept', 'text/html');
	const answer = await fetch(`${server.url}${address}`, { redirect: 'manual', ...init, headers });
	return { status: answer.status, body: await answer.text(), location: answer.headers.get('location') };
}

const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });

/** A request on a connection of its own, of which the last bytes are held back. */
async function halfARequest({ url }: Running, bytes: string): Promise<{ socket: Socket; answer(): string }> {
	const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
	let said = '';
	socket.on('data', (text) => (said += text.toString()));
	await new Promise<void>((connected, failed) => socket.once('connect', connected).once('error', failed));
	await new Promise((sent) => socket.write(bytes, sent));
	return { socket, answer: () => said };
}

describe('the built server', () => {
	let server: Running;
	beforeAll(async () => {
		server = await start();
	}, 60_000);

	test('serves pages and sockets from one pool, and hands what a form did to the sockets', async () => {
		const programme = { topic: `programme:${seedId('programme', 'working-groups')}` };
		const hearing = await browser({ url: server.url, token: tokens.get(lead)! });
		expect(await hearing.ask('topic:join', programme)).toEqual({ ok: true });

		const started = await knock(server, `/reviews/${seedId('review', 'munich')}?/start`, {
			as: expert,
			...form({ form: 'F9', session: seedId('session', 'munich', 'opening') })
		});
		expect(started.status).toBe(303);
		const noteId = /^\/reviews\/notes\/([0-9a-f-]{36})$/.exec(started.location ?? '')?.[1];
		const [note] = await outside<{ document: string; form: never }[]>`
			select d.id as document, t.definition as form from collaboration.documents d
			join reviews.notes n on n.id = d.subject_id join basics.form_templates t on t.id = n.template_id
			where d.subject_id = ${noteId!}`;
		const author = await writer({ url: server.url, token: tokens.get(expert)!, document: note!.document });
		fillIn(author.doc, note!.form);
		await until('the answers are stored', () => author.settled);
		expect(hearing.heard('topic')).toEqual([]);
		const sent = await knock(server, `/reviews/notes/${noteId}?/send`, {
			as: expert,
			...form({ seq: `${author.seq}` })
		});
		expect(sent.status).toBe(200);
		await until('the lead hears of it', () => hearing.heard('topic').length > 0, 2_000);
		await until('the author’s tab is told', () => author.whyNot === 'frozen', 2_000);

		// More at once than one pool has connections, through both doors.
		const tabs = await Promise.all(
			Array.from({ length: 4 }, () => browser({ url: server.url, token: tokens.get(lead)! }))
		);
		const plan = {
			document: seedId('document', 'plan', 'mechelen-capaci'),
			epoch: null,
			since: 0,
			schema: schemaVersion
		};
		const admin = await browser({ url: server.url, token: tokens.get('admin@eurocities.example')! });
		await Promise.all([
			...Array.from({ length: 60 }, () => knock(server, '/progress', { as: lead })),
			...Array.from({ length: 60 }, () => admin.ask('document:join', plan)),
			...tabs.flatMap((tab) => Array.from({ length: 15 }, () => tab.ask('document:join', plan)))
		]);
		const pools = await outside<{ name: string; connections: number }[]>`
			select application_name as name, count(*)::int as connections from pg_stat_activity
			where datname = current_database() and application_name like 'citypeers%' group by 1 order by 1`;
		expect(pools.map((pool) => pool.name)).toEqual(['citypeers', 'citypeers jobs']);
		// Twelve of the pool, and the one that listens.
		expect(pools[0]!.connections).toBeLessThanOrEqual(13);
		expect(pools[0]!.connections).toBeGreaterThan(6);
		for (const tab of [hearing, admin, ...tabs, author.tab!]) tab.close();
	});

	test('outlives a packet nested deeper than any log could write', async () => {
		const tab = await browser({ url: server.url, token: tokens.get(mentor)! });
		const { engine } = tab.socket.io as unknown as { engine: { write(frame: string): void } };
		for (const event of ['error', 'document:join', 'nothing'])
			engine.write(`2["${event}",${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}]`);
		await until('the connection ended', () => !tab.socket.connected);
		const next = await browser({ url: server.url, token: tokens.get(mentor)! });
		expect(next.socket.connected).toBe(true);
		next.close();
	});

	test('refuses a page of another site, over sockets and over forms', async () => {
		const token = tokens.get(mentor)!;
		await expect(browser({ url: server.url, token, origin: 'https://evil.example' })).rejects.toThrow();
		await expect(browser({ url: server.url, token, origin: null })).rejects.toThrow();
		const types = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'];
		const addresses = [
			'/language',
			'/account?/signOut',
			`/reviews/${seedId('review', 'munich')}?/start`,
			'/account/data'
		];
		const answers = await Promise.all(
			[
				'https://evil.example',
				'null',
				null,
				server.url.replace('http:', 'https:'),
				`${server.url}.evil.example`
			].flatMap((origin) =>
				addresses.flatMap((address) =>
					types.map((type) =>
						knock(server, address, {
							as: expert,
							origin,
							method: 'POST',
							headers: { 'content-type': type },
							body: 'language=de'
						})
					)
				)
			)
		);
		expect([...new Set(answers.map((answer) => answer.status))]).toEqual([403]);
		expect((await knock(server, '/account', { as: expert })).status).toBe(200);
	});

	/** What only whoever runs the server may see. */
	const stackTrace = /(\n|\\n) +at \S.*:\d+:\d+|node_modules|TypeError|PostgresError/;
	const parameter = /\[(\w+)\]/g;
	const pathOf = (route: string, value: string) =>
		route
			.replace(/\/\([a-z]+\)/g, '')
			.replaceAll(parameter, (_all, name: string) => (name === 'kind' ? 'review' : value)) || '/';
	const doors = Object.entries(routeDoors) as [string, RouteDoor][];
	/** Ids that are none, as a typo, a crawler or an attacker writes them. */
	const noIds = [
		'x',
		'0',
		'undefined',
		'%00',
		'a%00b',
		'%F0%9F%92%A9',
		'..%2f..%2fetc%2fpasswd',
		"'%20or%201=1--",
		'x'.repeat(2_000),
		seedId('review', 'munich').toUpperCase(),
		`${seedId('review', 'munich')}%0A`,
		randomUUID()
	];

	test.each(doors.filter(([route, door]) => door.kind === 'page' && /\[(?!token|link)/.test(route)))(
		'%s with an id that is none is not there',
		async (route) => {
			const statuses = await Promise.all(
				noIds.map(async (id) => [id, (await knock(server, pathOf(route, id), { as: lead })).status])
			);
			expect(statuses).toEqual(noIds.map((id) => [id, 404]));
		}
	);

	test('addresses that are none, and strange words in the query, are answered as such', async () => {
		const addresses = [
			'/%E0%A4%A',
			'/%00',
			'//evil.example',
			'/progress/search?words=%00',
			'/progress/search?words=%ED%A0%80&words=x',
			`/progress/search?words=${'x'.repeat(8_000)}`,
			'/network/people?words=%00&page=-1',
			'/network/people?page=99999999999999999999',
			'/network/cities?words=%00&country=%00',
			'/network/audit?before=1e99',
			'/sign-in?to=//evil.example',
			'/reviews/__data.json',
			'/progress/__data.json?x-sveltekit-invalidated=%00'
		];
		for (const as of [undefined, lead, 'admin@eurocities.example', 'no.token']) {
			const answers = await Promise.all(
				addresses.map(async (address) => [address, (await knock(server, address, as ? { as } : {})).status] as const)
			);
			expect(answers.filter(([, status]) => status >= 500)).toEqual([]);
		}
	});

	/** Bodies that no form of ours sends. */
	const random = seeded(7);
	const bodies: [type: string | null, body: BodyInit | null][] = [
		['application/x-www-form-urlencoded', null],
		['application/x-www-form-urlencoded', '%&=&%00=%00&__proto__=x&email=%ff&to=%00&session=%00&form=%00'],
		['application/x-www-form-urlencoded', `email=${'x'.repeat(20_000)}`],
		['application/x-www-form-urlencoded', 'email=a%00b@c.example&name=%00&role=%00&secret=%00&code=%00&seq=1e99&to=x'],
		['application/x-www-form-urlencoded', random.bytes(300)],
		['multipart/form-data; boundary=here', '--here\r\nContent-Disposition: form-data; name="email"\r\n\r\nno end'],
		['multipart/form-data', 'without a boundary'],
		[
			'multipart/form-data; boundary=here',
			'--here\r\nContent-Disposition: form-data; name="email"; filename="x"\r\n\r\nx\r\n--here--\r\n'
		],
		['application/json', '{"email": ["x"]}'],
		['application/json', '{'],
		['text/plain', 'email=x'],
		['image/png', random.bytes(200)],
		['\u00e4/b', 'x'],
		[null, random.bytes(50)]
	];

	test.each(doors)('%s answers garbage with a word, never with a fault', async (route, door) => {
		const actions = Object.keys(door.actions ?? {}).filter((name) => name !== 'signOut');
		const queries = [
			'',
			'?/nothing',
			'?/__proto__',
			...actions.filter((name) => /^[a-z]/.test(name)).map((name) => `?/${name}`)
		];
		const ids = [randomUUID(), '%00', seedId('review', 'munich'), seedId('programme', 'working-groups')];
		const requests = (route.includes('[') ? ids : ['']).flatMap((id) =>
			[undefined, lead].flatMap((as) => [
				...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
					address: pathOf(route, id),
					as,
					init: { method } as RequestInit
				})),
				...queries.flatMap((query) =>
					bodies.map(([type, body]) => ({
						address: pathOf(route, id) + query,
						as,
						init: {
							method: 'POST',
							body,
							...(type === null ? {} : { headers: { 'content-type': type } })
						} as RequestInit
					}))
				)
			])
		);
		const answers: string[] = [];
		const next = async (): Promise<void> => {
			for (let request = requests.pop(); request; request = requests.pop()) {
				const { address, as, init } = request;
				const name = `${init.method} ${address} as ${as ?? 'nobody'} with ${JSON.stringify(init.headers ?? null)}`;
				const answer = await knock(server, address, { ...init, ...(as ? { as } : {}) }).catch((fault: Error) => fault);
				if (answer instanceof Error) {
					// Some of these a client refuses to send.
					if (!/Invalid|invalid|ByteString/.test(String(answer.cause ?? answer)))
						answers.push(`${name}: ${answer.message}`);
				} else if (answer.status >= 500) answers.push(`${name}: ${answer.status}`);
				else if (stackTrace.test(answer.body)) answers.push(`${name}: a stack trace`);
			}
		};
		await Promise.all(Array.from({ length: 6 }, next));
		expect(answers).toEqual([]);
	});

	test('is not ready while the database is away, and is again when it is back', async () => {
		const health = async () => (await fetch(`${server.url}/healthz`)).status;
		expect(await health()).toBe(200);
		const heard = await browser({ url: server.url, token: tokens.get(mentor)! });
		const away = connect(inject('postgresUrl'), 'tests', 1);
		const name = new URL(databaseUrl).pathname.slice(1);
		await away.unsafe(`alter database ${name} allow_connections false`);
		await away`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
		await until('it says so', async () => (await health()) === 503);
		// Pages say so too, with a number and without a stack.
		const page = await knock(server, '/progress', { as: lead });
		expect(page.status).toBeGreaterThanOrEqual(500);
		expect(page.body).not.toMatch(stackTrace);
		await away.unsafe(`alter database ${name} allow_connections true`);
		await until('it is back', async () => (await health()) === 200, 20_000);

		// And the notices between processes are back as well: a session that ends is cut off.
		await until(
			'it listens again',
			async () => {
				const rows = await away`
				select from pg_stat_activity where datname = ${name} and query ilike 'listen%' and application_name = 'citypeers'`;
				return rows.length > 0;
			},
			20_000
		);
		await outside`delete from network.sessions where id = ${tokens.get(mentor)!.split('.')[0]!}`;
		await outside`select pg_notify('citypeers', ${JSON.stringify({ about: 'rights', people: [seedId('person', mentor)], from: 'a test' })})`;
		await until('the connection ended', () => !heard.socket.connected, 5_000);
		await away.end();
	}, 60_000);

	test('is not ready any more while it finishes', async () => {
		// One request that is under way, so that it has something to finish, and one that was begun before.
		const upload = await halfARequest(
			server,
			`POST /language HTTP/1.1\r\nHost: x\r\nOrigin: ${server.url}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nlang`
		);
		const health = await halfARequest(server, 'GET /healthz HTTP/1.1\r\nHost: x\r\n');
		server.signal('SIGTERM');
		await until('it finishes', () => server.output().includes('SIGTERM: finishing'));
		health.socket.write('\r\n');
		await until('it says so', () => health.answer().includes('not ready'));
		expect(health.answer()).toMatch(/^HTTP\/1\.1 503 /);
		upload.socket.write('uage=de');
		await until('what was under way is answered', () => upload.answer().includes('HTTP/1.1 303'));
		for (const { socket } of [upload, health]) socket.destroy();
		expect(await server.end('SIGTERM')).toBe(0);
		expect(faultsIn(server).filter((line) => !/CONNECTION|terminating|not currently accepting/.test(line))).toEqual([]);
	});
});
