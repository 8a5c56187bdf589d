import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeMailer } from '#server/basics/mail.ts';
import { claimMails } from '#server/basics/mails.sql.ts';
import { type TestBackend, testBackend, until } from '../../support/backend.ts';

const minute = 60_000;

interface Received {
	to: string[];
	/** The lines before the first empty one, unfolded. */
	headers: string[];
	body: string;
}

/** A real mail server that keeps what it gets; while `failing` says so, it takes no mail. */
async function mailServer() {
	const received: Received[] = [];
	const state = { failing: false, tried: 0 };
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		logger: false,
		disableReverseLookup: true,
		onMailFrom(_from, _session, answer) {
			state.tried++;
			answer(state.failing ? new Error('Not now') : undefined);
		},
		onData(stream, session, answer) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
			stream.on('end', () => {
				const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
				received.push({
					to: session.envelope.rcptTo.map(({ address }) => address),
					headers: head.replace(/\r\n[ \t]/g, ' ').split('\r\n'),
					body: rest.join('\r\n\r\n')
				});
				answer();
			});
		}
	});
	// A client that hangs up in the middle is no fault of the test.
	server.on('error', () => undefined);
	await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
	afterAll(() => new Promise<void>((closed) => void server.close(closed)));
	const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
	return { received, state, url };
}

/** A mail server, and a backend that sends to it. */
async function sending() {
	const server = await mailServer();
	const t = await testBackend({
		seed: false,
		env: { SMTP_URL: server.url, MAIL_FROM: 'CityPeers <peers@net.example>' }
	});
	return { ...server, t };
}

let counted = 0;
const mail = (given: Partial<{ to: string; subject: string; body: string }> = {}) => ({
	to: `person${++counted}@city.example`,
	language: 'en',
	subject: `Subject ${counted}`,
	body: `Body ${counted}`,
	...given
});

const post = ({ backend, sql }: TestBackend, ...mails: ReturnType<typeof mail>[]) =>
	sql.begin(async (tx) => {
		for (const one of mails) await backend.parts.mailer.post(tx, one);
	});

interface Row {
	to: string;
	subject: string;
	body: string;
	tries: number;
	sent: Date | null;
	next: Date;
	givenUp: boolean;
	failure: string | null;
}
const rows = ({ sql }: TestBackend) => sql<Row[]>`
	select to_address as "to", subject, body, tries, sent_at as sent, next_try_at as next, next_try_at = 'infinity' as "givenUp", failure
	from basics.mails order by created_at, to_address`;

/** Until everything that waited has gone out, without the clock's help. */
const allSent = (t: TestBackend) =>
	until('all mails to be sent', async () => (await rows(t)).every(({ sent }) => sent !== null));

describe('a mail', () => {
	test('goes out after the commit of what caused it, once, and its words are not kept', async () => {
		const { t, received } = await sending();
		const one = mail({
			to: 'ruth@city.example',
			subject: '1234 5678 is your code',
			body: 'Dear Ruth,\n\nGrüße 🙂\n.\nEnd'
		});
		await post(t, one);
		await allSent(t);
		expect(received).toHaveLength(1);
		expect(received[0]).toMatchObject({ to: ['ruth@city.example'] });
		expect(received[0]!.headers).toEqual(
			expect.arrayContaining([
				'From: CityPeers <peers@net.example>',
				'To: ruth@city.example',
				'Subject: 1234 5678 is your code'
			])
		);
		const [{ id }] = (await t.sql`select id from basics.mails`) as unknown as [{ id: string }];
		expect(received[0]!.headers).toContain(`Message-ID: <${id}@citypeers>`);
		expect(await rows(t)).toMatchObject([{ sent: t.clock.now(), tries: 1, failure: null }]);
		const kept = JSON.stringify(await t.sql`select * from basics.mails`);
		for (const words of ['1234', 'Ruth,', 'Grüße']) expect(kept).not.toContain(words);
	});

	test('of a transaction that is rolled back is never sent', async () => {
		const { t, received } = await sending();
		await expect(
			t.sql.begin(async (tx) => {
				await t.backend.parts.mailer.post(tx, mail());
				throw new Error('on purpose');
			})
		).rejects.toThrow('on purpose');
		const after = mail();
		await post(t, after);
		await allSent(t);
		await t.backend.parts.mailer.sendWaiting();
		expect(received.map(({ to }) => to)).toEqual([[after.to]]);
	});

	test('of a transaction that is still open waits for its end', async () => {
		const { t, received } = await sending();
		await t.sql.begin(async (tx) => {
			await t.backend.parts.mailer.post(tx, mail());
			for (let tries = 0; tries < 3; tries++) expect(await t.backend.parts.mailer.sendWaiting()).toBe(0);
			expect(received).toEqual([]);
		});
		await allSent(t);
		expect(received).toHaveLength(1);
	});

	test('is sent once, also by two processes that send at the same time', async () => {
		const { t, received, url } = await sending();
		const other = await testBackend({ url: t.url, clock: t.clock, env: { SMTP_URL: url } });
		const mails = Array.from({ length: 60 }, () => mail());
		await post(t, ...mails);
		const mailers = [t.backend.parts.mailer, other.backend.parts.mailer];
		const counts = await Promise.all(mailers.flatMap((mailer) => [mailer.sendWaiting(), mailer.sendWaiting()]));
		await allSent(t);
		expect(counts.length).toBe(4);
		expect(received.map(({ to }) => to[0]).toSorted()).toEqual(mails.map(({ to }) => to).toSorted());
		expect((await rows(t)).every(({ tries }) => tries === 1)).toBe(true);
	});

	test('told of while the sender finds nothing more goes out without waiting for the clock', async () => {
		const { received, url } = await mailServer();
		const t = await testBackend({ seed: false });
		const { parts } = t.backend;
		// The connection of a sender whose first look is slow: its empty answer is on the way while a mail is posted.
		let told = 0;
		let looks = 0;
		const slow = new Proxy(t.sql, {
			apply(sql, self, [strings, ...values]: [TemplateStringsArray, ...never[]]) {
				const query = Reflect.apply(sql, self, [strings, ...values]) as Promise<unknown>;
				if (!strings.join('').includes('skip locked') || ++looks > 1) return query;
				return query.then(async (rows) => {
					await post(t, mail());
					await until('the notice', () => told > 0);
					return rows;
				});
			}
		});
		const mailer = makeMailer({ ...parts, sql: slow, env: { ...parts.env, smtpUrl: url } });
		afterAll(() => mailer.close());
		parts.bus.hear('mail', () => void told++);
		await mailer.sendWaiting();
		await allSent(t);
		expect(received).toHaveLength(1);
	});

	test('that a process took and died with is taken up by another after five minutes, not before', async () => {
		const { t, received } = await sending();
		const one = mail();
		const { clock, sql } = t;
		await sql`
			insert into basics.mails (id, to_address, language, subject, body, created_at, next_try_at)
			values (${t.backend.parts.chance.id()}, ${one.to}, 'en', 'x', 'x', ${clock.now()}, ${clock.now()})`;
		expect(await claimMails(sql, clock.now())).toHaveLength(1);
		clock.move(5 * minute - 1);
		expect(await t.backend.parts.mailer.sendWaiting()).toBe(0);
		clock.move(1);
		expect(await t.backend.parts.mailer.sendWaiting()).toBe(1);
		expect(received.map(({ to }) => to)).toEqual([[one.to]]);
	});
});

