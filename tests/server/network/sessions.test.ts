import { describe, expect, test } from 'vitest';
import { sessionLimits } from '#domain/network/session.ts';
import type { Told } from '#server/basics/bus.ts';
import { sessionCookie, sessionCookieName } from '#server/network/cookie.ts';
import { signedInAs, testBackend, until } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { network } = backend;
const hour = 3_600_000;
const day = 24 * hour;

const told: Extract<Told, { about: 'rights' }>[] = [];
backend.parts.bus.hear('rights', (notice) => void told.push(notice));

async function seenAt(token: string): Promise<Date> {
	const [row] = await sql<{ seenAt: Date }[]>`
		select seen_at as "seenAt" from network.sessions where id = ${token.split('.')[0]!}`;
	return row!.seenAt;
}

describe('the cookie', () => {
	test.each([
		['nothing', undefined],
		['empty', ''],
		['a dot', '.'],
		['dots', '....'],
		['one half', 'abcdefghij0123456789'],
		['too short', 'abc.def'],
		['too long', `${'a'.repeat(21)}.${'b'.repeat(20)}`],
		['three parts', `${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`],
		['ten kilobytes', 'x'.repeat(10_240)],
		['ten kilobytes with a dot', `${'x'.repeat(5_120)}.${'y'.repeat(5_120)}`],
		['unicode', `${'ä'.repeat(20)}.${'ß'.repeat(20)}`],
		['emoji', `${'👩‍💻'.repeat(4)}.${'🏳️‍🌈'.repeat(4)}`],
		['full-width letters', `${'ａ'.repeat(20)}.${'ｂ'.repeat(20)}`],
		['a null byte', `${'a'.repeat(19)}\0.${'b'.repeat(20)}`],
		['line breaks', `${'a'.repeat(20)}.${'b'.repeat(20)}\n`],
		['sql', "' or '1'='1"],
		['sql in the right length', "a' or 1=1 --00000000.aaaaaaaaaaaaaaaaaaaa"],
		['like wildcards', `${'%'.repeat(20)}.${'_'.repeat(20)}`],
		['json', '{"id":"x"}'],
		['url encoded', `${'%61'.repeat(7)}.${'%62'.repeat(7)}`],
		['an unknown but well-formed one', `${'a'.repeat(20)}.${'b'.repeat(20)}`]
	])('with %s is a stranger’s, not an error', async (_what, token) => {
		expect(await network.whoIs(token)).toBeUndefined();
	});

	test('with the right id and a wrong secret is a stranger’s, also with somebody else’s secret', async () => {
		const mine = (await signedInAs(t, 'expert@bologna.example')).token;
		const theirs = (await signedInAs(t, 'colleague@bologna.example')).token;
		const [[id, secret], [, otherSecret]] = [mine.split('.'), theirs.split('.')];
		const almost = secret!.slice(0, -1) + (secret!.endsWith('A') ? 'B' : 'A');
		for (const wrong of [otherSecret, almost, 'A'.repeat(20), id])
			expect(await network.whoIs(`${id}.${wrong}`)).toBeUndefined();
		expect(await network.whoIs(`${secret}.${id}`)).toBeUndefined();
		expect((await network.whoIs(mine))?.name).toBe('Giulia Ferretti');
	});

	test('is found in a header of many, is none in a malformed one, and over TLS is bound to the host', () => {
		expect(sessionCookie('a=b; session=x.y; c=d')).toBe('x.y');
		expect(sessionCookie('__Host-session=x=y')).toBe('x=y');
		for (const header of [undefined, '', ';;;', 'session', 'sessions=x', 'a=session=x', '='.repeat(10_240)])
			expect(sessionCookie(header) || undefined).toBeUndefined();
		expect(sessionCookieName('https://peers.example')).toBe('__Host-session');
		expect(sessionCookieName('http://localhost:3000')).toBe('session');
	});

	test('bound to the host counts more than one that a neighbouring site could have set', () => {
		expect(sessionCookie('session=theirs; __Host-session=mine')).toBe('mine');
		expect(sessionCookie('__Host-session=mine; session=theirs')).toBe('mine');
	});
});

