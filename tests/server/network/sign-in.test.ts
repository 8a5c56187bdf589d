import { describe, expect, test } from 'vitest';
import { signInLimits } from '#domain/network/sign-in.ts';
import { m } from '#messages/compiled/messages.js';
import { lastMailTo, signedInAs, testBackend } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { network } = backend;
const userAgent = 'Mozilla/5.0 (Windows NT 10.0) Firefox/150.0';
const minute = 60_000;

/** Asks, and reads what the person would find in their mail. */
async function asked(email: string) {
	// Mails are told apart by their moment.
	clock.move(1_000);
	const answer = await network.askSignIn({ email });
	if ('issues' in answer) throw new Error(`"${email}" is no address.`);
	const mail = await lastMailTo(t, email);
	const [code = ''] = /\d{4} \d{4}/.exec(mail?.body ?? '') ?? [];
	const [, link = ''] = /\/sign-in\/link\/([\w-]+)/.exec(mail?.body ?? '') ?? [];
	return { ...answer, mail, code, link };
}

/** How many sessions a person has. */
async function sessionsOf(email: string): Promise<number> {
	const [row] = await sql<{ count: number }[]>`
		select count(*) from network.sessions s join network.people p on p.id = s.person_id where p.email = ${email}`;
	return row!.count;
}

async function mailsTo(email: string): Promise<number> {
	const [row] = await sql<{ count: number }[]>`select count(*) from basics.mails where to_address = ${email}`;
	return row!.count;
}

const withCode = (browserToken: string | undefined, code: unknown) =>
	network.signInWithCode({ browserToken, code, userAgent });
const withLink = (link: string, browserToken: string | undefined) =>
	network.signInWithLink({ link, browserToken, userAgent });
/** A code that is not the one of the mail. */
const wrongCode = (right: string) => (right.startsWith('0000') ? '1111 1111' : '0000 0000');
const wrong = { issues: [{ field: 'code', code: 'wrong-code' }] };
const opened = (results: PromiseSettledResult<unknown>[]) =>
	results.filter((one) => one.status === 'fulfilled' && 'token' in (one.value as object)).length;

