import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import * as Y from 'yjs';
import { backUp, type Manifest } from '#server/basics/backup.ts';
import { schemas } from '#server/basics/backup.sql.ts';
import { connect, type Sql } from '#server/basics/database.ts';
import { addFile } from '#server/basics/files.sql.ts';
import { migrate, migrations } from '#server/basics/migrate.ts';
import { restore } from '#server/basics/restore.ts';
import { testBackend, until } from '../../support/backend.ts';
import { testDatabase } from '../../support/database.ts';
import { databaseUrl } from '../../support/postgres.ts';

const now = new Date('2026-11-22T10:00:00Z');
const project = path.resolve(import.meta.dirname, '../../..');
const trickyWords = [
	'\\N',
	'\\.',
	'tab\there, line\nthere, return\r\nand \\t \\n \\\\ as they stand',
	'',
	' ',
	'"quoted", \'too\', {in braces}, and $1',
	'Συνέντευξη με τη δημοτική αρχή, Αθήνα',
	'👩🏽‍🤝‍👨🏻 \u200bZażółć gęślą jaźń \u0001'
];

let folder: string;
/** What the tests' temporary folder must be again after each backup: empty. */
let temporary: string;
/** The demo network and the extra content, and its backup. */
let original: Sql;
let originalUrl: string;
let originalText: string;
let document: string;
let file: string;
let places = 0;

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'citypeers-backup-test-'));
	await chmod(folder, 0o755);
	temporary = path.join(folder, 'temporary');
	await mkdir(temporary);
	vi.stubEnv('TMPDIR', temporary);

	const { backend, sql, url, close } = await testBackend();
	const [plan] = await sql<{ id: string; person: string }[]>`
		select d.id, (select id from network.people order by email limit 1) as person
		from collaboration.documents d where kind = 'action-plan' order by d.id limit 1`;
	document = plan!.id;
	const doc = await replayed(sql);
	doc.clientID = 4_000_000_001;
	for (const words of trickyWords) {
		const before = Y.encodeStateVector(doc);
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(words)]);
		doc.getXmlFragment('body').push([paragraph]);
		const data = Y.encodeStateAsUpdate(doc, before);
		await backend.collaboration.storeUpdate({ personId: plan!.person }, { document, message: randomUUID(), data });
	}
	originalText = doc.getXmlFragment('body').toString();
	await close();

	original = connect(url, 'tests', 4);
	originalUrl = url;
	for (const [place, words] of trickyWords.entries()) {
		await original`
			insert into basics.mails (id, to_address, language, subject, body, created_at, next_try_at, sent_at, failure)
			values (${randomUUID()}, 'lead@munich.example', 'el', ${words}, ${words.repeat(3)}, now(), now(), now(),
				${place % 2 ? words : null})`;
		await original`
			insert into network.audit (at, act, subject_kind, subject_id, result, detail)
			values (now(), 'test', 'words', ${words}, 'done', ${original.json({ words: words.replaceAll('\u0001', '') })})`;
	}
	// Longer than anything that is read or sent in one piece, with every byte.
	for (const length of [1, 256, 100_000, 700_000]) {
		const data = Buffer.from(Uint8Array.from({ length }, (_, place) => (place * 7 + (place >> 8)) & 255));
		await addFile(original, {
			id: randomUUID(),
			subjectKind: 'note',
			subjectId: randomUUID(),
			name: `${trickyWords[6]}.bin`,
			mediaType: 'image/png',
			data,
			sha256: createHash('sha256').update(data).digest(),
			createdBy: plan!.person,
			at: now
		});
	}
	file = newFile();
	await backUp(original, file, now);
});

afterAll(async () => {
	await original.end({ timeout: 5 });
	vi.unstubAllEnvs();
	await rm(folder, { recursive: true, force: true });
});