describe('a session', () => {
	test('is over after 30 days without a request, by the server’s clock', async () => {
		const { token, actor } = await signedInAs(t, 'expert@malmo.example');
		clock.move(sessionLimits.idleMs - 1);
		expect((await network.whoIs(token))?.personId).toBe(actor.personId);
		clock.move(sessionLimits.idleMs);
		expect(await network.whoIs(token)).toBeUndefined();
		expect(await network.askAgain(actor)).toBeUndefined();
	});

	test('is over after 180 days, however often it is used', async () => {
		const { token, actor } = await signedInAs(t, 'expert@malmo.example');
		for (let used = 0; used < 7; used++) {
			clock.move(25 * day);
			expect((await network.whoIs(token))?.personId).toBe(actor.personId);
		}
		clock.move(5 * day - 1);
		expect(await network.askAgain(actor)).toBeDefined();
		clock.move(1);
		expect(await network.whoIs(token)).toBeUndefined();
		expect(await network.askAgain(actor)).toBeUndefined();
	});

	test('is marked as seen at most once an hour', async () => {
		const { token } = await signedInAs(t, 'expert@ghent.example');
		const start = await seenAt(token);
		clock.move(hour - 1);
		for (let look = 0; look < 5; look++) await network.whoIs(token);
		expect(await seenAt(token)).toEqual(start);
		clock.move(1);
		await network.whoIs(token);
		expect(await seenAt(token)).toEqual(new Date(start.getTime() + hour));
	});

	test('asked again while a connection is open does not count as a use', async () => {
		const { token, actor } = await signedInAs(t, 'expert@ghent.example');
		const start = await seenAt(token);
		clock.move(5 * hour);
		expect(await network.askAgain(actor)).toMatchObject({ personId: actor.personId, sessionId: actor.sessionId });
		expect(await seenAt(token)).toEqual(start);
	});

	test('N4: knows the roles of today: not of tomorrow, not of yesterday, from the first to the last day', async () => {
		const { token, actor } = await signedInAs(t, 'stranger@turku.example');
		const today = actor.today;
		const shifted = (days: number) => new Date(Date.parse(today) + days * day).toISOString().slice(0, 10);
		const [review] = await sql<{ id: string }[]>`select id from reviews.reviews where closed_at is null`;
		await sql`
			insert into network.roles (id, person_id, role, scope_kind, scope_id, since, until, granted_at)
			values (${backend.parts.chance.id()}, ${actor.personId}, 'visiting-expert', 'review', ${review!.id}, ${shifted(2)}, ${shifted(3)}, now())`;
		const reads = async () => {
			const now = await network.whoIs(token);
			return backend.reviews.review(now!, { reviewId: review!.id }).then(
				() => true,
				() => false
			);
		};
		const seen: boolean[] = [];
		for (let days = 0; days < 5; days++) {
			seen.push(await reads());
			clock.move(day);
		}
		expect(seen).toEqual([false, false, true, true, false]);
	});

	test('B1-16: ends with the deactivation of its person', async () => {
		const { token, actor } = await signedInAs(t, 'colleague@ghent.example');
		await sql`update network.people set deactivated_at = ${clock.now()} where id = ${actor.personId}`;
		expect(await network.whoIs(token)).toBeUndefined();
		expect(await network.askAgain(actor)).toBeUndefined();
	});
});

describe('the list of one’s sessions', () => {
	test('shows one’s own devices with the newest use first and this one marked, and no secret', async () => {
		const first = await signedInAs(t, 'expert@leeds.example');
		clock.move(hour);
		const second = await signedInAs(t, 'expert@leeds.example');
		await signedInAs(t, 'colleague@leeds.example');
		const listed = await network.listSessions(first.actor);
		expect(listed.map(({ id, here, device }) => ({ id, here, device }))).toEqual([
			{ id: second.actor.sessionId, here: false, device: 'Chrome, Linux' },
			{ id: first.actor.sessionId, here: true, device: 'Chrome, Linux' }
		]);
		expect(JSON.stringify(listed)).not.toContain(second.token.split('.')[1]);
	});

	test('leaves out what is over', async () => {
		const old = await signedInAs(t, 'expert@utrecht.example');
		clock.move(sessionLimits.idleMs);
		const fresh = await signedInAs(t, 'expert@utrecht.example');
		expect((await network.listSessions(fresh.actor)).map(({ id }) => id)).toEqual([fresh.actor.sessionId]);
		expect(await network.whoIs(old.token)).toBeUndefined();
	});

	test('N13: ending another device of one’s own puts it out at once, and tells open connections', async () => {
		const here = await signedInAs(t, 'friend@rotterdam.example');
		const lost = await signedInAs(t, 'friend@rotterdam.example');
		told.length = 0;
		await network.endOwnSession(here.actor, { sessionId: lost.actor.sessionId });
		expect(await network.whoIs(lost.token)).toBeUndefined();
		expect(await network.askAgain(lost.actor)).toBeUndefined();
		expect((await network.whoIs(here.token))?.personId).toBe(here.actor.personId);
		await until('the notice', () => told.some(({ people }) => people.includes(here.actor.personId)));
	});

	test('N2: another person’s session, one that is over and one that never was answer alike', async () => {
		const mine = await signedInAs(t, 'expert@barcelona.example');
		const theirs = await signedInAs(t, 'colleague@barcelona.example');
		const ended = await signedInAs(t, 'expert@barcelona.example');
		await network.signOut(ended.actor);
		for (const sessionId of [
			theirs.actor.sessionId,
			ended.actor.sessionId,
			'A'.repeat(20),
			'',
			'ä',
			'\0',
			"' or true --"
		])
			await expect(network.endOwnSession(mine.actor, { sessionId })).rejects.toMatchObject({ code: 'not-found' });
		expect(await network.whoIs(theirs.token)).toBeDefined();
	});

	test('signing out ends this session and no other', async () => {
		const here = await signedInAs(t, 'expert@madrid.example');
		const other = await signedInAs(t, 'expert@madrid.example');
		await network.signOut(here.actor);
		expect(await network.whoIs(here.token)).toBeUndefined();
		expect(await network.whoIs(other.token)).toBeDefined();
	});

	test('N12: start and end of a session stand in the audit trail', async () => {
		const { actor } = await signedInAs(t, 'colleague@madrid.example');
		await network.signOut(actor);
		const rows = await sql<{ act: string }[]>`
			select act from network.audit where subject_kind = 'session' and subject_id = ${actor.sessionId} order by id`;
		expect(rows.map(({ act }) => act)).toEqual(['session.start', 'session.end']);
	});
});
