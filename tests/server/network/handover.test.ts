import { beforeEach, describe, expect, test } from 'vitest';
import { seedId } from '#db/seed/id.ts';
import { addDays } from '#domain/basics/day.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Told } from '#server/basics/bus.ts';
import { signedInAs, testBackend, until } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql } = t;
const { network, reviews, mentoring } = backend;

const munich = seedId('review', 'munich');
const capaci = seedId('pair', 'mechelen-capaci');
const capaciPlan = seedId('plan', 'mechelen-capaci');
const capaciDocument = seedId('document', 'plan', 'mechelen-capaci');

const told: Extract<Told, { about: 'rights' }>[] = [];
backend.parts.bus.hear('rights', (notice) => void told.push(notice));
beforeEach(() => void (told.length = 0));

const as = async (email: string): Promise<Actor> => (await signedInAs(t, email)).actor;
const admin = await as('admin@eurocities.example');
const { today } = admin;

/** Everything that is still in a person's hands: roles from today on, drafts, parts in groups. */
async function openItemsOf(personId: string): Promise<string[]> {
	const rows = await sql<{ item: string }[]>`
		select 'role ' || role || ' ' || scope_kind as item from network.roles
		where person_id = ${personId} and handed_to is null and (until is null or until >= ${today})
		union all
		select 'draft' from reviews.notes where holder_id = ${personId} and sent_at is null
		union all
		select 'part ' || part from visits.group_members
		where person_id = ${personId} and (until is null or until >= ${today})
		order by 1`;
	return rows.map(({ item }) => item);
}

async function draftOf(actor: Actor): Promise<string> {
	const sessionId = seedId('session', 'munich', '1', '1');
	return (await reviews.startNote(actor, { reviewId: munich, sessionId, formCode: 'F9', language: 'en' })).noteId;
}

async function give(personId: string, role: string, kind: string, id: string, since: string, last: string | null) {
	await sql`
		insert into network.roles (id, person_id, role, scope_kind, scope_id, since, until, granted_at)
		values (${backend.parts.chance.id()}, ${personId}, ${role}, ${kind}, ${id}, ${since}, ${last}, now())`;
}

/** The roles a person holds on a day, as their next request would know them. */
async function rolesOn(email: string, day = today): Promise<string[]> {
	const actor = await as(email);
	return actor.assignments
		.filter((held) => held.since <= day && (held.until === null || day <= held.until))
		.map(({ role, scopeKind }) => `${role} ${scopeKind}`)
		.sort();
}

