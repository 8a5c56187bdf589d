import nodemailer from 'nodemailer';
import type { Env } from '../env.ts';
import type { Bus } from './bus.ts';
import type { Chance } from './chance.ts';
import type { Sql, Tx } from './database.ts';
import type { Log } from './log.ts';
import { addMail, claimMails, mailFailed, mailSent } from './mails.sql.ts';

interface Mail {
	to: string;
	language: string;
	subject: string;
	/** Plain text; lines and links as they shall be read. */
	body: string;
}

export interface Mailer {
	/** Puts a mail into the transaction; it goes out after the commit, or never. */
	post(tx: Tx, mail: Mail): Promise<void>;
	/** Sends what waits; several processes may do so at once. */
	sendWaiting(): Promise<number>;
	close(): void;
}

interface Parts {
	env: Pick<Env, 'smtpUrl' | 'mailFrom'>;
	sql: Sql;
	bus: Bus;
	log: Log;
	chance: Chance;
	now: () => Date;
}

/** Minutes to wait after the first, second, … failure; then hourly, and after a day the mail is given up. */
const patience = [1, 2, 5, 15, 30];
const triesInAll = 30;

/** Without SMTP_URL mails wait in the table: outside production the mailbox page shows them. */
export function makeMailer({ env, sql, bus, log, chance, now }: Parts): Mailer {
	const transport = env.smtpUrl
		? nodemailer.createTransport({ url: env.smtpUrl, connectionTimeout: 10_000, socketTimeout: 20_000 })
		: undefined;
	let sending: Promise<number> | undefined;
	/** Somebody asked since the sender began to look: it may have looked a moment too early. */
	let lookAgain = false;
	const mailer: Mailer = {
		async post(tx, mail) {
			await addMail(tx, { id: chance.id(), ...mail, at: now() });
			await bus.tell(tx, { about: 'mail' });
		},
		sendWaiting() {
			lookAgain = true;
			return (sending ??= sendAll());
		},
		close: () => transport?.close()
	};
	async function sendAll(): Promise<number> {
		try {
			let sent = 0;
			while (lookAgain) {
				lookAgain = false;
				sent += await send();
			}
			return sent;
		} finally {
			sending = undefined;
		}
	}
	async function send(): Promise<number> {
		if (!transport) return 0;
		let sent = 0;
		// A claimed mail is out of others' reach for five minutes; if this process dies, another takes it up again.
		for (let mails = await claimMails(sql, now()); mails.length > 0; mails = await claimMails(sql, now())) {
			for (const mail of mails) {
				try {
					await transport.sendMail({
						from: env.mailFrom,
						to: { name: '', address: mail.toAddress },
						subject: mail.subject,
						text: mail.body,
						messageId: `<${mail.id}@citypeers>`
					});
					await mailSent(sql, mail.id, now());
					sent++;
				} catch (fault) {
					const minutes = mail.tries >= triesInAll ? null : (patience[mail.tries - 1] ?? 60);
					await mailFailed(
						sql,
						mail.id,
						String((fault as Error).message).slice(0, 300),
						minutes === null ? null : new Date(now().getTime() + minutes * 60_000)
					);
					log.warn('a mail could not be sent', { mail: mail.id, tries: mail.tries, why: fault as Error });
				}
			}
		}
		return sent;
	}
	bus.hear('mail', () => void mailer.sendWaiting().catch((fault: unknown) => log.fault('sending mails failed', fault)));
	return mailer;
}