describe('a backup', () => {
	test('is for its owner only, and leaves nothing beside it', async () => {
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
		expect(await readdir(temporary)).toEqual([]);
	});

	test('has every table of every schema that the migrations make', async () => {
		const made = (await migrations()).flatMap(({ text }) =>
			[...text.matchAll(/create schema (?:if not exists )?(\w+)/g)].map(([, name]) => name)
		);
		expect(made.sort()).toEqual([...schemas].sort());
		const { tables } = await manifestOf(file);
		const held = [...tables.map(({ name }) => name), 'basics.migrations'].sort();
		expect(held).toEqual(Object.keys(await digests(original)).sort());
	});

	test('is of one moment while people go on working', async () => {
		const busy = await testDatabase();
		const target = newFile();
		let written = 0;
		let done = false;
		const work = async () => {
			for (; !done; written++)
				await busy.begin(async (tx) => {
					await tx`insert into progress.activity select gen_random_uuid(), id, now(), 'test', '{}', 'x', id, '{}',
						'test' || ${written} from network.programmes limit 1`;
					await tx`insert into basics.settings values (${`test ${written}`}, '1')`;
				});
		};
		const [manifest] = await Promise.all([
			until('something is written', () => written > 0)
				.then(() => backUp(busy, target, now))
				.finally(() => (done = true)),
			work()
		]);
		const before = await manifestOf(file);
		const added = (name: string) => rowsOf(manifest, name) - rowsOf(before, name);
		expect(added('basics.settings')).toBeGreaterThan(0);
		expect(added('progress.activity')).toBe(added('basics.settings'));
	});

	test('does not write over a file, nor beside an unfinished one, nor into a folder that is not there', async () => {
		const there = newFile();
		await writeFile(there, 'mine');
		await expect(backUp(original, there, now)).rejects.toThrow(`${there} is there already.`);
		expect(await readFile(there, 'utf8')).toBe('mine');

		const begun = newFile();
		await writeFile(`${begun}.part`, 'begun');
		await expect(backUp(original, begun, now)).rejects.toThrow('another backup is being written');
		expect(await readFile(`${begun}.part`, 'utf8')).toBe('begun');

		const nowhere = path.join(folder, 'nowhere');
		await expect(backUp(original, path.join(nowhere, 'file'), now)).rejects.toThrow(
			`The folder ${nowhere} is not there.`
		);
	});

	test('that fails leaves nothing', async () => {
		const nothing = newFile();
		await expect(backUp((await emptyDatabase()).sql, nothing, now)).rejects.toThrow('nothing of CityPeers yet');
		const { sql } = await emptyDatabase({ limited: true });
		await migrate(sql);
		await sql`revoke select on network.audit from current_user`;
		await expect(backUp(sql, nothing, now)).rejects.toThrow('permission denied for table audit');
		await expect(stat(nothing)).rejects.toThrow('ENOENT');
		await expect(stat(`${nothing}.part`)).rejects.toThrow('ENOENT');
		expect(await readdir(temporary)).toEqual([]);
	});
});

