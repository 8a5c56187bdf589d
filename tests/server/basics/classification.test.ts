import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { classification, kept } from '#db/classification.ts';
import type { Sql } from '#server/basics/database.ts';
import { purge } from '#server/jobs/clock.ts';
import { personalData } from '#server/network/people.sql.ts';
import { testDatabase } from '../../support/database.ts';
import { seededAt } from '../../support/postgres.ts';

let sql: Sql;
/** Somebody of the demo network, who has all kinds of rows. */
let person: string;
beforeAll(async () => {
	sql = await testDatabase();
	const [lead] = await sql<{ id: string }[]>`select person_id as id from network.roles order by person_id limit 1`;
	person = lead!.id;
});

const later = new Date(seededAt.getTime() + 400 * 86_400_000);

/** A row of a table that is purged, made at a moment. */
async function insertAt(table: string, after: string, at: Date): Promise<void> {
	const rows: Record<string, object> = {
		'basics.mails': { to_address: 'a@b.example', language: 'en', subject: 's', body: 'b', next_try_at: later },
		'network.sessions': { secret_hash: Buffer.from('x'), person_id: person, device: '?', expires_at: later },
		'network.sign_ins': {
			email: 'a@b.example',
			person_id: person,
			browser_hash: Buffer.from('x'),
			code_hash: Buffer.from('x'),
			link_hash: Buffer.from(randomUUID()),
			expires_at: later
		}
	};
	const row = { id: randomUUID(), created_at: at, seen_at: at, ...rows[table] };
	const names = Object.keys(row).filter((name) => Object.hasOwn(classification[table]!, name));
	await sql`insert into ${sql(table)} ${sql({ ...row, [after]: at }, names as never[])}`;
}

/** Every column of ours; pg-boss keeps its jobs in a schema of its own, and they carry no data. */
async function columns(): Promise<Record<string, string[]>> {
	const rows = await sql<{ table: string; columns: string[] }[]>`
		select c.table_schema || '.' || c.table_name as table, array_agg(c.column_name::text order by c.ordinal_position) as columns
		from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
		where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema', 'jobs')
		group by 1 order by 1`;
	return Object.fromEntries(rows.map((row) => [row.table, row.columns]));
}

const personalTables = Object.entries(classification)
	.filter(([, table]) => Object.values(table).some((one) => one.startsWith('personal')))
	.map(([table]) => table);

describe('the classification of the database', () => {
	test('names every column there is, and none that is gone', async () => {
		const listed = Object.entries(classification).map(([table, held]) => [table, Object.keys(held).sort()]);
		const there = Object.entries(await columns()).map(([table, held]) => [table, [...held].sort()]);
		expect(there.length).toBeGreaterThan(30);
		expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(there));
	});

	test('says of every table with personal columns how long it is kept, exported and erased', () => {
		expect(Object.keys(kept).sort()).toEqual(personalTables.sort());
	});

	test('N10 every column of bytes that is no document is a hash, and no hash is exported', async () => {
		const hashes = Object.entries(classification).flatMap(([table, held]) =>
			Object.entries(held).flatMap(([column, one]) => (one === 'secret-hash' ? [`${table}.${column}`] : []))
		);
		const named = Object.entries(await columns()).flatMap(([table, held]) =>
			held.filter((column) => column.endsWith('_hash')).map((column) => `${table}.${column}`)
		);
		expect(hashes.filter((one) => one !== 'basics.settings.value').sort()).toEqual(named.sort());
		await insertAt('network.sessions', 'seen_at', seededAt);
		await insertAt('network.sign_ins', 'created_at', seededAt);
		const data = await personalData(sql, person);
		expect(data).toMatchObject({ sessions: [{ device: '?' }], sign_ins: [{ email: 'a@b.example' }] });
		expect(JSON.stringify(data)).not.toMatch(/hash|secret/);
	});

	test('tells the truth about the export: the tables it names are read there, the others are not', () => {
		const files: [file: string, statement: string][] = [
			['network/people', 'personalData'],
			['visits/groups', 'groupPartsOf'],
			['reviews/notes', 'notesOf'],
			['mentoring/plans', 'planChangesOf'],
			['progress/activity', 'activityOfPerson']
		];
		const read = files.flatMap(([file, name]) => {
			const source = readFileSync(path.join(import.meta.dirname, `../../../server/${file}.sql.ts`), 'utf8');
			const begin = source.indexOf(`export const ${name} `);
			expect(begin, name).toBeGreaterThan(0);
			const statement = source.slice(begin, source.indexOf('`;', begin));
			// The table whose rows are about the person: what is only joined lends a name.
			return [...statement.matchAll(/\bfrom (\w+\.\w+)/g)].map((found) => found[1]!);
		});
		const exported = Object.entries(kept).filter(([, { exported }]) => /^(whole rows|in part)/.test(exported));
		expect(exported.map(([table]) => table).sort()).toEqual([...new Set(read)].sort());
	});

	test('tells the truth about the purge: what is older goes that night, what is younger stays', async () => {
		const dated = Object.entries(kept).flatMap(([table, { purge: rule }]) =>
			typeof rule === 'string' ? [] : [{ table, ...rule }]
		);
		expect(dated.map(({ table }) => table).sort()).toEqual(['basics.mails', 'network.sessions', 'network.sign_ins']);
		for (const { table, days, after } of dated) {
			await sql`delete from ${sql(table)}`;
			const moment = (more: number) => new Date(seededAt.getTime() - days * 86_400_000 + more);
			for (const at of [moment(-60_000), moment(60_000)]) await insertAt(table, after, at);
			await purge({ sql, now: () => seededAt });
			const left = await sql<{ at: Date }[]>`select ${sql(after)} as at from ${sql(table)}`;
			expect(
				left.map(({ at }) => at),
				table
			).toEqual([moment(60_000)]);
		}
	});
});
