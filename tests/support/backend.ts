import { afterAll } from 'vitest';
import type { Actor } from '#domain/network/role.ts';
import { makeLog } from '#server/basics/log.ts';
import type { Backend } from '#server/backend.ts';
import type { Sql } from '#server/basics/database.ts';
import { readEnv } from '#server/env.ts';
import { openBackend } from '#server/opening.ts';
import { freshDatabase } from './database.ts';
import { seededAt } from './postgres.ts';

/** A clock that stands still until a test moves it. */
export interface Clock {
	now: () => Date;
	move: (ms: number) => void;
}

function clockAt(start: Date): Clock {
	let at = start.getTime();
	return { now: () => new Date(at), move: (ms) => void (at += ms) };
}

export interface TestBackend {
	backend: Backend;
	sql: Sql;
	url: string;
	clock: Clock;
	/** Faults that were logged; a test that expects none says so. */
	faults: string[];
	close(): Promise<void>;
}

/** The whole backend on a fresh copy of the demo network, with a clock of its own. */
export async function testBackend(
	options: { seed?: boolean; url?: string; env?: Record<string, string>; clock?: Clock } = {}
): Promise<TestBackend> {
	const url = options.url ?? (await freshDatabase(options));
	const clock = options.clock ?? clockAt(seededAt);
	const faults: string[] = [];
	const log = makeLog('error', (line) => void faults.push(line));
	const opened = await openBackend(readEnv({ LOG_LEVEL: 'error', ...options.env }), url, { now: clock.now, log });
	let closed = false;
	const close = async () => {
		if (closed) return;
		closed = true;
		await opened.close();
	};
	afterAll(close);
	return { backend: opened.backend, sql: opened.sql, url, clock, faults, close };
}

/** Somebody of the demo network, signed in for real: a session row, and the token their browser would hold. */
export async function signedInAs(
	{ backend, sql }: TestBackend,
	email: string
): Promise<{ actor: Actor; token: string }> {
	const [person] = await sql<{ id: string }[]>`select id from network.people where email = ${email}`;
	if (!person) throw new Error(`Nobody in the demo network has the address ${email}.`);
	const { startSession } = await import('#server/network/sessions.ts');
	const { token } = await sql.begin((tx) =>
		startSession(backend.parts, tx, person.id, 'Mozilla/5.0 (X11; Linux) Chrome/150')
	);
	const actor = await backend.network.whoIs(token);
	if (!actor) throw new Error('The session that was just made is not known.');
	return { actor, token };
}

/** The last mail to an address, as it would have been sent. */
export async function lastMailTo(
	{ sql }: Pick<TestBackend, 'sql'>,
	email: string
): Promise<{ subject: string; body: string } | undefined> {
	const [mail] = await sql<{ subject: string; body: string }[]>`
		select subject, body from basics.mails where to_address = ${email} order by created_at desc, id limit 1`;
	return mail;
}

/** Waits until something is so; fails with its own words after five seconds. */
export async function until<T>(
	what: string,
	look: () => Promise<T | undefined | false> | T | undefined | false,
	ms = 5_000
): Promise<T> {
	const end = Date.now() + ms;
	for (;;) {
		const seen = await look();
		if (seen) return seen;
		if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain: ${what}`);
		await new Promise((wait) => setTimeout(wait, 15));
	}
}
