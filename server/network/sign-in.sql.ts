import type { Db, Sql, Tx } from '../basics/database.ts';

export const personByEmail = async (db: Db, email: string) => {
	const [row] = await db<{ id: string; name: string; language: string }[]>`
		select id, name, language from network.people where email = ${email} and deactivated_at is null`;
	return row;
};

/** Those who ask for one address at once are counted one after the other, until their transactions end. */
export const lockAddress = (tx: Tx, email: string) =>
	tx`select pg_advisory_xact_lock(hashtextextended('sign-in ' || ${email}::text, 0))`;

/** Sign-ins that were over when they began had no mail. */
export const countMails = async (tx: Tx, email: string, since: Date): Promise<number> => {
	const [row] = await tx<{ count: number }[]>`
		select count(*) from network.sign_ins
		where email = ${email} and created_at > ${since} and expires_at > created_at`;
	return row!.count;
};

export const addSignIn = (
	tx: Tx,
	asked: {
		id: string;
		email: string;
		personId: string | null;
		browserHash: Buffer;
		codeHash: Buffer;
		linkHash: Buffer;
		at: Date;
		expiresAt: Date;
	}
) => tx`
	insert into network.sign_ins (id, email, person_id, browser_hash, code_hash, link_hash, created_at, expires_at)
	values (${asked.id}, ${asked.email}, ${asked.personId}, ${asked.browserHash}, ${asked.codeHash}, ${asked.linkHash}, ${asked.at}, ${asked.expiresAt})`;

/** Counts one try and hands out the hash; nothing once five were used, whoever asked. */
export const tryCode = async (sql: Sql, id: string, browserHash: Buffer, most: number, now: Date) => {
	const [row] = await sql<{ codeHash: Buffer; personId: string | null }[]>`
		update network.sign_ins set tries = tries + 1
		where id = ${id} and browser_hash = ${browserHash} and used_at is null and expires_at > ${now} and tries < ${most}
		returning code_hash as "codeHash", person_id as "personId"`;
	return row;
};

/** The sign-in behind a link; nothing once its tries at the code are used up, because that ends the whole of it. */
export const signInByLink = async (db: Db, linkHash: Buffer, most: number, now: Date) => {
	const [row] = await db<{ id: string; personId: string | null; browserHash: Buffer }[]>`
		select id, person_id as "personId", browser_hash as "browserHash" from network.sign_ins
		where link_hash = ${linkHash} and used_at is null and expires_at > ${now} and tries < ${most}`;
	return row;
};

/** Uses a sign-in up; the condition on used_at makes it once, also for two requests at the same time. */
export const useSignIn = async (tx: Tx, id: string, now: Date): Promise<string | undefined> => {
	const [row] = await tx<{ personId: string }[]>`
		update network.sign_ins s set used_at = ${now} from network.people p
		where s.id = ${id} and s.used_at is null and s.expires_at > ${now} and p.id = s.person_id and p.deactivated_at is null
		returning s.person_id as "personId"`;
	return row?.personId;
};

export const purgeSignIns = (db: Db, before: Date) => db`delete from network.sign_ins where created_at < ${before}`;