describe('a restore', () => {
	test('gives every row of every table back, by a user who is no superuser', async () => {
		const { sql } = await emptyDatabase({ limited: true });
		const [me] = await sql<{ all: string }[]>`select current_setting('is_superuser') as all`;
		expect(me!.all).toBe('off');
		const manifest = await restore(sql, file);
		expect(rowsOf(manifest, 'basics.files')).toBe(4);
		expect(rowsOf(manifest, 'network.people')).toBe(85);
		expect(await rowsEverywhere(sql)).toEqual(await rowsEverywhere(original));
		expect(await ledgerOf(sql)).toEqual(await ledgerOf(original));
		expect(await sql`select tgname from pg_trigger where tgenabled <> 'O'`).toEqual([]);
		const words = await sql<{ subject: string }[]>`select subject from basics.mails where language = 'el'`;
		expect(words.map(({ subject }) => subject).sort()).toEqual(trickyWords.toSorted());
	});

	test('gives live documents back whose log says the same, and who wrote', async () => {
		const { sql, url } = await emptyDatabase();
		await restore(sql, file);
		const doc = await replayed(sql);
		expect(doc.getXmlFragment('body').toString()).toBe(originalText);
		expect(Y.encodeStateAsUpdate(doc)).toEqual(Y.encodeStateAsUpdate(await replayed(original)));

		const { backend } = await testBackend({ url });
		const [stranger] = await sql<{ id: string }[]>`select id from network.people order by email desc limit 1`;
		const other = new Y.Doc();
		other.clientID = 4_000_000_001;
		other.getText('x').insert(0, 'not mine');
		const data = Y.encodeStateAsUpdate(other);
		const store = (personId: string) =>
			backend.collaboration.storeUpdate({ personId }, { document, message: randomUUID(), data });
		await expect(store(stranger!.id)).rejects.toThrow('conflict');
	});

	test('goes on counting where the backup stood', async () => {
		const { sql } = await emptyDatabase();
		await restore(sql, file);
		const next = (db: Sql) => db<{ id: number }[]>`
			insert into network.audit (at, act, subject_kind, subject_id, result) values (now(), 'a', 'b', 'c', 'done')
			returning id`;
		const [last] = await original<{ id: number }[]>`select max(id) as id from network.audit`;
		expect((await next(sql))[0]!.id).toBe(last!.id + 1);

		const never = newFile();
		await backUp(await testDatabase({ seed: false }), never, now);
		const { sql: fresh } = await emptyDatabase();
		await restore(fresh, never);
		expect((await next(fresh))[0]!.id).toBe(1);
	});

	test('replaces what a first start made by itself', async () => {
		const sql = await testDatabase({ seed: false });
		await sql`insert into basics.settings values ('first-admin', '"secret"')`;
		await sql`insert into network.audit (at, act, subject_kind, subject_id, result) values (now(), 'a', 'b', 'c', 'done')`;
		await restore(sql, file);
		expect(await rowsEverywhere(sql)).toEqual(await rowsEverywhere(original));
	});

	test.each(['an empty database', 'one of today'])('brings an older backup into %s up to date', async (kind) => {
		const { sql: old } = await emptyDatabase();
		await migrate(old, '0003-collaboration.sql');
		await old`insert into network.people (id, name, email, language, time_zone, created_at)
			values (${randomUUID()}, 'Ada', 'ada@riga.example', 'lv', 'Europe/Riga', now())`;
		const older = newFile();
		await backUp(old, older, now);
		const sql = kind === 'one of today' ? await testDatabase({ seed: false }) : (await emptyDatabase()).sql;
		await restore(sql, older);
		expect(await sql`select name from network.people`).toEqual([{ name: 'Ada' }]);
		expect(await ledgerOf(sql)).toEqual(await ledgerOf(original));
		expect(Object.keys(await digests(sql))).toEqual(Object.keys(await digests(original)));
	});

	test('refuses a database that holds people, and one the application is connected to', async () => {
		const used = await testDatabase();
		const before = await digests(used);
		await expect(restore(used, file)).rejects.toThrow('This database holds people already.');
		expect(await digests(used)).toEqual(before);

		const running = await testBackend({ seed: false });
		const sql = connect(running.url, 'tests', 1);
		const held = await digests(sql);
		await expect(restore(sql, file)).rejects.toThrow('CityPeers is running on this database. Stop it');
		expect(await digests(sql)).toEqual(held);
		await sql.end();
	});

	test('refuses a database that a newer version made', async () => {
		const sql = await testDatabase({ seed: false });
		await sql`insert into basics.migrations (name, checksum) values ('9999-future.sql', 'x')`;
		await expect(restore(sql, file)).rejects.toThrow(
			'A newer version of CityPeers made this database: it has the migration 9999-future.sql.'
		);
	});
});

