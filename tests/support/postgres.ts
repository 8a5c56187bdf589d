import { mkdtempSync, chmodSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { realChance } from '#server/basics/chance.ts';
import { connect } from '#server/basics/database.ts';
import { startEmbeddedPostgres } from '#server/basics/embedded-postgres.ts';
import { loadDefaultForms } from '#server/basics/form-templates.ts';
import { migrate } from '#server/basics/migrate.ts';
import { seedDemo } from '#db/seed/demo.ts';

declare module 'vitest' {
	export interface ProvidedContext {
		postgresUrl: string;
	}
}

/** The moment at which the demo of the tests was seeded. */
export const seededAt = new Date('2026-11-22T09:00:00Z');

/**
 * One PostgreSQL for a run, with two databases that test files copy: `bare` (migrated, with the forms) and `demo`
 * (with the demo network). TEST_DATABASE_URL names another server, such as Debian's PostgreSQL 15.
 */
export async function preparePostgres(today: Date = seededAt): Promise<{ url: string; stop: () => Promise<void> }> {
	const given = process.env.TEST_DATABASE_URL;
	const folder = given ? undefined : mkdtempSync(path.join(os.tmpdir(), 'citypeers-test-'));
	if (folder) chmodSync(folder, 0o755);
	// Nothing here must survive a power cut; waiting for the disk would only make the suite slow.
	const server = folder
		? await startEmbeddedPostgres(path.join(folder, 'postgres'), { settings: { fsync: 'off', max_connections: '200' } })
		: { url: given!, stop: async () => undefined };
	const admin = connect(server.url, 'tests', 1);
	for (const name of ['bare', 'demo']) {
		await admin.unsafe(`drop database if exists citypeers_${name} with (force)`);
		await admin.unsafe(`create database citypeers_${name}${name === 'demo' ? ' template citypeers_bare' : ''}`);
		const sql = connect(databaseUrl(server.url, `citypeers_${name}`), 'tests', 4);
		if (name === 'bare') {
			await migrate(sql);
			await loadDefaultForms(sql, realChance, seededAt);
		} else await seedDemo(sql, { today });
		await sql.end();
	}
	await admin.end();
	return {
		url: server.url,
		async stop() {
			await server.stop();
			if (folder) await rm(folder, { recursive: true, force: true });
		}
	};
}

export function databaseUrl(server: string, name: string): string {
	const url = new URL(server);
	url.pathname = `/${name}`;
	return url.href;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const { url, stop } = await preparePostgres();
	project.provide('postgresUrl', url);
	return stop;
}
