import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { backupFormat, entryName, type Manifest, manifestName, manifestSchema, Unsuitable } from './backup.ts';
import {
	analyze,
	copyIn,
	dropSchemas,
	empty,
	hasLedger,
	holdsRows,
	inUse,
	ledger,
	restTriggers,
	rowsIn,
	sequences,
	setSequence,
	settle,
	type Table,
	tables,
	wakeTriggers
} from './backup.sql.ts';
import type { Sql, Tx } from './database.ts';
import { migrate, migrations } from './migrate.ts';
import { locked } from './migrate.sql.ts';

/** A manifest is some kilobytes; more is none of ours. */
const manifestLimit = 4 * 1024 * 1024;

type Entry = ReturnType<typeof extract> extends AsyncIterable<infer One> ? One : never;
type Rows = AsyncIterable<Buffer>;
type Taker = (table: Manifest['tables'][number], rows: Rows) => Promise<unknown>;

/**
 * Puts a backup into a database that nobody uses yet, and brings it up to date. The whole file is checked first; then
 * all happens in one transaction, so a restore that fails has changed nothing.
 * @throws Unsuitable with a sentence: the file is damaged or was made by a newer version, the database is in use
 */
export async function restore(sql: Sql, file: string): Promise<Manifest> {
	const manifest = await readThrough(file, async (_table, rows) => {
		for await (const chunk of rows) void chunk;
	});
	await knowMigrations(manifest);
	await sql.begin(async (tx) => {
		// The lock of `migrate`: an application that starts meanwhile waits, and finds the rows.
		await locked(tx);
		await settle(tx);
		await prepare(tx, manifest);
		const names = manifest.tables.map(({ name }) => name);
		await restTriggers(tx, names);
		await empty(tx, names);
		await readThrough(file, (table, rows) => load(tx, table, rows));
		await wakeTriggers(tx, names);
		for (const { name, rows } of manifest.tables) {
			const loaded = await rowsIn(tx, name);
			if (loaded !== rows) throw new Unsuitable(`The backup has ${rows} rows of ${name}, but ${loaded} were loaded.`);
		}
		for (const { name, value } of manifest.sequences) if (value !== null) await setSequence(tx, name, value);
		await analyze(tx, names);
	});
	await migrate(sql).catch((fault: unknown) => {
		throw new Error('The backup is restored, but the database could not be brought up to date.', { cause: fault });
	});
	return manifest;
}

/** The backup's migrations must be the first of ours, unchanged: else its rows would be loaded into another shape. */
async function knowMigrations(manifest: Manifest): Promise<void> {
	const known = new Map((await migrations()).map(({ name, checksum }) => [name, checksum]));
	const last = manifest.migrations.at(-1)!.name;
	for (const { name, checksum } of manifest.migrations) {
		const ours = known.get(name);
		if (ours === undefined)
			throw new Unsuitable(
				`The backup was made by a newer version of CityPeers: this one does not know the migration ${name}. Install that version first.`
			);
		if (ours !== checksum)
			throw new Unsuitable(
				`The migration ${name} is not the one the backup was made with. Install that version first.`
			);
	}
	const held = new Set(manifest.migrations.map(({ name }) => name));
	for (const name of known.keys())
		if (name <= last && !held.has(name)) throw new Unsuitable(`The backup was made without the migration ${name}.`);
}

/** Tables in the shape the backup was made in, of a database nobody uses. */
async function prepare(tx: Tx, manifest: Manifest): Promise<void> {
	if (await inUse(tx)) throw new Unsuitable('CityPeers is running on this database. Stop it, then restore again.');
	if (await holdsRows(tx, 'network.people'))
		throw new Unsuitable('This database holds people already. Restore into a new one; nothing here was changed.');
	const last = manifest.migrations.at(-1)!.name;
	const ran = (await hasLedger(tx)) ? await ledger(tx) : [];
	const known = new Set((await migrations()).map(({ name }) => name));
	for (const { name } of ran)
		if (!known.has(name))
			throw new Unsuitable(`A newer version of CityPeers made this database: it has the migration ${name}.`);
	// There is no way back from a migration, but nobody has used what it made.
	if (ran.some(({ name }) => name > last)) await dropSchemas(tx);
	// Inside a transaction, a transaction is a savepoint.
	const nested = { begin: (work: (inner: Tx) => unknown) => tx.savepoint(work) } as unknown as Sql;
	await migrate(nested, last);
	const made = await tables(tx);
	if (shape(made) !== shape(manifest.tables))
		throw new Unsuitable('The tables of the backup are not those that its migrations make.');
	const numbered = new Set((await sequences(tx)).map(({ name }) => name));
	for (const { name } of manifest.sequences)
		if (!numbered.has(name))
			throw new Unsuitable(`The backup has a sequence ${name}, which its migrations do not make.`);
}

