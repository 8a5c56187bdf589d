import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sql } from './database.ts';
import { applied, createLedger, locked, record } from './migrate.sql.ts';
import { projectRoot } from './root.ts';

const folder = path.join(projectRoot, 'db/migrations');

export interface Migration {
	name: string;
	text: string;
	checksum: string;
}

/** The migrations in order: number, word, thing. */
export async function migrations(): Promise<Migration[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
	return Promise.all(
		names.map(async (name) => {
			const text = await readFile(path.join(folder, name), 'utf8');
			return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
		})
	);
}

/**
 * Brings the database up to date, forward only; several processes may start at once, one works and the others wait.
 * @param upto stops after this migration, for a restore into the shape a backup was made in
 * @returns the names of the migrations that were new
 * @throws when a migration that has run was changed afterwards: then nobody can say what the database looks like
 */
export async function migrate(sql: Sql, upto?: string): Promise<string[]> {
	const wanted = (await migrations()).filter(({ name }) => upto === undefined || name <= upto);
	return sql.begin(async (tx) => {
		await locked(tx);
		await createLedger(tx);
		const ran = new Map((await applied(tx)).map((row) => [row.name, row.checksum]));
		const done: string[] = [];
		for (const { name, text, checksum } of wanted) {
			const before = ran.get(name);
			if (before === undefined) {
				await tx.unsafe(text);
				await record(tx, name, checksum);
				done.push(name);
			} else if (before !== checksum)
				throw new Error(`The migration ${name} has run already and was changed since. Write a new one instead.`);
		}
		return done;
	});
}