describe('handing over', () => {
	test('N11, A4: leaves no role, no draft and no part in a group with the leaver; the colleague has them all', async () => {
		const leaver = await as('expert@bologna.example');
		const colleague = await as('editor@bologna.example');
		const drafts = [await draftOf(leaver), await draftOf(leaver)];
		const before = await openItemsOf(leaver.personId);
		expect(before).toEqual(['draft', 'draft', 'part note-taker', 'role visiting-expert review']);
		const own = await openItemsOf(colleague.personId);

		const form = await network.handoverForm(leaver, { from: leaver.personId });
		expect(form.roles.map(({ role, place }) => [role, place])).toEqual([
			['visiting-expert', 'Munich: social inclusion through education']
		]);
		expect(form.colleagues.map(({ name }) => name)).toEqual(['Davide Montanari', 'Marco Zanetti']);
		expect(await network.handOver(leaver, { from: leaver.personId, to: colleague.personId })).toEqual({ moved: 1 });

		expect(await openItemsOf(leaver.personId)).toEqual([]);
		expect(await openItemsOf(colleague.personId)).toEqual([...before, ...own].sort());
		// And so the product answers, not only the tables.
		const [former, present] = [await as('expert@bologna.example'), await as('editor@bologna.example')];
		await expect(reviews.review(former, { reviewId: munich })).rejects.toMatchObject({ code: 'not-found' });
		for (const noteId of drafts) {
			await expect(reviews.note(former, { noteId })).rejects.toMatchObject({ code: 'not-found' });
			expect(await reviews.note(present, { noteId })).toMatchObject({ mayWrite: true });
		}
		const seen = await reviews.review(present, { reviewId: munich });
		expect(seen.groups.filter(({ mine }) => mine).map(({ name }) => name)).toEqual(['Group 1']);
		expect((await backend.progress.myWork(former)).drafts).toEqual([]);
		expect((await backend.progress.myWork(present)).drafts).toHaveLength(2);
	});

	test('A4: history keeps both names, of the role, of the part, of the draft and of the handover', async () => {
		const [leaver, colleague] = [await as('expert@bologna.example'), await as('editor@bologna.example')];
		const both = [leaver.personId, colleague.personId].sort();
		const people = async (rows: PromiseLike<{ id: string }[]>) => (await rows).map(({ id }) => id).sort();
		expect(
			await people(sql`
				select person_id as id from network.roles
				where scope_id = ${munich} and person_id = any(${both}::uuid[])`)
		).toEqual(both);
		expect(
			await people(sql`
				select person_id as id from visits.group_members
				where group_id = ${seedId('group', 'munich', '1')} and person_id = any(${both}::uuid[])`)
		).toEqual(both);
		const notes = await sql`
			select distinct author_id as author, holder_id as holder from reviews.notes where holder_id = ${colleague.personId}`;
		expect(notes).toEqual([{ author: leaver.personId, holder: colleague.personId }]);
		expect(await sql`select from_person, to_person, done_by, items from network.handovers`).toEqual([
			{
				from_person: leaver.personId,
				to_person: colleague.personId,
				done_by: leaver.personId,
				items: [`visiting-expert review ${munich}`]
			}
		]);
		const roles = await sql<{ person: string; since: string; until: string | null; next: string | null }[]>`
			select r.person_id as person, r.since, r.until, n.person_id as next from network.roles r
			left join network.roles n on n.id = r.handed_to
			where r.scope_id = ${munich} and r.person_id = any(${both}::uuid[]) order by r.since`;
		expect(roles).toMatchObject([
			{ person: leaver.personId, until: addDays(today, -1), next: colleague.personId },
			{ person: colleague.personId, since: today, until: null, next: null }
		]);
	});

	test('of a seat in a pair moves the plan’s pen, and the pair shows both names', async () => {
		const leaver = await as('mentor@mechelen.example');
		// The deputy holds the same role already: it is not held twice.
		const colleague = await as('deputy@mechelen.example');
		expect(await backend.collaboration.rightsOn(leaver, capaciDocument)).toEqual({ read: true, write: true });
		expect(await network.handOver(leaver, { from: leaver.personId, to: colleague.personId })).toEqual({ moved: 1 });
		expect(await openItemsOf(leaver.personId)).toEqual([]);
		expect(await openItemsOf(colleague.personId)).toEqual(['role mentor pair']);
		const former = await as('mentor@mechelen.example');
		expect(await backend.collaboration.rightsOn(former, capaciDocument)).toEqual({ read: false, write: false });
		await expect(mentoring.plan(former, { planId: capaciPlan })).rejects.toMatchObject({ code: 'not-found' });
		expect(await mentoring.plan(await as('deputy@mechelen.example'), { planId: capaciPlan })).toMatchObject({
			mayWrite: true
		});
		const { people } = await mentoring.pair(admin, { pairId: capaci });
		expect(people.filter(({ role }) => role === 'mentor').map(({ name, until }) => [name, until])).toEqual([
			['Rachid El Idrissi', null],
			['Liesbeth Maes', addDays(today, -1)]
		]);
	});

	test('N13: tells the open connections of both, and ends the leaver’s sessions when an admin does it', async () => {
		const leaver = await signedInAs(t, 'mentee@capaci.example');
		const colleague = await signedInAs(t, 'deputy@capaci.example');
		await network.handOver(admin, { from: leaver.actor.personId, to: colleague.actor.personId });
		await until('the notices', () =>
			[leaver, colleague].every(({ actor }) => told.some(({ people }) => people.includes(actor.personId)))
		);
		expect(await network.whoIs(leaver.token)).toBeUndefined();
		expect(await network.askAgain(leaver.actor)).toBeUndefined();
		expect(await network.whoIs(colleague.token)).toBeDefined();
	});

	test('by oneself keeps one’s session, without the roles', async () => {
		const leaver = await signedInAs(t, 'mentor@fuenlabrada.example');
		const colleague = await as('deputy@fuenlabrada.example');
		await network.handOver(leaver.actor, { from: leaver.actor.personId, to: colleague.personId });
		expect((await network.whoIs(leaver.token))?.assignments).toEqual([]);
	});

	test('twenty times at once moves everything once', async () => {
		const leaver = await as('expert@brno.example');
		const [one, other] = [await as('colleague@brno.example'), await as('editor@brno.example')];
		const own = { one: await openItemsOf(one.personId), other: await openItemsOf(other.personId) };
		await draftOf(leaver);
		const results = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) =>
				network.handOver(index % 2 ? leaver : admin, {
					from: leaver.personId,
					to: index % 4 < 2 ? one.personId : other.personId
				})
			)
		);
		// For who comes after it is done there is nothing left to move, and for an admin nobody to move it from.
		for (const done of results)
			if (done.status === 'rejected') expect(done.reason).toMatchObject({ code: 'not-found' });
			else expect([{ moved: 0 }, { moved: 1 }]).toContainEqual(done.value);
		expect(results).toContainEqual({ status: 'fulfilled', value: { moved: 1 } });
		expect(await openItemsOf(leaver.personId)).toEqual([]);
		const heirs = await sql<{ to: string; items: string[] }[]>`
			select to_person as to, items from network.handovers
			where from_person = ${leaver.personId} and items <> '[]'`;
		expect(heirs).toEqual([{ to: expect.any(String), items: [`visiting-expert review ${munich}`] }]);
		// The draft, the part and the role went to the same colleague; the other has what they had.
		const [heir, held] = heirs[0]!.to === one.personId ? [one, own.one] : [other, own.other];
		const [rest, restHeld] = heir === one ? [other, own.other] : [one, own.one];
		expect(await openItemsOf(rest.personId)).toEqual(restHeld);
		const got = await openItemsOf(heir.personId);
		expect(got).toEqual([...new Set([...held, 'draft', 'part language-helper', 'role visiting-expert review'])].sort());
	});

	test('N11: of a role that began today leaves nothing with the leaver today', async () => {
		const leaver = await as('expert@lyon.example');
		const colleague = await as('colleague@lyon.example');
		const pair = seedId('pair', 'brussels-saint-jean-de-la-ruelle');
		await give(leaver.personId, 'facilitator', 'pair', pair, today, null);
		await network.handOver(leaver, { from: leaver.personId, to: colleague.personId });
		expect(await rolesOn('expert@lyon.example')).toEqual([]);
		expect(await rolesOn('colleague@lyon.example')).toEqual(['facilitator pair', 'visiting-expert review']);
		const again = await network.handoverForm(await as('expert@lyon.example'), { from: leaver.personId });
		expect(again.roles).toEqual([]);
	});

	test('N4, N11: of a role that begins later gives it to the colleague from that day, until its last day', async () => {
		const leaver = await as('expert@malmo.example');
		const colleague = await as('editor@copenhagen.example');
		// Somebody of the same city who holds nothing there yet.
		await sql`
			insert into network.affiliations (person_id, organisation_id, function, since)
			values (${colleague.personId}, ${seedId('organisation', 'malmo')}, '', '2026-01-01')`;
		const [first, last] = [addDays(today, 10), addDays(today, 20)];
		await give(leaver.personId, 'facilitator', 'pair', capaci, first, last);
		await network.handOver(leaver, { from: leaver.personId, to: colleague.personId });
		expect(await openItemsOf(leaver.personId)).toEqual([]);
		const facilitates = async (email: string) =>
			Promise.all(
				[today, first, last, addDays(last, 1)].map(async (day) =>
					(await rolesOn(email, day)).includes('facilitator pair')
				)
			);
		expect(await facilitates('expert@malmo.example')).toEqual([false, false, false, false]);
		expect(await facilitates('editor@copenhagen.example')).toEqual([false, true, true, false]);
	});

	test('N12: stands in the audit trail with who did it, from whom and to whom', async () => {
		const leaver = await as('expert@utrecht.example');
		const colleague = await as('colleague@utrecht.example');
		await network.handOver(admin, { from: leaver.personId, to: colleague.personId });
		const [row] = await sql`
			select person_id, subject_kind, subject_id, result, detail from network.audit
			where act = 'people.hand-over' order by id desc limit 1`;
		expect(row).toEqual({
			person_id: admin.personId,
			subject_kind: 'person',
			subject_id: leaver.personId,
			result: 'done',
			detail: { to: colleague.personId }
		});
	});
});

