import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { unpackRows } from '#domain/collaboration/rows.ts';
import { schemaVersion } from '#domain/collaboration/wire.ts';
import { seedId } from '#db/seed/id.ts';
import { connect, type Sql } from '#server/basics/database.ts';
import { freezeDocument } from '#server/collaboration/documents.ts';
import { signedInAs, type TestBackend, testBackend, until } from '../support/backend.ts';
import {
	allSettled,
	anUpdate,
	browser,
	endRoles,
	freshPlan,
	type Live,
	logOf,
	openLive,
	replayed,
	writer,
	type Writer
} from '../support/sockets.ts';

const mentor = 'mentor@mechelen.example';
const mentee = 'mentee@capaci.example';

let one: TestBackend;
let two: TestBackend;
/** Two processes of one installation: two backends on one database, each with sockets of its own. */
let here: Live;
let there: Live;
/** Somebody who looks at the database from outside. */
let outside: Sql;
const tokens = new Map<string, string>();

beforeAll(async () => {
	one = await testBackend();
	two = await testBackend({ url: one.url, clock: one.clock });
	[here, there] = [await openLive(one), await openLive(two)];
	outside = connect(one.url, 'tests', 4);
	return () => outside.end({ timeout: 5 });
});

async function tokenOf(email: string): Promise<string> {
	const token = tokens.get(email) ?? (await signedInAs(one, email)).token;
	tokens.set(email, token);
	return token;
}
const tabOf = async (email: string, live = here) => browser({ url: live.url, token: await tokenOf(email) });
const writerOf = async (email: string, document: string, live = here, more = {}) =>
	writer({ url: live.url, token: await tokenOf(email), document, ...more });
const joinOf = (document: string, more: { epoch?: string | null; since?: number; schema?: number } = {}) => ({
	document,
	epoch: null,
	since: 0,
	schema: schemaVersion,
	...more
});
/** An update that nobody acknowledged yet. */
const message = (document: string, data = anUpdate()) => ({ document, message: randomUUID(), data });
const headOf = async (document: string) =>
	(await outside<{ head: number }[]>`select head_seq as head from collaboration.documents where id = ${document}`)[0]!
		.head;