describe('a file that is not as it was written', () => {
	let sql: Sql;
	let whole: Buffer;
	let entries: TarEntry[];
	beforeAll(async () => {
		({ sql } = await emptyDatabase());
		await sql`create table public.mine as select 'kept' as note`;
		whole = await readFile(file);
		entries = await unpack(whole);
	});

	async function refusal(content: Buffer): Promise<string> {
		const target = newFile();
		await writeFile(target, content);
		const said = await restore(sql, target).then(
			() => 'restored',
			(fault: Error) => fault.message
		);
		// Nothing of ours is there, and what was there is.
		expect(Object.keys(await digests(sql))).toEqual(['public.mine']);
		return said;
	}

	test('is refused when it is cut short', async () => {
		const lengths = [10, 18, 200, 5_000, whole.length >> 1, whole.length - 9, whole.length - 8, whole.length - 1];
		for (const length of lengths)
			expect(await refusal(whole.subarray(0, length)), `${length}`).toContain('is damaged or cut short');
		expect(await refusal(Buffer.alloc(0))).toContain('damaged or cut short');
	});

	test('is refused when a byte has flipped', async () => {
		const steps = 23;
		for (let step = 0; step < steps; step++) {
			// Behind the ten bytes of gzip's own head, some of which mean nothing.
			const place = 10 + Math.floor(((whole.length - 11) * step) / (steps - 1));
			const flipped = Buffer.from(whole);
			flipped[place]! ^= 1 << (step % 8);
			expect(await refusal(flipped), `byte ${place}`).toMatch(/damaged|no backup|does not belong/);
		}
	});

	test('is refused when it is something else', async () => {
		expect(await refusal(Buffer.from('select 1'))).toContain('damaged');
		expect(await refusal(await repack([]))).toContain('is no backup of CityPeers');
		expect(await refusal(await repack([{ name: 'package.json', data: Buffer.from('{}') }]))).toContain('is no backup');
		expect(await refusal(await repack([{ name: 'manifest.json', data: Buffer.from('{"a":1}') }]))).toContain(
			'no backup'
		);
		expect(await refusal(await repack([{ name: 'manifest.json', data: Buffer.from('{') }]))).toContain('damaged');
		const huge = Buffer.alloc(5_000_000, ' ');
		expect(await refusal(await repack([{ name: 'manifest.json', data: huge }]))).toContain('is no backup');
		await expect(restore(sql, path.join(folder, 'nowhere'))).rejects.toThrow('is not there');
		await expect(restore(sql, folder)).rejects.toThrow('cannot be read (EISDIR)');
	});

	test('is refused with an entry that the manifest does not name, in an order that it does not, or without one', async () => {
		const data = Buffer.from('x');
		for (const name of ['../../evil', '/etc/passwd', 'basics.files.copy', 'network.people'])
			expect(await refusal(await repack([...entries, { name, data }]))).toContain('does not belong into a backup');
		const link: TarEntry = {
			name: 'basics.files.copy',
			data: Buffer.alloc(0),
			type: 'symlink',
			linkname: '/etc/passwd'
		};
		expect(await refusal(await repack(replaced('basics.files.copy', () => link)))).toContain('does not belong');
		const [manifest, first, second, ...rest] = entries;
		expect(await refusal(await repack([manifest!, second!, first!, ...rest]))).toContain('does not belong');
		expect(await refusal(await repack([first!, manifest!]))).toContain('is no backup');
		expect(await refusal(await repack([manifest!, first!]))).toContain('damaged');
	});

	test('is refused when rows were changed', async () => {
		const shout = (one: TarEntry) => ({ ...one, data: Buffer.from(one.data.toString().replace('munich', 'MUNICH')) });
		expect(await refusal(await repack(replaced('network.people.copy', shout)))).toContain('damaged');
		const longer = (one: TarEntry) => ({ ...one, data: Buffer.concat([one.data, one.data]) });
		expect(await refusal(await repack(replaced('network.people.copy', longer)))).toContain('damaged');
	});

	test('is refused when PostgreSQL does not take its rows, with what PostgreSQL says', async () => {
		// All of it is on its way before the refusal comes: a reference is looked at when the COPY ends.
		const lost = await forged('network.affiliations', (rows) => rows.replace(/^[0-9a-f]{8}/, '00000000'));
		expect(await refusal(lost)).toContain('violates foreign key constraint');
		// The refusal comes in the middle of what is sent.
		const broken = await forged('basics.files', (rows) => `not an id${rows.slice(36)}`);
		expect(await refusal(broken)).toContain('invalid input syntax for type uuid');
	});

	test('is refused when its manifest does not fit', async () => {
		const change = (edit: (manifest: Manifest) => unknown) =>
			repack(
				replaced('manifest.json', (one) => {
					const manifest = JSON.parse(one.data.toString()) as Manifest;
					edit(manifest);
					return { ...one, data: Buffer.from(JSON.stringify(manifest)) };
				})
			).then(refusal);
		expect(await change((manifest) => Object.assign(manifest, { format: 2, tables: 'otherwise' }))).toContain(
			'was made by a newer version of CityPeers: it has format 2, this one reads up to 1.'
		);
		expect(await change(({ migrations }) => migrations.push({ ...migrations[0]!, name: '9999-future.sql' }))).toContain(
			'newer version of CityPeers: this one does not know the migration 9999-future.sql.'
		);
		expect(await change(({ migrations }) => (migrations[1]!.checksum = '0'.repeat(64)))).toContain(
			'The migration 0002-network.sql is not the one the backup was made with.'
		);
		expect(await change(({ migrations }) => migrations.splice(1, 1))).toBe(
			'The backup was made without the migration 0002-network.sql.'
		);
		expect(await change(({ tables }) => (tables.at(-1)!.rows += 1))).toMatch(/rows of [a-z.]+, but \d+ were loaded/);
		expect(await change(({ tables }) => tables[3]!.columns.pop())).toContain('are not those that its migrations make');
		expect(await change(({ sequences }) => (sequences[0]!.name = 'public.mine'))).toContain('sequence public.mine');
		expect(await change(({ tables }) => (tables[0]!.name = 'x; drop table y'))).toContain('damaged');
	});

	function replaced(name: string, by: (one: TarEntry) => TarEntry): TarEntry[] {
		return entries.map((one) => (one.name === name ? by(one) : one));
	}

	/** Other rows, with a manifest that fits them. */
	function forged(table: string, edit: (rows: string) => string): Promise<Buffer> {
		const rows = Buffer.from(edit(entries.find(({ name }) => name === `${table}.copy`)!.data.toString()));
		const manifest = JSON.parse(entries[0]!.data.toString()) as Manifest;
		const held = manifest.tables.find(({ name }) => name === table)!;
		Object.assign(held, { bytes: rows.length, sha256: createHash('sha256').update(rows).digest('hex') });
		const others = replaced(`${table}.copy`, (one) => ({ ...one, data: rows })).slice(1);
		return repack([{ name: 'manifest.json', data: Buffer.from(JSON.stringify(manifest)) }, ...others]);
	}
});