describe('asking to sign in', () => {
	test.each([
		['host@munich.example', 'de'],
		['expert@bologna.example', 'it'],
		['expert@lyon.example', 'fr'],
		['expert@madrid.example', 'es'],
		['mentee@levadia.example', 'el'],
		// The pages speak no Finnish.
		['expert@turku.example', 'en']
	] as const)('mails a link and a code to %s, in %s', async (email, locale) => {
		const { mail, code, link } = await asked(email);
		expect(link).toMatch(/^[\w-]{20}$/);
		expect(code).toMatch(/^\d{4} \d{4}$/);
		expect(mail?.subject).toBe(m.network_mail_sign_in_subject({ code }, { locale }));
		const [person] = await sql<{ name: string }[]>`select name from network.people where email = ${email}`;
		expect(mail?.body).toBe(
			m.network_mail_sign_in_body(
				{ name: person!.name, code, link: `${backend.parts.env.origin}/sign-in/link/${link}`, minutes: 10 },
				{ locale }
			)
		);
	});

	test('N7: a known, an unknown and a deactivated address get the same answer', async () => {
		await sql`update network.people set deactivated_at = now() where email = 'colleague@lyon.example'`;
		const answers = await Promise.all(
			['host@timisoara.example', 'nobody@nowhere.example', 'colleague@lyon.example'].map((email) =>
				network.askSignIn({ email })
			)
		);
		for (const answer of answers) {
			expect(Object.keys(answer).sort()).toEqual(['browserToken', 'expiresAt']);
			if ('issues' in answer) continue;
			expect(answer.browserToken).toMatch(/^[0-9a-f-]{36}\.[\w-]{20}$/);
			expect(answer.expiresAt).toEqual(new Date(clock.now().getTime() + signInLimits.lifeMs));
		}
		expect(await mailsTo('nobody@nowhere.example')).toBe(0);
		expect(await mailsTo('colleague@lyon.example')).toBe(0);
		// The same work was done for each: a row is kept for the unknown as well.
		const rows =
			await sql`select from network.sign_ins where email in ('nobody@nowhere.example', 'colleague@lyon.example')`;
		expect(rows).toHaveLength(2);
	});

	test('N7: a code typed for an unknown address is wrong, as a wrong one for a known address is', async () => {
		const unknown = await network.askSignIn({ email: 'nobody-else@nowhere.example' });
		const known = await asked('host@timisoara.example');
		if ('issues' in unknown) throw new Error('The address was refused.');
		expect(await withCode(unknown.browserToken, '12345678')).toEqual(wrong);
		expect(await withCode(known.browserToken, wrongCode(known.code))).toEqual(wrong);
	});

	test('an address is found in any spelling of its letters, and what is none is said so', async () => {
		expect(await network.askSignIn({ email: '  EXPERT@Brno.Example ' })).toHaveProperty('browserToken');
		expect(await mailsTo('expert@brno.example')).toBe(1);
		// A look-alike "@" is brought into the one form before it is checked, so it is no second person.
		expect(await network.askSignIn({ email: 'expert＠brno.example' })).toHaveProperty('browserToken');
		expect(await mailsTo('expert@brno.example')).toBe(2);
		for (const email of [
			'',
			null,
			undefined,
			7,
			{},
			'munich',
			'a@b',
			'x@y.example\r\nbcc: z@y.example',
			'x\0@y.example'
		])
			expect(await network.askSignIn({ email })).toMatchObject({ issues: [{ field: 'email' }] });
	});

	test(`an address gets ${signInLimits.mailsAnHour} mails an hour, and the same answer after that`, async () => {
		const email = 'expert@cracow.example';
		for (let count = 0; count < signInLimits.mailsAnHour + 3; count++)
			expect(await network.askSignIn({ email })).toHaveProperty('browserToken');
		expect(await mailsTo(email)).toBe(signInLimits.mailsAnHour);
		clock.move(60 * minute + 1);
		await network.askSignIn({ email });
		expect(await mailsTo(email)).toBe(signInLimits.mailsAnHour + 1);
	});

	test('asking on and on does not shut an address out: only mails count, not asking', async () => {
		const email = 'colleague@cracow.example';
		for (let asked = 0; asked < 24; asked++) {
			await network.askSignIn({ email });
			clock.move(5 * minute);
		}
		expect(await mailsTo(email)).toBe(2 * signInLimits.mailsAnHour);
	});

	test(`an address gets ${signInLimits.mailsAnHour} mails an hour, also when thirty are asked for at once`, async () => {
		const email = 'expert@sofia.example';
		await Promise.all(Array.from({ length: 30 }, () => network.askSignIn({ email })));
		expect(await mailsTo(email)).toBe(signInLimits.mailsAnHour);
	});
});

describe('the link', () => {
	test('N5: fifty looks never use it, pressing the button does, once', async () => {
		const { link, browserToken } = await asked('expert@malmo.example');
		const before = await sql`select * from network.sign_ins where email = 'expert@malmo.example'`;
		// Mail scanners look from elsewhere, with and without cookies of their own.
		for (let look = 0; look < 50; look++)
			expect(await network.lookAtLink({ link, browserToken: look % 2 ? browserToken : undefined })).toEqual({
				here: look % 2 === 1
			});
		expect(await sql`select * from network.sign_ins where email = 'expert@malmo.example'`).toEqual(before);
		expect(await sessionsOf('expert@malmo.example')).toBe(0);

		const { token } = await withLink(link, browserToken);
		expect((await network.whoIs(token))?.name).toBe('Sofia Åkesson');
		await expect(withLink(link, browserToken)).rejects.toMatchObject({ code: 'gone' });
		await expect(network.lookAtLink({ link, browserToken })).rejects.toMatchObject({ code: 'gone' });
		expect(await sessionsOf('expert@malmo.example')).toBe(1);
	});

	test('is good only in the browser that asked, and a try elsewhere does not use it', async () => {
		const { link, browserToken } = await asked('expert@leeds.example');
		const other = await asked('expert@leeds.example');
		for (const elsewhere of [undefined, '', 'x', other.browserToken, `${browserToken}x`, browserToken.toUpperCase()]) {
			expect(await network.lookAtLink({ link, browserToken: elsewhere })).toEqual({ here: false });
			await expect(withLink(link, elsewhere)).rejects.toMatchObject({ code: 'gone' });
		}
		expect(await sessionsOf('expert@leeds.example')).toBe(0);
		expect(await withLink(link, browserToken)).toHaveProperty('token');
	});

	test('N5: fifty presses at once give exactly one session', async () => {
		const { link, browserToken } = await asked('expert@utrecht.example');
		const results = await Promise.allSettled(Array.from({ length: 50 }, () => withLink(link, browserToken)));
		expect(opened(results)).toBe(1);
		for (const one of results) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'gone' });
		expect(await sessionsOf('expert@utrecht.example')).toBe(1);
	});

	test('an invented one is gone', async () => {
		const { browserToken } = await asked('expert@ghent.example');
		for (const link of ['', 'x', "' or 1=1 --", 'ü'.repeat(5_000), '\0']) {
			await expect(network.lookAtLink({ link, browserToken })).rejects.toMatchObject({ code: 'gone' });
			await expect(withLink(link, browserToken)).rejects.toMatchObject({ code: 'gone' });
		}
	});

	test('is gone for somebody who was deactivated after asking', async () => {
		const { link, code, browserToken } = await asked('colleague@glasgow.example');
		await sql`update network.people set deactivated_at = now() where email = 'colleague@glasgow.example'`;
		await expect(withLink(link, browserToken)).rejects.toMatchObject({ code: 'gone' });
		expect(await withCode(browserToken, code)).toEqual(wrong);
		expect(await sessionsOf('colleague@glasgow.example')).toBe(0);
	});
});