function shape(found: readonly Table[]): string {
	return JSON.stringify(found.map(({ name, columns }) => [name, columns]).sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

async function load(tx: Tx, table: Table, rows: Rows): Promise<void> {
	const statement = copyIn(tx, table);
	const stream = await statement.writable();
	// Once the rows are on their way, postgres.js tells nobody that PostgreSQL refused them, and the stream never ends
	// (porsager/postgres#1173). It still calls this, to settle a promise that is settled already.
	const refused = new Promise<never>((_done, reject) => {
		void Object.assign(statement, { reject });
	});
	refused.catch(() => undefined);
	await Promise.race([pipeline(rows, stream), refused]);
}

/**
 * Reads a backup from its beginning to its end, and compares every byte with the manifest.
 * @param take gets the tables one after the other, and reads the rows of each to their end
 */
async function readThrough(file: string, take: Taker): Promise<Manifest> {
	let manifest: Manifest | undefined;
	let place = 0;
	for await (const entry of entriesOf(file)) {
		const { name, size = 0, type } = entry.header;
		if (type !== 'file') throw foreign(file, name);
		if (!manifest) {
			if (name !== manifestName || size > manifestLimit) throw new Unsuitable(`${file} is no backup of CityPeers.`);
			manifest = await readManifest(file, bytesOf(entry, file));
			continue;
		}
		const table = manifest.tables[place++];
		if (!table || name !== entryName(table.name)) throw foreign(file, name);
		if (size !== table.bytes) throw damaged(file);
		await take(table, checked(table, bytesOf(entry, file), file));
	}
	if (!manifest) throw new Unsuitable(`${file} is no backup of CityPeers.`);
	if (place < manifest.tables.length) throw damaged(file);
	return manifest;
}

async function readManifest(file: string, bytes: Rows): Promise<Manifest> {
	const chunks = [];
	for await (const chunk of bytes) chunks.push(chunk);
	let raw: unknown;
	try {
		raw = JSON.parse(Buffer.concat(chunks).toString());
	} catch {
		throw damaged(file);
	}
	const made = z.object({ product: z.literal('citypeers'), format: z.int() }).safeParse(raw);
	if (!made.success) throw new Unsuitable(`${file} is no backup of CityPeers.`);
	if (made.data.format > backupFormat)
		throw new Unsuitable(
			`${file} was made by a newer version of CityPeers: it has format ${made.data.format}, this one reads up to ${backupFormat}.`
		);
	const read = manifestSchema.safeParse(raw);
	if (!read.success) throw damaged(file);
	return read.data;
}

async function* entriesOf(file: string): AsyncGenerator<Entry, void, undefined> {
	const archive = extract();
	const reading = pipeline(createReadStream(file), createGunzip(), archive);
	reading.catch(() => undefined);
	try {
		for await (const entry of archive) yield entry;
		await reading;
	} catch (fault) {
		throw unreadable(file, fault);
	}
}

async function* bytesOf(entry: Entry, file: string): Rows {
	try {
		for await (const chunk of entry) yield chunk as Buffer;
	} catch (fault) {
		throw unreadable(file, fault);
	}
}

async function* checked(table: Manifest['tables'][number], bytes: Rows, file: string): Rows {
	const hash = createHash('sha256');
	for await (const chunk of bytes) {
		hash.update(chunk);
		yield chunk;
	}
	if (hash.digest('hex') !== table.sha256) throw damaged(file);
}

function unreadable(file: string, fault: unknown): Unsuitable {
	const { code } = fault as NodeJS.ErrnoException;
	if (code === 'ENOENT') return new Unsuitable(`${file} is not there.`);
	if (code === 'EACCES' || code === 'EISDIR') return new Unsuitable(`${file} cannot be read (${code}).`);
	return damaged(file);
}

function damaged(file: string): Unsuitable {
	return new Unsuitable(`${file} is damaged or cut short. Nothing was changed; take another copy of it.`);
}

function foreign(file: string, name: string): Unsuitable {
	return new Unsuitable(`${file} has something in it that does not belong into a backup: ${JSON.stringify(name)}.`);
}