describe('when the mail server takes nothing', () => {
	test('a mail is tried again after its patience, and given up after the last try', async () => {
		const { t, received, state } = await sending();
		const { clock } = t;
		const { mailer } = t.backend.parts;
		state.failing = true;
		await post(t, mail());
		const failed = (tries: number) =>
			until(`try ${tries}`, async () => (await rows(t)).every((row) => row.tries === tries && row.failure !== null));
		await failed(1);
		for (let tries = 1; tries < 30; tries++) {
			const minutes = [1, 2, 5, 15, 30][tries - 1] ?? 60;
			const [row] = await rows(t);
			expect(row).toMatchObject({
				tries,
				sent: null,
				givenUp: false,
				next: new Date(clock.now().getTime() + minutes * minute)
			});
			clock.move(minutes * minute - 1);
			await mailer.sendWaiting();
			expect(state.tried, `too early for try ${tries + 1}`).toBe(tries);
			clock.move(1);
			await mailer.sendWaiting();
			await failed(tries + 1);
			expect(state.tried).toBe(tries + 1);
		}
		expect(await rows(t)).toMatchObject([{ sent: null, givenUp: true, tries: 30 }]);
		state.failing = false;
		clock.move(365 * 24 * 60 * minute);
		expect(await mailer.sendWaiting()).toBe(0);
		expect(received).toEqual([]);
		expect(state.tried).toBe(30);
	});

	test('the others behind it are tried too, and all go out once when it works again', async () => {
		const { t, received, state } = await sending();
		state.failing = true;
		const mails = [mail(), mail(), mail()];
		await post(t, ...mails);
		await until('each to have failed', async () => (await rows(t)).every(({ failure }) => failure !== null));
		state.failing = false;
		t.clock.move(minute);
		expect(await t.backend.parts.mailer.sendWaiting()).toBe(3);
		expect(await t.backend.parts.mailer.sendWaiting()).toBe(0);
		expect(received.map(({ to }) => to[0]).toSorted()).toEqual(mails.map(({ to }) => to).toSorted());
		expect(await rows(t)).toMatchObject([1, 2, 3].map(() => ({ tries: 2, failure: null })));
	});

	test('nobody waits for it: what caused the mail is done', async () => {
		// Nothing listens there at all.
		const t = await testBackend({ env: { SMTP_URL: 'smtp://127.0.0.1:1' } });
		expect(await t.backend.network.askSignIn({ email: 'host@munich.example' })).toHaveProperty('browserToken');
		await until('the failure', async () => (await rows(t)).some(({ failure }) => failure !== null));
		expect(t.faults).toEqual([]);
	});
});