describe('the code', () => {
	test.each([
		['as it stands in the mail', (code: string) => code],
		['without the space', (code: string) => code.replace(' ', '')],
		['with a dash', (code: string) => code.replace(' ', '-')],
		['with spaces around, between and unbreakable', (code: string) => `  ${[...code].join(' ')}\u00a0\n`]
	])('signs in typed %s', async (_how, typed) => {
		const { code, browserToken } = await asked('expert@glasgow.example');
		const done = await withCode(browserToken, typed(code));
		expect('token' in done && (await network.whoIs(done.token))?.name).toBe('Fiona MacLeod');
	});

	test('N6: after five wrong ones the sixth is refused although it is right, and the link is dead with it', async () => {
		const { code, link, browserToken } = await asked('expert@stuttgart.example');
		for (let tries = 0; tries < signInLimits.tries; tries++)
			expect(await withCode(browserToken, wrongCode(code))).toEqual(wrong);
		expect(await withCode(browserToken, code)).toEqual(wrong);
		await expect(withLink(link, browserToken)).rejects.toMatchObject({ code: 'gone' });
		await expect(network.lookAtLink({ link, browserToken })).rejects.toMatchObject({ code: 'gone' });
		expect(await sessionsOf('expert@stuttgart.example')).toBe(0);
	});

	test('the fifth is still good', async () => {
		const { code, browserToken } = await asked('colleague@stuttgart.example');
		for (let tries = 1; tries < signInLimits.tries; tries++) await withCode(browserToken, wrongCode(code));
		expect(await withCode(browserToken, code)).toHaveProperty('token');
	});

	test('N6: of forty wrong ones at once five are compared, and the right one after them is refused', async () => {
		const { code, browserToken } = await asked('expert@barcelona.example');
		await Promise.all(Array.from({ length: 40 }, () => withCode(browserToken, wrongCode(code))));
		const [row] = await sql<{ tries: number }[]>`
			select tries from network.sign_ins where email = 'expert@barcelona.example'`;
		expect(row!.tries).toBe(signInLimits.tries);
		expect(await withCode(browserToken, code)).toEqual(wrong);
	});

	test('N6: who asks again has five new tries, and the dead one stays dead', async () => {
		const dead = await asked('friend@rotterdam.example');
		for (let tries = 0; tries < signInLimits.tries; tries++) await withCode(dead.browserToken, wrongCode(dead.code));
		const fresh = await asked('friend@rotterdam.example');
		expect(await withCode(dead.browserToken, dead.code)).toEqual(wrong);
		expect(await withCode(dead.browserToken, fresh.code)).toEqual(wrong);
		expect(await withCode(fresh.browserToken, fresh.code)).toHaveProperty('token');
	});

	test('is good only in the browser that asked; wrong tries without its cookie end nothing', async () => {
		const mine = await asked('expert@copenhagen.example');
		const other = await asked('expert@copenhagen.example');
		const [id] = mine.browserToken.split('.');
		for (const elsewhere of [undefined, '', '.', other.browserToken, `${id}.`, `${id}.wrong`, "x'; drop table--"])
			for (let tries = 0; tries < 2; tries++) expect(await withCode(elsewhere, mine.code)).toEqual(wrong);
		expect(await withCode(mine.browserToken, mine.code)).toHaveProperty('token');
	});

	test('twenty right ones at once, and the link beside them, give exactly one session', async () => {
		const { code, link, browserToken } = await asked('colleague@brno.example');
		const results = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) =>
				index % 4 === 0 ? withLink(link, browserToken) : withCode(browserToken, code)
			)
		);
		expect(opened(results)).toBe(1);
		expect(await sessionsOf('colleague@brno.example')).toBe(1);
	});

	test('what is no code is said so, and is no try', async () => {
		const { code, browserToken } = await asked('colleague@sofia.example');
		expect(await withCode(browserToken, '  ')).toEqual({ issues: [{ field: 'code', code: 'missing' }] });
		for (const typed of ['123', '123456789', 'abcdefgh', '١٢٣٤٥٦٧٨', "1' or '1'='1", '9'.repeat(10_000)])
			expect(await withCode(browserToken, typed)).toEqual(wrong);
		for (const typed of [null, undefined, 12345678, {}, ['1']])
			expect(await withCode(browserToken, typed)).toEqual({ issues: [{ field: 'code', code: 'missing' }] });
		expect(await withCode(browserToken, code)).toHaveProperty('token');
	});
});

