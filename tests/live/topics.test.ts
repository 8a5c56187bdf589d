import { beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Actor } from '#domain/network/role.ts';
import { seedId } from '#db/seed/id.ts';
import { signedInAs, type TestBackend, testBackend, until } from '../support/backend.ts';
import { type Browser, browser, endRoles, fillIn, freshPlan, type Live, openLive, writer } from '../support/sockets.ts';

const workingGroups = seedId('programme', 'working-groups');
const incluCities = seedId('programme', 'inclucities');
const lead = { [workingGroups]: 'lead@eurocities.example', [incluCities]: 'lead@cemr.example' };

let one: TestBackend;
let two: TestBackend;
let here: Live;
/** Another process of the same installation. */
let there: Live;
beforeAll(async () => {
	one = await testBackend();
	two = await testBackend({ url: one.url, clock: one.clock });
	[here, there] = [await openLive(one), await openLive(two)];
});

const topicOf = (programme: string) => ({ topic: `programme:${programme}` });
async function listener(email: string, programme: string, live = here): Promise<{ tab: Browser; actor: Actor }> {
	const { token, actor } = await signedInAs(one, email);
	const tab = await browser({ url: live.url, token });
	const said = await tab.ask('topic:join', topicOf(programme));
	if (!said.ok) throw new Error(said.code);
	return { tab, actor };
}

/** A visiting expert begins a note, answers what the form requires, and sends it. */
async function sendNote(live = here): Promise<void> {
	const { token, actor } = await signedInAs(one, 'expert@bologna.example');
	const { noteId } = await one.backend.reviews.startNote(actor, {
		reviewId: seedId('review', 'munich'),
		sessionId: seedId('session', 'munich', 'opening'),
		formCode: 'F9',
		language: 'en'
	});
	const { form, documentId } = await one.backend.reviews.note(actor, { noteId });
	const author = await writer({ url: live.url, token, document: documentId! });
	fillIn(author.doc, form);
	await until('the answers are stored', () => author.settled);
	const sent = await one.backend.reviews.sendNote(actor, { noteId, seq: author.seq });
	if ('issues' in sent) throw new Error(JSON.stringify(sent.issues));
	author.tab!.close();
}

describe('the programme’s page is told', () => {
	test.each([
		['on the process where it happened', () => here],
		['on another process', () => there]
	] as const)('when a note was sent, %s', async (_where, live) => {
		const { tab } = await listener(lead[workingGroups]!, workingGroups, live());
		const { tab: elsewhere } = await listener(lead[incluCities]!, incluCities, live());
		await sendNote();
		await until('the lead hears of it', () => tab.heard('topic').length > 0, 2_000);
		expect(tab.heard('topic')).toEqual([topicOf(workingGroups)]);
		await elsewhere.ask('topic:leave', topicOf(incluCities));
		expect(elsewhere.heard('topic')).toEqual([]);
	});

	test.each([
		['on the process where it happened', () => here],
		['on another process', () => there]
	] as const)('when a plan changed, %s, with a line that says what', async (_where, live) => {
		const { document, planId } = await freshPlan(one);
		const { tab, actor } = await listener(lead[incluCities]!, incluCities, live());
		const { token } = await signedInAs(one, 'mentor@mechelen.example');
		const author = await writer({ url: here.url, token, document });
		author.doc.transact(() => {
			const heading = new Y.XmlElement('heading');
			heading.setAttribute('level', '2');
			heading.insert(0, [new Y.XmlText('D Goals')]);
			author.doc.getXmlFragment('body').push([heading]);
			author.type('Two buddies for each newcomer');
		});
		await until('the lead hears of it', () => tab.heard('topic').length > 0);
		expect(tab.heard('topic')[0]).toEqual(topicOf(incluCities));
		const { activity } = await one.backend.progress.programme(actor, { programmeId: incluCities });
		expect(activity.find((line) => line.subjectId === planId)).toMatchObject({
			kind: 'plan-changed',
			people: ['Liesbeth Maes'],
			detail: { heading: 'D Goals', added: 5, removed: 0 }
		});
		// Who asks for its rows at this moment has them already: the notice comes after the commit.
		const [row] = await one.sql`select projected_seq, dirty_at from collaboration.documents where id = ${document}`;
		expect(row).toMatchObject({ projected_seq: 1, dirty_at: null });
	});

	test('what happens while a page is away is not told twice when it is back', async () => {
		const { tab } = await listener(lead[workingGroups]!, workingGroups);
		await tab.ask('topic:leave', topicOf(workingGroups));
		await sendNote();
		await tab.ask('topic:join', topicOf(workingGroups));
		await sendNote();
		await until('the lead hears of the second', () => tab.heard('topic').length > 0, 2_000);
		expect(tab.heard('topic')).toHaveLength(1);
	});

	test('a page that may have missed something is told to look again', async () => {
		const { tab } = await listener(lead[workingGroups]!, workingGroups, there);
		const cut = await one.sql`
			select pg_terminate_backend(pid) from pg_stat_activity
			where datname = current_database() and query ilike 'listen%'`;
		expect(cut).toHaveLength(2);
		await until('the lead looks again', () => tab.heard('topic').length > 0, 5_000);
		expect(tab.heard('topic')[0]).toEqual(topicOf(workingGroups));
	});
});

describe('who may not hear of a programme', () => {
	const refused = { ok: false, code: 'not-found', retry: false };

	test.each([
		['a mentor of one of its pairs', 'mentor@mechelen.example'],
		['a guest', 'guest@ngo.example'],
		['the lead of another programme', lead[workingGroups]!],
		['somebody of the network without a role', 'stranger@turku.example']
	])('%s gets the answer of a programme that is not there', async (_who, email) => {
		const { token } = await signedInAs(one, email);
		const tab = await browser({ url: here.url, token });
		expect(await tab.ask('topic:join', topicOf(incluCities))).toEqual(refused);
		expect(await tab.ask('topic:join', topicOf(seedId('programme', 'none')))).toEqual(refused);
		expect(here.io.sockets.adapter.sids.get(tab.socket.id!)?.size).toBe(1);
	});

	test.each([
		['the same process', workingGroups, () => here],
		['another process', incluCities, () => there]
	] as const)('a lead whose role ended hears nothing more, on %s', async (_where, programme, live) => {
		const { tab, actor } = await listener(lead[programme]!, programme, live());
		const { tab: admin } = await listener('admin@eurocities.example', programme, live());
		const room = `topic:programme:${programme}`;
		await endRoles(one, actor.personId);
		await until('the lead left', () => !live().io.sockets.adapter.sids.get(tab.socket.id!)?.has(room), 2_000);
		await one.backend.parts.bus.tell(one.sql, { about: 'topics', topics: [`programme:${programme}`] });
		await until('the admin hears it', () => admin.heard('topic').length > 0);
		expect(await tab.ask('topic:join', topicOf(programme))).toEqual(refused);
		expect(tab.heard('topic')).toEqual([]);
	});
});

test('nothing of all this was a fault', () => {
	expect([...one.faults, ...two.faults]).toEqual([]);
});
