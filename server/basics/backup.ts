import { createHash } from 'node:crypto';
import {
	closeSync,
	createReadStream,
	createWriteStream,
	existsSync,
	openSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { mkdtemp, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { z } from 'zod';
import {
	copyOut,
	hasLedger,
	holdTables,
	ledger,
	references,
	sequences,
	serverVersion,
	settle,
	type Table,
	tables
} from './backup.sql.ts';
import type { Sql } from './database.ts';

/**
 * A backup is a gzipped tar: `manifest.json`, then one file a table, parents before children, in PostgreSQL's text
 * format of COPY. Raised when an older program could not read a newer file.
 */
export const backupFormat = 1;
export const manifestName = 'manifest.json';
export const entryName = (table: string): string => `${table}.copy`;

const plainName = z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

export const manifestSchema = z.object({
	product: z.literal('citypeers'),
	format: z.literal(backupFormat),
	madeAt: z.iso.datetime(),
	/** The version of the server that held the rows. */
	postgres: z.string(),
	migrations: z.array(z.object({ name: z.string(), checksum: sha256 })).min(1),
	tables: z.array(
		z.object({ name: plainName, columns: z.array(z.string().min(1)).min(1), rows: count, bytes: count, sha256 })
	),
	/** The last number that was given out; null for none. */
	sequences: z.array(z.object({ name: plainName, value: z.int().nullable() }))
});
export type Manifest = z.infer<typeof manifestSchema>;
type Copied = Manifest['tables'][number];

/** Why a backup or a restore does not take place, in a sentence for the operator. */
export class Unsuitable extends Error {}

/**
 * Writes everything the database holds into one file, as it was at one moment, while people go on working.
 * The file is there only when it is complete, and only its owner may read it. Needs room in the temporary folder for
 * all rows uncompressed; memory does not grow with them.
 * @throws Unsuitable when the file is there already, its folder is not, or the database is not one of ours
 */
export async function backUp(sql: Sql, file: string, now: Date): Promise<Manifest> {
	if (existsSync(file)) throw new Unsuitable(`${file} is there already. Name another file.`);
	const part = `${file}.part`;
	takePart(part);
	let folder: string | undefined;
	const tidy = () => {
		if (folder) rmSync(folder, { recursive: true, force: true });
		rmSync(part, { force: true });
	};
	// Also when somebody ends the program: what lies there is personal data.
	process.once('exit', tidy);
	try {
		folder = await mkdtemp(path.join(os.tmpdir(), 'citypeers-backup-'));
		const manifest = await copyTables(sql, folder, now);
		await packTables(manifest, folder, part, now);
		// Renaming would replace it.
		if (existsSync(file)) throw new Unsuitable(`${file} was written by somebody else meanwhile. Name another file.`);
		await rename(part, file);
		return manifest;
	} finally {
		tidy();
		process.off('exit', tidy);
	}
}

/** Makes the file, empty and for its owner only; two backups to one name cannot both. */
function takePart(part: string): void {
	try {
		closeSync(openSync(part, 'wx', 0o600));
	} catch (fault) {
		const { code } = fault as NodeJS.ErrnoException;
		if (code === 'ENOENT') throw new Unsuitable(`The folder ${path.dirname(part)} is not there.`);
		if (code !== 'EEXIST') throw fault;
		throw new Unsuitable(
			`${part} is there: another backup is being written, or one was interrupted. If none is running, delete it.`
		);
	}
}

async function copyTables(sql: Sql, folder: string, now: Date): Promise<Manifest> {
	if (!(await hasLedger(sql))) throw new Unsuitable('This database holds nothing of CityPeers yet.');
	const seen = (await tables(sql)).map(({ name }) => name);
	return sql.begin('isolation level repeatable read read only', async (tx) => {
		await holdTables(tx, seen);
		await settle(tx);
		const found = await tables(tx);
		if (found.map(({ name }) => name).join() !== seen.join())
			throw new Unsuitable('The database is being brought up to date just now. Try again in a moment.');
		const copied: Copied[] = [];
		for (const table of parentsFirst(found, await references(tx))) {
			const stream = await copyOut(tx, table).readable();
			copied.push({ ...table, ...(await writeRows(stream, path.join(folder, entryName(table.name)))) });
		}
		return {
			product: 'citypeers',
			format: backupFormat,
			madeAt: now.toISOString(),
			postgres: await serverVersion(tx),
			migrations: [...(await ledger(tx))],
			tables: copied,
			// Numbers are given out outside of transactions: read last, they are never behind the rows.
			sequences: [...(await sequences(tx))]
		};
	});
}

/**
 * The tables in an order in which their rows can be loaded. A table that refers to itself is no trouble: PostgreSQL
 * looks at references when a COPY ends.
 */
function parentsFirst(found: readonly Table[], keys: readonly { child: string; parent: string }[]): Table[] {
	const left = new Map(found.map((table) => [table.name, table]));
	const order: Table[] = [];
	while (left.size > 0) {
		const free = [...left.values()].filter(
			({ name }) => !keys.some((key) => key.child === name && left.has(key.parent))
		);
		if (free.length === 0) throw new Error(`These tables refer to each other in a circle: ${[...left.keys()].join()}.`);
		for (const table of free) left.delete(table.name);
		order.push(...free);
	}
	return order;
}

/**
 * Writes while PostgreSQL sends, without a wait in between, and to the end also after a fault: postgres.js can neither
 * be held up at the end of a COPY (porsager/postgres#917) nor use its connection again before it.
 */
function writeRows(stream: Readable, file: string): Promise<Pick<Copied, 'rows' | 'bytes' | 'sha256'>> {
	const descriptor = openSync(file, 'wx', 0o600);
	const hash = createHash('sha256');
	let rows = 0;
	let bytes = 0;
	let fault: unknown;
	const write = (chunk: Buffer) => {
		if (fault) return;
		try {
			writeFileSync(descriptor, chunk);
			hash.update(chunk);
			bytes += chunk.length;
			// A line break inside a value is written as \n, so each real one ends a row.
			for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
		} catch (found) {
			fault = found;
		}
	};
	return new Promise<void>((done, failed) => {
		stream.on('data', write).once('error', failed).once('end', done);
	})
		.then(() => {
			stream._read(0);
			if (fault) throw fault;
			return { rows, bytes, sha256: hash.digest('hex') };
		})
		.finally(() => closeSync(descriptor));
}

async function packTables(manifest: Manifest, folder: string, part: string, now: Date): Promise<void> {
	const archive = pack();
	const fill = async () => {
		archive.entry({ name: manifestName, mode: 0o600, mtime: now }, JSON.stringify(manifest, undefined, '\t'));
		for (const { name, bytes } of manifest.tables) {
			const file = path.join(folder, entryName(name));
			const entry = archive.entry({ name: entryName(name), size: bytes, mode: 0o600, mtime: now });
			await pipeline(createReadStream(file), entry);
			rmSync(file);
		}
		archive.finalize();
	};
	await Promise.all([pipeline(archive, createGzip(), createWriteStream(part, { flush: true })), fill()]);
}

/** The bytes of a finished backup, and what it holds, for people. */
export function describeBackup(file: string, { tables: copied }: Manifest): string {
	const rows = copied.reduce((sum, table) => sum + table.rows, 0);
	const kilobytes = Math.ceil(statSync(file).size / 1024);
	return `${copied.length} tables with ${rows.toLocaleString('en')} rows (${kilobytes.toLocaleString('en')} kB)`;
}

/** What went wrong, for the operator: a sentence where it could be foreseen, everything where it could not. */
export function whyItFailed(fault: unknown): unknown {
	if (!(fault instanceof Error)) return fault;
	if (fault instanceof Unsuitable) return fault.message;
	const { code } = fault as NodeJS.ErrnoException;
	if (fault.name === 'PostgresError') return `PostgreSQL says: ${fault.message}.`;
	// A connection that is lost inside a transaction makes postgres.js write to no socket (porsager/postgres#1208).
	const lost = fault instanceof TypeError && fault.stack?.includes('nextWrite') ? 'CONNECTION_CLOSED' : code;
	if (lost && /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|CONNECT)/.test(lost))
		return `The database cannot be reached or has gone away (${lost}). Is it running, and is DATABASE_URL right?`;
	if (code === 'ENOSPC') return 'The disk is full: the file needs room, and so do all rows in the temporary folder.';
	if (code) return `${fault.message}.`;
	return fault.name === 'Error' && fault.cause === undefined ? fault.message : fault;
}