describe('a sign-in', () => {
	test('is over after ten minutes, to the second', async () => {
		const email = 'colleague@utrecht.example';
		const early = await asked(email);
		clock.move(10 * minute - 1);
		expect(await network.lookAtLink(early)).toEqual({ here: true });
		expect(await withCode(early.browserToken, early.code)).toHaveProperty('token');
		const late = await asked(email);
		clock.move(10 * minute);
		expect(await withCode(late.browserToken, late.code)).toEqual(wrong);
		await expect(withLink(late.link, late.browserToken)).rejects.toMatchObject({ code: 'gone' });
		await expect(network.lookAtLink(late)).rejects.toMatchObject({ code: 'gone' });
		expect(await sessionsOf(email)).toBe(1);
	});

	test('N12: leaves rows in the audit trail that hold neither the code nor the link', async () => {
		const { code, browserToken } = await asked('colleague@madrid.example');
		await withCode(browserToken, code);
		const rows = await sql<{ act: string; result: string }[]>`
			select a.act, a.result from network.audit a join network.people p on p.id = a.person_id
			where p.email = 'colleague@madrid.example' order by a.id`;
		expect(rows).toEqual([
			{ act: 'sign-in', result: 'done' },
			{ act: 'session.start', result: 'done' }
		]);
	});

	test('N10: no column of the network holds the code, the link, the browser’s token, the session’s or an invitation’s', async () => {
		const { code, link, browserToken } = await asked('colleague@leeds.example');
		const done = await withCode(browserToken, code);
		if ('issues' in done) throw new Error('The code was refused.');
		const unused = await asked('colleague@leeds.example');
		const { actor } = await signedInAs(t, 'admin@eurocities.example');
		const [programme] = await sql<{ id: string }[]>`select id from network.programmes limit 1`;
		await network.invite(actor, {
			email: 'new@person.example',
			name: 'New',
			language: 'en',
			role: 'guest',
			scopeKind: 'programme',
			scopeId: programme!.id,
			organisationId: null
		});
		const [, invitation] = /\/invitation\/([\w-]+)/.exec((await lastMailTo(t, 'new@person.example'))!.body) ?? [];
		const secrets = [code, unused.code, link, unused.link, browserToken, done.token, invitation!]
			.flatMap((secret) => [secret, secret.replace(' ', ''), secret.split('.').at(-1)!])
			.filter((secret, index, all) => all.indexOf(secret) === index);
		const columns = await sql<{ name: string; column: string; type: string }[]>`
			select table_name as name, column_name as "column", data_type as type from information_schema.columns
			where table_schema = 'network' and data_type in ('text', 'bytea', 'jsonb', 'ARRAY')`;
		expect(columns.length).toBeGreaterThan(30);
		const found: string[] = [];
		for (const { name, column, type } of columns)
			for (const secret of secrets) {
				const held = sql`${sql(name)}.${sql(column)}`;
				const holds =
					type === 'bytea'
						? sql`position(convert_to(${secret}, 'UTF8') in ${held}) > 0`
						: sql`position(${secret} in ${held}::text) > 0`;
				const rows = await sql`select from ${sql(`network.${name}`)} where ${holds} limit 1`;
				if (rows.length > 0) found.push(`${name}.${column} holds ${secret}`);
			}
		expect(found).toEqual([]);
	});
});