/** Waits until this many connections of the backends wait for a lock. */
const waitsForLock = (many = 1) =>
	until('somebody waits for the lock', async () => {
		const [row] = await outside<{ n: number }[]>`
			select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
		return row!.n >= many;
	});

describe('joining', () => {
	const plan = seedId('document', 'plan', 'mechelen-capaci');

	test('a browser that knows nothing gets the whole log, in order, with the name the server knows', async () => {
		const tab = await tabOf(mentor);
		const joined = await tab.ask('document:join', joinOf(plan));
		if (!joined.ok) throw new Error(joined.code);
		const head = await headOf(plan);
		expect(head).toBeGreaterThan(3);
		expect(unpackRows(joined.rows).map((row) => row.seq)).toEqual(
			Array.from({ length: head }, (_, index) => index + 1)
		);
		expect(joined).toMatchObject({ epoch: seedId('epoch', 'plan', 'mechelen-capaci'), head, snapshot: null });
		expect(joined).toMatchObject({ mayWrite: true, whyNot: null, me: { name: 'Liesbeth Maes', city: 'Mechelen' } });
	});

	test('a browser with a copy gets only the rows behind it', async () => {
		const tab = await tabOf(mentor);
		const head = await headOf(plan);
		const epoch = seedId('epoch', 'plan', 'mechelen-capaci');
		const warm = await tab.ask('document:join', joinOf(plan, { epoch, since: head - 2 }));
		expect(warm.ok && unpackRows(warm.rows).map((row) => row.seq)).toEqual([head - 1, head]);
		const upToDate = await tab.ask('document:join', joinOf(plan, { epoch, since: head }));
		expect(upToDate).toMatchObject({ ok: true, head });
		expect(upToDate.ok && unpackRows(upToDate.rows)).toEqual([]);
	});

	test('a browser with a copy of another history gets everything, and the history’s name', async () => {
		const tab = await tabOf(mentor);
		const head = await headOf(plan);
		const joined = await tab.ask('document:join', joinOf(plan, { epoch: randomUUID(), since: head }));
		expect(joined.ok && unpackRows(joined.rows)).toHaveLength(head);
		expect(joined.ok && joined.epoch).toBe(seedId('epoch', 'plan', 'mechelen-capaci'));
	});

	test('a document that is not there and one that is not yours answer alike', async () => {
		const stranger = await tabOf('stranger@turku.example');
		const refused = { ok: false, code: 'not-found', retry: false };
		expect(await stranger.ask('document:join', joinOf(plan))).toEqual(refused);
		expect(await stranger.ask('document:join', joinOf(randomUUID()))).toEqual(refused);
	});

	test('somebody who may not read hears nothing, also not while the question is being answered', async () => {
		const { document } = await freshPlan(one);
		const [stranger, author] = [await tabOf('stranger@turku.example'), await writerOf(mentor, document)];
		let asked!: Promise<unknown>;
		await outside.begin(async (tx) => {
			await tx`lock table mentoring.plans in access exclusive mode`;
			asked = stranger.ask('document:join', joinOf(document));
			await waitsForLock();
			author.type('for the pair only');
			await until('the words are stored', () => author.settled);
		});
		expect(await asked).toMatchObject({ ok: false, code: 'not-found' });
		expect(stranger.heard('document:rows')).toEqual([]);
	});

	test('what is stored while the answer is on its way reaches the tab before the answer', async () => {
		const { document } = await freshPlan(one);
		const author = await writerOf(mentor, document);
		const { token } = await signedInAs(one, mentee);
		let joining!: Promise<Writer>;
		await outside.begin(async (tx) => {
			// The last thing the answer needs is the city of who asks.
			await tx`lock table network.affiliations in access exclusive mode`;
			joining = writer({ url: here.url, token, document });
			await waitsForLock();
			author.type('told in between');
			await until('it is stored', () => author.settled);
		});
		const late = await joining;
		expect(late.words).toBe(author.words);
		expect(late.joins).toBe(1);
	});

	test('a tab that leaves while it joins is not in', async () => {
		const { document } = await freshPlan(one);
		const [tab, author] = [await tabOf(mentee), await writerOf(mentor, document)];
		const asked = tab.ask('document:join', joinOf(document));
		await tab.ask('document:leave', { document });
		await asked;
		expect(await tab.ask('document:update', message(document))).toMatchObject({ ok: false });
		author.type('after it left');
		await until('the words are stored', () => author.settled);
		await tab.ask('document:leave', { document });
		expect(tab.heard('document:rows')).toEqual([]);
	});
});

describe('writing', () => {
	test.each([
		['on one process', () => [here, here]],
		['on two processes', () => [here, there]]
	] as const)('two people see each other’s words, %s', async (_where, lives) => {
		const { document } = await freshPlan(one);
		const [first, second] = lives();
		const anna = await writerOf(mentor, document, first);
		const bruno = await writerOf(mentee, document, second);
		anna.type('written in Mechelen');
		bruno.type('written in Capaci');
		await allSettled(outside, [anna, bruno]);
		expect(anna.words).toBe(bruno.words);
		expect(anna.words).toContain('written in Mechelen');
		expect(anna.words).toContain('written in Capaci');
		expect(await replayed(outside, document)).toBe(anna.words);
	});

	test('who types over long polling is kept as well', async () => {
		const { document } = await freshPlan(one);
		const polling = await writerOf(mentor, document, here, { transports: ['polling'] });
		const reader = await writerOf(mentee, document);
		polling.type('through the city’s firewall');
		await allSettled(outside, [polling, reader]);
		expect(reader.words).toContain('through the city’s firewall');
	});

	test('acknowledged means committed: the row is there under that number when the answer arrives', async () => {
		const { document } = await freshPlan(one);
		const tab = await tabOf(mentor);
		await tab.ask('document:join', joinOf(document));
		const tries = Array.from({ length: 30 }, () => message(document));
		const seen = await Promise.all(
			tries.map(async (update) => {
				const said = await tab.ask('document:update', update);
				const rows = await outside`
					select seq from collaboration.updates
					where document_id = ${document} and message_id = ${update.message} and data = ${Buffer.from(update.data)}`;
				return { said: said.ok && said.seq, stored: rows[0]?.seq as unknown };
			})
		);
		expect(seen.every(({ said, stored }) => typeof said === 'number' && said === stored)).toBe(true);
	});

	test('before the commit nothing is acknowledged, and nobody sees words that a crash could take back', async () => {
		const { document } = await freshPlan(one);
		const [author, reader] = [await writerOf(mentor, document), await writerOf(mentee, document)];
		await outside.begin(async (tx) => {
			await tx`select from collaboration.documents where id = ${document} for update`;
			author.type('not yet stored');
			await waitsForLock();
			// A question that is answered after anything the server had to say before.
			await Promise.all([author, reader].map((who) => who.tab!.ask('topic:leave', { topic: `programme:${document}` })));
			expect(author.acknowledged).toEqual([]);
			expect(reader.words).toBe('');
		});
		await allSettled(outside, [author, reader]);
		expect(reader.words).toContain('not yet stored');
	});

	test('the same message is stored once and answers the same number, however often and wherever it is sent', async () => {
		const { document } = await freshPlan(one);
		const tabs = [await tabOf(mentor), await tabOf(mentor), await tabOf(mentor, there)];
		await Promise.all(tabs.map((tab) => tab.ask('document:join', joinOf(document))));
		const again = message(document);
		const atOnce = await Promise.all(
			tabs.flatMap((tab) => [tab.ask('document:update', again), tab.ask('document:update', again)])
		);
		const later = await tabs[1]!.ask('document:update', again);
		expect([...atOnce, later].map((said) => said.ok && said.seq)).toEqual(Array(7).fill(1));
		expect(await logOf(outside, document)).toHaveLength(1);
	});

	test('one message number used in two documents at once counts in each of them', async () => {
		const [first, second] = [await freshPlan(one), await freshPlan(one)];
		const [author, reader] = [await writerOf(mentor, first.document), await writerOf(mentee, second.document)];
		const tab = await tabOf(mentor);
		for (const { document } of [first, second]) await tab.ask('document:join', joinOf(document));
		// The second document is three rows behind, so that a mixed-up number would show.
		for (const words of ['one', 'two', 'three']) author.type(words);
		await until('the three are stored', () => author.settled);
		const shared = randomUUID();
		const said = await Promise.all(
			[first, second].map(({ document }) =>
				tab.ask('document:update', { document, message: shared, data: anUpdate('under one number') })
			)
		);
		expect(said.map((answer) => answer.ok && answer.seq)).toEqual([4, 1]);
		await allSettled(outside, [author]);
		await allSettled(outside, [reader]);
		expect(author.words).toContain('under one number');
		expect(reader.words).toContain('under one number');
	});

	test('numbers have no gap and no double under eight writers on two processes', async () => {
		const { document } = await freshPlan(one);
		const people = [mentor, 'deputy@mechelen.example', mentee, 'deputy@capaci.example'];
		const writers = await Promise.all(
			[here, there].flatMap((live) => people.map((email) => writerOf(email, document, live)))
		);
		for (let round = 1; round <= 25; round++)
			for (const [index, who] of writers.entries()) who.type(`round ${round} of writer ${index}`);
		await allSettled(outside, writers, 20_000);
		const log = await logOf(outside, document);
		expect(log.map((row) => row.seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
		const acknowledged = new Map(writers.flatMap((who) => who.acknowledged).map((ack) => [ack.message, ack.seq]));
		expect(log.every((row) => acknowledged.get(row.message) === row.seq)).toBe(true);
		expect(new Set(writers.map((who) => who.words)).size).toBe(1);
	});

	test('a browser that sees a hole asks for what it lacks, and has it', async () => {
		const { document } = await freshPlan(one);
		const [author, reader] = [await writerOf(mentor, document), await writerOf(mentee, document)];
		reader.deaf = true;
		author.type('told while nobody listened');
		await until('it is stored', () => author.settled);
		// Answered after the rows were told: they are lost now.
		await reader.tab!.ask('topic:leave', { topic: `programme:${document}` });
		expect([reader.words, reader.joins]).toEqual(['', 1]);
		reader.deaf = false;
		author.type('and the next words');
		await allSettled(outside, [author, reader]);
		expect(reader.words).toBe(author.words);
		expect(reader.joins).toBe(2);
	});

	test('notices lost between processes are made up for when the line is back', async () => {
		const { document } = await freshPlan(one);
		const [author, reader] = [await writerOf(mentor, document, here), await writerOf(mentee, document, there)];
		const cut = await outside`
			select pg_terminate_backend(pid) from pg_stat_activity
			where datname = current_database() and query ilike 'listen%'`;
		expect(cut.length).toBe(2);
		author.type('told while the line was away');
		await allSettled(outside, [author, reader]);
		expect(reader.words).toContain('told while the line was away');
	});

	test('what was typed without a connection is sent under its old number when there is one again', async () => {
		const { document } = await freshPlan(one);
		const author = await writerOf(mentor, document);
		author.type('with a connection');
		await until('it is stored', () => author.settled);
		author.drop();
		author.type('in the tunnel');
		author.type('still in the tunnel');
		expect(author.outbox).toHaveLength(2);
		await author.connect({ url: there.url });
		await allSettled(outside, [author]);
		expect(await logOf(outside, document)).toHaveLength(3);
		expect(await replayed(outside, document)).toBe(author.words);
	});
});

describe('who may not write', () => {
	test.each([
		['an association', 'association@vvsg.example'],
		['a guest', 'guest@ngo.example'],
		['the project lead', 'lead@cemr.example'],
		['the facilitator', 'facilitator@migrationwork.example'],
		['the admin', 'admin@eurocities.example']
	])('%s reads the plan, and their update is refused and stored nowhere (CVE-2026-44564)', async (_who, email) => {
		const { document } = await freshPlan(one);
		const [author, reader] = [await writerOf(mentor, document), await writerOf(email, document)];
		author.type('by the mentor');
		await allSettled(outside, [author, reader]);
		expect([reader.mayWrite, reader.whyNot]).toEqual([false, 'reader']);
		const before = await replayed(outside, document);
		expect(await reader.tab!.ask('document:update', message(document))).toMatchObject({ ok: false, code: 'not-found' });
		// Nor does the next update of somebody who may write carry it along.
		author.type('by the mentor again');
		await allSettled(outside, [author, reader]);
		expect(await logOf(outside, document)).toHaveLength(2);
		expect(author.words.startsWith(before)).toBe(true);
		expect(author.words).not.toContain('some words');
	});

	test('an update for a document that was not joined, was left, or is not there, is refused', async () => {
		const { document } = await freshPlan(one);
		const tab = await tabOf(mentor);
		const refused = { ok: false, code: 'not-found' };
		expect(await tab.ask('document:update', message(document))).toMatchObject(refused);
		await tab.ask('document:join', joinOf(document));
		await tab.ask('document:leave', { document });
		expect(await tab.ask('document:update', message(document))).toMatchObject(refused);
		expect(await tab.ask('document:update', message(randomUUID()))).toMatchObject(refused);
		expect(await logOf(outside, document)).toEqual([]);
	});

	test('a tab from before the last release reads only, also after its rights were asked again', async () => {
		const { document } = await freshPlan(one);
		const old = await tabOf(mentor);
		const joined = await old.ask('document:join', joinOf(document, { schema: schemaVersion - 1 }));
		expect(joined).toMatchObject({ ok: true, mayWrite: false, whyNot: 'old-tab' });
		expect(await old.ask('document:update', message(document))).toMatchObject({ ok: false });
		const { actor } = await signedInAs(one, mentor);
		const before = actorsOf(here, actor.personId);
		await one.backend.parts.bus.tell(one.sql, { about: 'rights', people: [actor.personId] });
		await until('rights were asked again', () => actorsOf(here, actor.personId).every((now) => !before.includes(now)));
		await old.ask('topic:leave', { topic: `programme:${document}` });
		expect(await old.ask('document:update', message(document))).toMatchObject({ ok: false });
		expect(await logOf(outside, document)).toEqual([]);
	});

	test.each([
		['the same process', () => here],
		['another process', () => there]
	] as const)(
		'a frozen document takes nothing more, and all who have it open are told, on %s',
		async (_where, live) => {
			const { document } = await freshPlan(one);
			const author = await writerOf(mentor, document, live());
			author.type('the last words');
			await until('they are stored', () => author.settled);
			await one.sql.begin((tx) => freezeDocument(one.backend.parts, tx, document, 1));
			await until('the tab was told', () => author.whyNot === 'frozen', 2_000);
			expect([author.joins, author.mayWrite]).toEqual([2, false]);
			const late = await author.tab!.ask('document:update', message(document));
			expect(late).toEqual({ ok: false, code: 'closed', retry: false });
			expect(await logOf(outside, document)).toHaveLength(1);
		}
	);

	test('an update that was under way when the document was frozen is refused as closed', async () => {
		const { document } = await freshPlan(one);
		const tab = await tabOf(mentor);
		await tab.ask('document:join', joinOf(document));
		let late!: Promise<unknown>;
		await outside.begin(async (tx) => {
			await tx`update collaboration.documents set frozen_at = now() where id = ${document}`;
			late = tab.ask('document:update', message(document));
			await waitsForLock();
		});
		expect(await late).toEqual({ ok: false, code: 'closed', retry: false });
		expect(await logOf(outside, document)).toEqual([]);
	});
});

/** What a process holds of who a person is, one for each of their connections. */
const actorsOf = (live: Live, personId: string) =>
	[...live.io.sockets.sockets.values()].map((socket) => socket.data.actor).filter((one) => one.personId === personId);

describe('rights that end while somebody is connected', () => {
	test.each([
		['the same process', 'deputy@mechelen.example', () => here],
		['another process', 'deputy@capaci.example', () => there]
	] as const)(
		'a role that ended writes no more and reads no more within two seconds, on %s (CVE-2026-44553)',
		async (_where, email, live) => {
			const { document } = await freshPlan(one);
			const { actor, token } = await signedInAs(one, email);
			const leaver = await writer({ url: live().url, token, document });
			const stays = await writerOf(mentor, document, live());
			leaver.type('while the role lasted');
			await allSettled(outside, [leaver, stays]);
			await endRoles(one, actor.personId);
			await until('the leaver is out', () => leaver.whyNot === 'not-found', 2_000);
			const late = await leaver.tab!.ask('document:update', message(document));
			expect(late).toMatchObject({ ok: false, code: 'not-found' });
			const heard = leaver.tab!.heard('document:rows').length;
			stays.type('after the leaver left');
			await until('it is stored', () => stays.settled);
			await leaver.tab!.ask('topic:leave', { topic: `programme:${document}` });
			expect(leaver.tab!.heard('document:rows')).toHaveLength(heard);
			expect(await logOf(outside, document)).toHaveLength(2);
		}
	);

	test('a join that was under way when the role ended does not come through', async () => {
		const { document } = await freshPlan(one, 'fuenlabrada-levadia');
		const { actor, token } = await signedInAs(one, 'deputy@levadia.example');
		const tab = await browser({ url: here.url, token });
		let asked!: Promise<unknown>;
		await outside.begin(async (tx) => {
			await tx`lock table collaboration.updates in access exclusive mode`;
			asked = tab.ask('document:join', joinOf(document));
			await waitsForLock();
			const [before] = actorsOf(here, actor.personId);
			await endRoles(one, actor.personId);
			await until('rights were asked again', () => actorsOf(here, actor.personId)[0] !== before);
		});
		expect(await asked).toMatchObject({ ok: false, code: 'not-found' });
		expect(await tab.ask('document:update', message(document))).toMatchObject({ ok: false });
		expect(here.io.sockets.adapter.rooms.has(`document:${document}`)).toBe(false);
		expect(await logOf(outside, document)).toEqual([]);
	});

	test.each([
		['the same process', () => here],
		['another process', () => there]
	] as const)(
		'a session that ended is told so, cut off within two seconds and cannot come back, on %s',
		async (_where, live) => {
			const { document } = await freshPlan(one);
			const { actor, token } = await signedInAs(one, mentee);
			const ended = await writer({ url: live().url, token, document });
			const stays = await writerOf(mentee, document, live());
			await one.backend.network.signOut(actor);
			await until('the connection ended', () => !ended.tab!.socket.connected, 2_000);
			expect(ended.tab!.heard('signed-out')).toHaveLength(1);
			await expect(browser({ url: live().url, token })).rejects.toThrow('sign-in-needed');
			// The same person on another device goes on.
			stays.type('on the other device');
			await until('it is stored', () => stays.settled);
			expect(stays.tab!.socket.connected).toBe(true);
		}
	);

	test('somebody who was deactivated is cut off on every device and cannot come back', async () => {
		const { actor, token } = await signedInAs(one, 'deputy@levadia.example');
		const tabs = [await browser({ url: here.url, token }), await browser({ url: there.url, token })];
		await one.sql.begin(async (tx) => {
			await tx`update network.people set deactivated_at = now() where id = ${actor.personId}`;
			await one.backend.parts.bus.tell(tx, { about: 'rights', people: [actor.personId] });
		});
		await until('both connections ended', () => tabs.every((tab) => !tab.socket.connected), 2_000);
		await expect(browser({ url: here.url, token })).rejects.toThrow('sign-in-needed');
	});
});

test('nothing of all this was a fault', () => {
	expect([...one.faults, ...two.faults].filter((line) => !line.includes('terminating connection'))).toEqual([]);
});
