import type { Db, Sql } from './database.ts';

export interface StoredMail {
	id: string;
	toAddress: string;
	subject: string;
	body: string;
	tries: number;
	createdAt: Date;
}

export const addMail = (
	db: Db,
	mail: { id: string; to: string; language: string; subject: string; body: string; at: Date }
) => db`
	insert into basics.mails (id, to_address, language, subject, body, created_at, next_try_at)
	values (${mail.id}, ${mail.to}, ${mail.language}, ${mail.subject}, ${mail.body}, ${mail.at}, ${mail.at})`;

/** Takes up to twenty mails for this process; skip locked, so that two processes never take the same one. */
export const claimMails = (sql: Sql, now: Date) => sql<StoredMail[]>`
	update basics.mails m set tries = m.tries + 1, next_try_at = ${now}::timestamptz + interval '5 minutes'
	from (
		select id from basics.mails where sent_at is null and next_try_at <= ${now}
		order by created_at limit 20 for update skip locked
	) waiting
	where m.id = waiting.id
	returning m.id, m.to_address as "toAddress", m.subject, m.body, m.tries, m.created_at as "createdAt"`;

/** What was sent is not kept: a subject may hold a code, a body a link. */
export const mailSent = (sql: Sql, id: string, at: Date) => sql`
	update basics.mails set sent_at = ${at}, failure = null, subject = '', body = '' where id = ${id}`;

/** A mail without a next try is given up; its row stays for the operator until it is purged. */
export const mailFailed = (sql: Sql, id: string, failure: string, nextTryAt: Date | null) => sql`
	update basics.mails set failure = ${failure}, next_try_at = coalesce(${nextTryAt}::timestamptz, 'infinity') where id = ${id}`;

export const newestMails = (sql: Sql, limit: number) => sql<(StoredMail & { language: string })[]>`
	select id, to_address as "toAddress", language, subject, body, tries, created_at as "createdAt"
	from basics.mails order by created_at desc, id limit ${limit}`;

export const purgeMails = (sql: Sql, before: Date) => sql`delete from basics.mails where created_at < ${before}`;