describe('the commands', { timeout: 120_000 }, () => {
	let target: string;
	beforeEach(() => void (target = newFile()));

	test('work on the database of DATABASE_URL', async () => {
		const made = await run('backup', [target], { DATABASE_URL: originalUrl });
		expect(made).toMatchObject({ code: 0, err: '' });
		expect(made.out).toMatch(/^Wrote \d+ tables with [\d,]+ rows .* to .*\. It holds personal data: keep it safe\.\n$/);
		const { sql, url } = await emptyDatabase();
		const put = await run('restore', [target], { DATABASE_URL: url });
		expect(put).toMatchObject({ code: 0, err: '' });
		expect(put.out).toContain('Restored');
		expect(await rowsEverywhere(sql)).toEqual(await rowsEverywhere(original));
		expect(await run('restore', [target], { DATABASE_URL: url })).toEqual({
			code: 1,
			out: '',
			err: 'This database holds people already. Restore into a new one; nothing here was changed.\n'
		});
	});

	test('work on the embedded database', async () => {
		const data = path.join(folder, 'data');
		await mkdir(data, { mode: 0o755 });
		expect(await run('restore', [file], { DATA_DIR: data })).toMatchObject({ code: 0, err: '' });
		expect(await run('backup', [target], { DATA_DIR: data })).toMatchObject({ code: 0, err: '' });
		const { tables, sequences } = await manifestOf(target);
		const before = await manifestOf(file);
		expect(tables).toEqual(before.tables);
		expect(sequences).toEqual(before.sequences);
	});

	test('say what to do instead of showing a stack', async () => {
		for (const command of ['backup', 'restore']) {
			const help = await run(command, ['--help'], {});
			expect(help).toMatchObject({ code: 0, err: '' });
			expect(help.out).toContain(`npm run ${command} -- FILE`);
		}
		const refused = async (command: string, args: string[], env: Record<string, string> = {}) => {
			const { code, err } = await run(command, args, env);
			expect(code).toBe(1);
			expect(err).not.toMatch(/^\s+at /m);
			return err;
		};
		const nowhere = path.join(folder, 'nowhere/file');
		const closed = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
		expect(await refused('restore', [])).toContain('Name one file.');
		expect(await refused('backup', ['a', 'b'])).toContain('Name one file.');
		expect(await refused('restore', ['--force'])).toContain("Unknown option '--force'");
		expect(await refused('backup', [target], { DATABASE_URL: 'here' })).toContain('DATABASE_URL must be a PostgreSQL');
		expect(await refused('backup', [target], closed)).toContain('The database cannot be reached');
		expect(await refused('restore', [nowhere], closed)).toContain(`${nowhere} is not there.`);
	});

	test.each(['backup', 'restore'])('say so when the connection is lost during a %s', async (command) => {
		const { sql, url } = await emptyDatabase();
		await migrate(sql);
		const before = await digests(sql);
		await sql.begin(async (tx) => {
			await tx`lock table network.people in access exclusive mode`;
			const ended = run(command, [command === 'backup' ? target : file], { DATABASE_URL: url });
			await until(
				'the command waits for its turn',
				async () => {
					const waiting = await tx<{ pid: number }[]>`
					select pid from pg_locks where relation = 'network.people'::regclass and not granted`;
					for (const { pid } of waiting) await tx`select pg_terminate_backend(${pid})`;
					return waiting.length > 0;
				},
				30_000
			);
			const { code, err } = await ended;
			expect(code).toBe(1);
			expect(err).toMatch(/^(The database cannot be reached or has gone away|PostgreSQL says: terminating).*\n$/);
		});
		expect(await digests(sql)).toEqual(before);
		await expect(stat(`${target}.part`)).rejects.toThrow('ENOENT');
		expect(await readdir(temporary)).toEqual([]);
	});

	test('a backup that is interrupted leaves nothing', async () => {
		await original.begin(async (tx) => {
			await tx`lock table network.people in access exclusive mode`;
			const child = start('backup', [target], { DATABASE_URL: originalUrl });
			const ended = once(child, 'exit');
			await until(
				'the backup waits for its turn',
				async () => {
					const waiting = await tx`select from pg_locks where relation = 'network.people'::regclass and not granted`;
					return waiting.length > 0;
				},
				30_000
			);
			await stat(`${target}.part`);
			expect(await readdir(temporary)).toHaveLength(1);
			child.kill('SIGINT');
			expect(await ended).toEqual([130, null]);
		});
		await expect(stat(target)).rejects.toThrow('ENOENT');
		await expect(stat(`${target}.part`)).rejects.toThrow('ENOENT');
		expect(await readdir(temporary)).toEqual([]);
	});
});

