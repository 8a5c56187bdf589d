import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { connect, type Sql } from '#server/basics/database.ts';
import { databaseUrl } from './postgres.ts';

/** A fresh database for this file: a copy of the demo network, or with `seed: false` only migrated, with the forms. */
export async function freshDatabase(options: { seed?: boolean } = {}): Promise<string> {
	const server = inject('postgresUrl');
	const name = `citypeers_${randomUUID().replaceAll('-', '')}`;
	const admin = connect(server, 'tests', 1);
	// Copying waits while somebody else copies the same template; PostgreSQL says so with 55006.
	for (let tries = 0; ; tries++) {
		try {
			await admin.unsafe(
				`create database ${name} template ${options.seed === false ? 'citypeers_bare' : 'citypeers_demo'}`
			);
			break;
		} catch (fault) {
			if ((fault as { code?: string }).code !== '55006' || tries > 200) throw fault;
			await new Promise((wait) => setTimeout(wait, 50));
		}
	}
	afterAll(async () => {
		await admin.unsafe(`drop database if exists ${name} with (force)`);
		await admin.end();
	});
	return databaseUrl(server, name);
}

/** A connection to a fresh database of this file. */
export async function testDatabase(options: { seed?: boolean } = {}): Promise<Sql> {
	const sql = connect(await freshDatabase(options), 'tests', 6);
	afterAll(() => sql.end({ timeout: 5 }));
	return sql;
}
