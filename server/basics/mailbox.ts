import { Refusal } from '#domain/basics/refusal.ts';
import { newestMails } from './mails.sql.ts';
import type { Parts } from './parts.ts';

/** The mails that would have been sent. @throws Refusal not-found in production and wherever a mail server is set */
export async function mailbox(parts: Parts) {
	if (parts.env.production || parts.env.smtpUrl) throw new Refusal('not-found');
	return newestMails(parts.sql, 50);
}