describe('who may hand over', () => {
	test('only to a colleague of the same organisation who is still there; nothing moves otherwise', async () => {
		const leaver = await as('expert@stuttgart.example');
		const gone = await as('colleague@stuttgart.example');
		const elsewhere = await as('expert@leeds.example');
		await sql`update network.people set deactivated_at = now() where id = ${gone.personId}`;
		const before = await openItemsOf(leaver.personId);
		for (const to of [
			elsewhere.personId,
			gone.personId,
			leaver.personId,
			seedId('nobody'),
			'',
			'x',
			null,
			undefined,
			7,
			[gone.personId],
			"' or 1=1 --"
		])
			for (const actor of [leaver, admin])
				expect(await network.handOver(actor, { from: leaver.personId, to })).toEqual({
					issues: [{ field: 'to', code: 'unknown-person' }]
				});
		expect(await openItemsOf(leaver.personId)).toEqual(before);
	});

	test('not to a former colleague', async () => {
		const leaver = await as('expert@madrid.example');
		const former = await as('colleague@madrid.example');
		await sql`update network.affiliations set until = '2026-01-31' where person_id = ${former.personId}`;
		expect(
			(await network.handoverForm(leaver, { from: leaver.personId })).colleagues.map(({ id }) => id)
		).not.toContain(former.personId);
		expect(await network.handOver(leaver, { from: leaver.personId, to: former.personId })).toHaveProperty('issues');
	});

	test('N2: not for others, unless one leads the programme or is admin; not there and not yours answer alike', async () => {
		const leaver = await as('expert@ghent.example');
		const colleague = await as('colleague@ghent.example');
		const before = await openItemsOf(leaver.personId);
		for (const email of [
			// The colleague, the host, the review lead, the lead of another programme, a guest, a stranger.
			'colleague@ghent.example',
			'host@munich.example',
			'review-lead@stockholm.example',
			'lead@cemr.example',
			'guest@ngo.example',
			'stranger@turku.example'
		]) {
			const actor = await as(email);
			for (const from of [leaver.personId, seedId('nobody'), 'x', "' or 1=1 --"]) {
				await expect(network.handoverForm(actor, { from })).rejects.toMatchObject({ code: 'not-found' });
				await expect(network.handOver(actor, { from, to: colleague.personId })).rejects.toMatchObject({
					code: 'not-found'
				});
			}
		}
		expect(await openItemsOf(leaver.personId)).toEqual(before);
		for (const email of ['lead@eurocities.example', 'admin@eurocities.example'])
			expect((await network.handoverForm(await as(email), { from: leaver.personId })).roles).toHaveLength(1);
	});

	test('a project lead moves the roles of their own programme and no others', async () => {
		const leaver = await as('expert@glasgow.example');
		const colleague = await as('colleague@glasgow.example');
		await give(leaver.personId, 'mentor', 'pair', seedId('pair', 'schaerbeek-jelgava'), '2026-01-01', null);
		const lead = await as('lead@cemr.example');
		expect((await network.handoverForm(lead, { from: leaver.personId })).roles.map(({ role }) => role)).toEqual([
			'mentor'
		]);
		expect(await network.handOver(lead, { from: leaver.personId, to: colleague.personId })).toEqual({ moved: 1 });
		expect(await rolesOn('expert@glasgow.example')).toEqual(['visiting-expert review']);
	});

	test('A1: a project lead moves no draft and no part in a group of another programme', async () => {
		const leaver = await as('expert@barcelona.example');
		const colleague = await as('editor@barcelona.example');
		const noteId = await draftOf(leaver);
		await give(leaver.personId, 'mentor', 'pair', seedId('pair', 'schaerbeek-jelgava'), '2026-01-01', null);
		const lead = await as('lead@cemr.example');
		await network.handOver(lead, { from: leaver.personId, to: colleague.personId });
		await expect(reviews.note(colleague, { noteId })).rejects.toMatchObject({ code: 'not-found' });
		expect(await openItemsOf(leaver.personId)).toEqual(['draft', 'part note-taker', 'role visiting-expert review']);
	});
});