function newFile(): string {
	return path.join(folder, `${++places}.citypeers`);
}

/** A database with nothing in it, gone after the tests of this file; `limited` makes its owner a user of its own. */
async function emptyDatabase({ limited = false } = {}): Promise<{ sql: Sql; url: string }> {
	const server = inject('postgresUrl');
	const name = `citypeers_${randomUUID().replaceAll('-', '')}`;
	const admin = connect(server, 'tests', 1);
	if (limited) await admin.unsafe(`create role ${name} login password '${name}'`);
	await admin.unsafe(`create database ${name}${limited ? ` owner ${name}` : ''}`);
	const address = new URL(databaseUrl(server, name));
	if (limited) address.username = address.password = name;
	const sql = connect(address.href, 'tests', 2);
	afterAll(async () => {
		await sql.end({ timeout: 5 });
		await admin.unsafe(`drop database if exists ${name} with (force)`);
		if (limited) await admin.unsafe(`drop role ${name}`);
		await admin.end();
	});
	return { sql, url: address.href };
}

/** How many rows every table has, and what they say, in any order. */
async function digests(sql: Sql): Promise<Record<string, { rows: number; words: string | null }>> {
	const tables = await sql<{ name: string }[]>`
		select table_schema || '.' || table_name as name from information_schema.tables
		where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`;
	const found: Record<string, { rows: number; words: string | null }> = {};
	for (const { name } of tables) {
		const [row] = await sql<{ rows: number; words: string | null }[]>`
			select count(*) as rows, md5(string_agg(md5(t::text), '' order by md5(t::text))) as words from ${sql(name)} t`;
		found[name] = row!;
	}
	return found;
}

