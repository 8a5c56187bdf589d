import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { makeBackend, type Backend } from './backend.ts';
import { openBus } from './basics/bus.ts';
import { realChance } from './basics/chance.ts';
import { connect, type Sql } from './basics/database.ts';
import { startEmbeddedPostgres } from './basics/embedded-postgres.ts';
import { makeEvents } from './basics/events.ts';
import { loadDefaultForms } from './basics/form-templates.ts';
import { makeLog } from './basics/log.ts';
import { makeMailer } from './basics/mail.ts';
import { migrate } from './basics/migrate.ts';
import type { Parts } from './basics/parts.ts';
import type { Env } from './env.ts';

export interface Database {
	url: string;
	stop(): Promise<void>;
}

/** The database of `DATABASE_URL`, or an embedded PostgreSQL in the data folder. */
export async function openDatabase(env: Env, say: (line: string) => void): Promise<Database> {
	if (env.databaseUrl) return { url: env.databaseUrl, stop: () => Promise.resolve() };
	mkdirSync(env.dataDir, { recursive: true });
	return startEmbeddedPostgres(path.join(env.dataDir, 'postgres'), { log: say });
}

export interface Opened {
	backend: Backend;
	sql: Sql;
	close(): Promise<void>;
}

/** What differs in tests: the clock, chance. */
export type Handed = Partial<Pick<Parts, 'now' | 'chance' | 'log'>>;

/** Opens everything between the database and the doors. The database is migrated and holds the forms afterwards. */
export async function openBackend(env: Env, databaseUrl: string, handed: Handed = {}): Promise<Opened> {
	const log = handed.log ?? makeLog(env.logLevel);
	const sql = connect(databaseUrl, 'citypeers');
	try {
		const now = handed.now ?? (() => new Date());
		const chance = handed.chance ?? realChance;
		await migrate(sql);
		await loadDefaultForms(sql, chance, now());
		const bus = await openBus(sql, log);
		const mailer = makeMailer({ env, sql, bus, log, chance, now });
		const backend = makeBackend({ env, sql, log, now, chance, events: makeEvents(), bus, mailer });
		return {
			backend,
			sql,
			async close() {
				await backend.close();
				mailer.close();
				await bus.close();
				await sql.end({ timeout: 5 });
			}
		};
	} catch (fault) {
		await sql.end({ timeout: 1 });
		throw fault;
	}
}
