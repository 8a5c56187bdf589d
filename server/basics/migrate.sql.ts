import type { Tx } from './database.ts';

/** Held until the transaction ends; two processes that start together would otherwise both create every table. */
export const locked = (tx: Tx) => tx`select pg_advisory_xact_lock(${7_400_113})`;

export const createLedger = async (tx: Tx) => {
	await tx`create schema if not exists basics`;
	await tx`create table if not exists basics.migrations (
		name text primary key, checksum text not null, applied_at timestamptz not null default now())`;
};

export const applied = (tx: Tx) =>
	tx<{ name: string; checksum: string }[]>`select name, checksum from basics.migrations`;

export const record = (tx: Tx, name: string, checksum: string) =>
	tx`insert into basics.migrations (name, checksum) values (${name}, ${checksum})`;
