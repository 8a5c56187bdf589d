import type { PendingQuery, Row } from 'postgres';
import type { Db, Tx } from './database.ts';

/** The schemas that hold what people entrusted to us, one a word. Not `jobs`: the job queue makes its own anew. */
export const schemas = [
	'basics',
	'network',
	'collaboration',
	'visits',
	'reviews',
	'mentoring',
	'library',
	'progress'
] as const;

export interface Table {
	/** With its schema: `network.people`. */
	name: string;
	columns: string[];
}

export const hasLedger = async (db: Db): Promise<boolean> => {
	const [row] = await db<{ there: boolean }[]>`select to_regclass('basics.migrations') is not null as there`;
	return row!.there;
};

export const ledger = (db: Db) => db<{ name: string; checksum: string }[]>`
	select name, checksum from basics.migrations order by name`;

/** Every table of ours by name, but for the ledger of migrations, which `migrate` writes. */
export const tables = (db: Db) => db<Table[]>`
	select n.nspname || '.' || c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
	from pg_class c
	join pg_namespace n on n.oid = c.relnamespace
	join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
	where n.nspname in ${db(schemas)} and c.relkind = 'r' and c.oid is distinct from to_regclass('basics.migrations')
	group by 1 order by (n.nspname || '.' || c.relname) collate "C"`;

/** Which table refers to which other one. */
export const references = (db: Db) => db<{ child: string; parent: string }[]>`
	select distinct cn.nspname || '.' || c.relname as child, pn.nspname || '.' || p.relname as parent
	from pg_constraint k
	join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
	join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
	where k.contype = 'f' and k.conrelid <> k.confrelid and cn.nspname in ${db(schemas)}`;

/** Where the identity columns stand; null when none was given out yet. */
export const sequences = (db: Db) => db<{ name: string; value: number | null }[]>`
	select schemaname || '.' || sequencename as name, last_value as value
	from pg_sequences where schemaname in ${db(schemas)} order by 1`;

export const serverVersion = async (db: Db): Promise<string> => {
	const [row] = await db<{ version: string }[]>`select current_setting('server_version') as version`;
	return row!.version;
};

/**
 * What is written must be read the same by any server, whatever its settings and those of this user are; and a limit
 * meant for requests must not end a copy. Rows hidden by a policy are an error, not a gap.
 */
export const settle = (tx: Tx) =>
	tx.unsafe(`
		set local datestyle = 'ISO, YMD';
		set local intervalstyle = 'postgres';
		set local timezone = 'UTC';
		set local extra_float_digits = 1;
		set local bytea_output = 'hex';
		set local synchronize_seqscans = off;
		set local row_security = off;
		set local statement_timeout = 0;
		set local lock_timeout = 0;
		set local idle_in_transaction_session_timeout = 0`);

/**
 * Holds every table against a migration: to a snapshot that is older than its rewriting, a table looks empty. To be the
 * first statement of its transaction, because LOCK alone does not take the snapshot yet.
 */
export const holdTables = (tx: Tx, names: string[]) => tx`lock table ${list(tx, names)} in access share mode`;

export const copyOut = (tx: Tx, { name, columns }: Table): PendingQuery<Row[]> =>
	tx`copy ${tx(name)} (${list(tx, columns)}) to stdout (format text, encoding 'UTF8')`;

export const copyIn = (tx: Tx, { name, columns }: Table): PendingQuery<Row[]> =>
	tx`copy ${tx(name)} (${list(tx, columns)}) from stdin (format text, encoding 'UTF8')`;

export const rowsIn = async (tx: Tx, name: string): Promise<number> => {
	const [row] = await tx<{ rows: number }[]>`select count(*) as rows from ${tx(name)}`;
	return row!.rows;
};

export const setSequence = (tx: Tx, name: string, value: number) =>
	tx`select setval(${name}::text::regclass, ${value}::bigint)`;

/** Whether a table is there and has a row; the name is the caller's, because basics knows no word. */
export const holdsRows = async (tx: Tx, table: string): Promise<boolean> => {
	const [made] = await tx<{ there: boolean }[]>`select to_regclass(${table}) is not null as there`;
	if (!made!.there) return false;
	const [row] = await tx<{ there: boolean }[]>`select exists (select from ${tx(table)}) as there`;
	return row!.there;
};

/** Whether the application is connected to this database: its pool, or its job queue. */
export const inUse = async (tx: Tx): Promise<boolean> => {
	const [row] = await tx<{ used: boolean }[]>`
		select exists (
			select from pg_stat_activity
			where datname = current_database() and application_name in ('citypeers', 'citypeers jobs')
		) as used`;
	return row!.used;
};

export const empty = (tx: Tx, names: string[]) => tx`truncate ${list(tx, names)} restart identity`;

export const dropSchemas = (tx: Tx) => tx`drop schema if exists ${list(tx, schemas)} cascade`;

/**
 * While rows come back, triggers must rest: what they counted when the rows were new is among the rows. Those that keep
 * references go on working; resting them is a superuser's right.
 */
export const restTriggers = async (tx: Tx, names: string[]) => {
	for (const name of names) await tx`alter table ${tx(name)} disable trigger user`;
};

export const wakeTriggers = async (tx: Tx, names: string[]) => {
	// A deferred check would forbid changing its table.
	await tx`set constraints all immediate`;
	for (const name of names) await tx`alter table ${tx(name)} enable trigger user`;
};

/** Without statistics the first minutes after a restore would be slow. */
export const analyze = (tx: Tx, names: string[]) => tx`analyze ${list(tx, names)}`;

function list(tx: Tx, names: readonly string[]) {
	return names.map((name, place) => (place === 0 ? tx`${tx(name)}` : tx`, ${tx(name)}`));
}