describe('nobody adds a header or a reader', async () => {
	const { t, received } = await sending();
	beforeEach(() => void (received.length = 0));
	const evil = 'evil@attacker.example';

	test.each([
		['a line break', `Hello\r\nBcc: ${evil}`],
		['a bare line feed', `Hello\nBcc: ${evil}`],
		['a bare carriage return', `Hello\rBcc: ${evil}`],
		['an empty line and a body of its own', `Hello\r\n\r\n<h1>Body</h1>`],
		['unicode line separators', `Hello\u2028Bcc: ${evil}\u0085X-Evil: 1`],
		['an encoded word', `=?utf-8?Q?Hello=0D=0ABcc:_${evil}?=`],
		['a null byte’s neighbours', `Hello\u0001\u007fBcc: ${evil}`],
		['four thousand letters', `${'Grüße '.repeat(700)}\r\nBcc: ${evil}`]
	])('by a subject with %s', async (_what, subject) => {
		await post(t, mail({ to: 'ruth@city.example', subject }));
		await allSent(t);
		expect(received).toHaveLength(1);
		const [got] = received;
		expect(got!.to).toEqual(['ruth@city.example']);
		const names = got!.headers.map((line) => line.split(':')[0]!.toLowerCase()).toSorted();
		expect(names).toEqual([
			'content-transfer-encoding',
			'content-type',
			'date',
			'from',
			'message-id',
			'mime-version',
			'subject',
			'to'
		]);
		expect(got!.body).not.toContain('<h1>');
	});

	test.each([
		`a@city.example, ${evil}`,
		`a@city.example\r\nBcc: ${evil}`,
		`a@city.example>\r\nRCPT TO:<${evil}`,
		`a@city.example\nRCPT TO:<${evil}>\n`,
		`"a" <${evil}>, b@city.example`,
		`${evil};a@city.example`,
		`"x\r\nBcc: ${evil}"@city.example`
	])('by an address such as %j: it is one reader’s, or nobody’s', async (to) => {
		await post(t, mail({ to }), mail({ to: 'ruth@city.example' }));
		await until('both tried', async () => (await rows(t)).every(({ sent, failure }) => sent ?? failure));
		const readers = received.flatMap((one) => one.to);
		expect(readers).toContain('ruth@city.example');
		expect(readers).not.toContain(evil);
		for (const one of received) {
			expect(one.to).toHaveLength(1);
			expect(one.headers.filter((line) => /^(bcc|cc):/i.test(line))).toEqual([]);
		}
	});

	test('by a name: in an invitation it stays a line of the letter', async () => {
		const { url, received } = await mailServer();
		const t = await testBackend({ env: { SMTP_URL: url } });
		const [admin] = await t.sql<
			{ id: string }[]
		>`select id from network.people where email = 'admin@eurocities.example'`;
		const hostile = `Eve\r\nBcc: ${evil}\r\n\r\n.\r\nQUIT`;
		await t.sql`update network.people set name = ${hostile} where id = ${admin!.id}`;
		await t.sql`update network.programmes set name = ${hostile} where slug = 'inclucities'`;
		const { startSession } = await import('#server/network/sessions.ts');
		const { token } = await t.sql.begin((tx) => startSession(t.backend.parts, tx, admin!.id, null));
		const actor = (await t.backend.network.whoIs(token))!;
		const [programme] = await t.sql<{ id: string }[]>`select id from network.programmes where slug = 'inclucities'`;
		const done = await t.backend.network.invite(actor, {
			email: 'ruth@city.example',
			name: hostile,
			language: 'en',
			role: 'guest',
			scopeKind: 'programme',
			scopeId: programme!.id,
			organisationId: null
		});
		expect(done).toHaveProperty('id');
		await allSent(t);
		expect(received.map(({ to }) => to)).toEqual([['ruth@city.example']]);
		expect(received[0]!.headers.filter((line) => /^bcc:|^x-/i.test(line))).toEqual([]);
		expect(received[0]!.headers.find((line) => line.startsWith('Subject:'))).toMatch(/^Subject: Invitation: Eve/);
	});
});

describe('without SMTP_URL', () => {
	test('nothing is sent: the mail waits, whole, and the mailbox shows it', async () => {
		const t = await testBackend({ seed: false });
		const one = mail();
		await post(t, one);
		expect(await t.backend.parts.mailer.sendWaiting()).toBe(0);
		t.clock.move(24 * 60 * minute);
		expect(await t.backend.parts.mailer.sendWaiting()).toBe(0);
		expect(await rows(t)).toMatchObject([{ to: one.to, subject: one.subject, body: one.body, tries: 0, sent: null }]);
		expect(await t.backend.basics.mailbox()).toMatchObject([
			{ toAddress: one.to, subject: one.subject, body: one.body }
		]);
	});

	test('and in production, or with a mail server, there is no mailbox', async () => {
		const settings: Record<string, string>[] = [
			{ NODE_ENV: 'production' },
			{ ORIGIN: 'https://peers.example' },
			{ SMTP_URL: 'smtp://127.0.0.1:1' }
		];
		for (const env of settings) {
			const t = await testBackend({ seed: false, env });
			await expect(t.backend.basics.mailbox()).rejects.toMatchObject({ code: 'not-found' });
		}
	});
});