/** All but the ledger of migrations, which says when they ran. */
async function rowsEverywhere(sql: Sql) {
	return { ...(await digests(sql)), 'basics.migrations': undefined };
}

const ledgerOf = async (sql: Sql) => [...(await sql`select name, checksum from basics.migrations order by name`)];

async function replayed(sql: Sql): Promise<Y.Doc> {
	const doc = new Y.Doc();
	const rows = await sql<{ data: Buffer }[]>`
		select data from collaboration.updates where document_id = ${document} order by seq`;
	for (const { data } of rows) Y.applyUpdate(doc, data);
	return doc;
}

interface TarEntry {
	name: string;
	data: Buffer;
	type?: 'file' | 'symlink';
	linkname?: string;
}

async function unpack(content: Buffer): Promise<TarEntry[]> {
	const archive = extract();
	archive.end(gunzipSync(content));
	const entries: TarEntry[] = [];
	for await (const entry of archive) {
		const chunks: Buffer[] = [];
		for await (const chunk of entry) chunks.push(chunk as Buffer);
		entries.push({ name: entry.header.name, data: Buffer.concat(chunks) });
	}
	return entries;
}

async function repack(entries: TarEntry[]): Promise<Buffer> {
	const archive = pack();
	for (const { data, ...header } of entries) archive.entry(header, data);
	archive.finalize();
	const chunks: Buffer[] = [];
	for await (const chunk of archive) chunks.push(chunk as Buffer);
	return gzipSync(Buffer.concat(chunks));
}

async function manifestOf(archive: string): Promise<Manifest> {
	const [manifest] = await unpack(await readFile(archive));
	return JSON.parse(manifest!.data.toString()) as Manifest;
}

function rowsOf({ tables }: Manifest, name: string): number {
	return tables.find((table) => table.name === name)!.rows;
}

function start(command: string, args: string[], env: Record<string, string>) {
	const own = { DATABASE_URL: '', DATA_DIR: '' };
	return spawn(process.execPath, [path.join(project, `server/commands/${command}.ts`), ...args], {
		cwd: folder,
		env: { ...process.env, ...own, ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
}

async function run(command: string, args: string[], env: Record<string, string>) {
	const child = start(command, args, env);
	const [out, err, [code]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, 'exit') as Promise<[number]>
	]);
	return { code, out, err };
}
