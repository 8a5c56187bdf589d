import { beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { seedId } from '#db/seed/id.ts';
import { writeAnswer } from '#domain/collaboration/answers-document.ts';
import type { Actor } from '#domain/network/role.ts';
import { signedInAs, testBackend } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { progress, reviews, mentoring, network, collaboration } = backend;
const { chance } = backend.parts;

const incluCities = seedId('programme', 'inclucities');
const workingGroups = seedId('programme', 'working-groups');
const munich = seedId('review', 'munich');
const timisoara = seedId('review', 'timisoara');
const notFound = { code: 'not-found' };

const as = async (email: string): Promise<Actor> => (await signedInAs(t, email)).actor;

async function give(email: string, role: string, kind: string, id: string): Promise<void> {
	await sql`
		insert into network.roles (id, person_id, role, scope_kind, scope_id, since, granted_at)
		select ${chance.id()}, id, ${role}, ${kind}, ${id}, '2026-01-01', now() from network.people where email = ${email}`;
}

/** A third programme, whose words nobody but its own people may meet: `quokka` stands in every title of it. */
const third = {
	programme: chance.id(),
	visit: chance.id(),
	review: chance.id(),
	pair: chance.id(),
	plan: chance.id(),
	note: chance.id(),
	document: chance.id()
};
async function makeThird(): Promise<void> {
	const organisation = seedId('organisation', 'munich');
	const scheme = chance.id();
	const person = seedId('person', 'friend@rotterdam.example');
	await sql`insert into network.programmes (id, slug, name, aim, led_by, language, since)
		values (${third.programme}, 'third', 'Quokka programme', 'quokka', ${organisation}, 'en', '2026-01-01')`;
	await sql`insert into visits.visits (id, programme_id, host_id, title, kind, mode, starts_on, ends_on, time_zone)
		values (${third.visit}, ${third.programme}, ${organisation}, 'Quokka visit', 'critical-friend-review', 'on-site',
			'2026-11-21', '2026-11-23', 'Europe/Berlin')`;
	await sql`insert into reviews.reviews (id, programme_id, visit_id, host_id, title, topic, template, language)
		values (${third.review}, ${third.programme}, ${third.visit}, ${organisation}, 'Quokka review', 'quokka', 'x', 'en')`;
	await sql`insert into mentoring.schemes (id, programme_id, no, name, theme)
		values (${scheme}, ${third.programme}, 1, 'Quokka scheme', 'quokka')`;
	await sql`insert into mentoring.pairs (id, scheme_id, programme_id, name, since)
		values (${third.pair}, ${scheme}, ${third.programme}, 'Quokka pair', '2026-01-01')`;
	await sql`insert into mentoring.plans (id, pair_id, owner_id, title, language, created_at)
		values (${third.plan}, ${third.pair}, ${organisation}, 'Quokka plan', 'en', now())`;
	await sql`insert into collaboration.documents (id, kind, subject_id, epoch, created_at)
		values (${third.document}, 'action-plan', ${third.plan}, ${chance.id()}, now())`;
	await sql`insert into reviews.notes (id, review_id, template_id, author_id, holder_id, language, started_at, changed_at, sent_at, answers)
		select ${third.note}, ${third.review}, id, ${person}, ${person}, 'en', now(), now(), now(), '{"seen": "quokka"}'
		from basics.form_templates where code = 'F9' limit 1`;
}
beforeAll(makeThird);

/** A sent note of Munich whose every answer holds the word `wombat`. */
async function sentNote(email: string): Promise<string> {
	const actor = await as(email);
	const sessionId = seedId('session', 'munich', '1', '1');
	const { noteId } = await reviews.startNote(actor, { reviewId: munich, sessionId, formCode: 'F9', language: 'en' });
	const { form, documentId } = await reviews.note(actor, { noteId });
	const doc = new Y.Doc();
	for (const question of form.questions) {
		if (['seen', 'works', 'take'].includes(question.id)) writeAnswer(doc, question, 'wombat', 'test');
		if (question.id === 'present') writeAnswer(doc, question, ['wombat'], 'test');
		if (question.id === 'opening') writeAnswer(doc, question, ['who we are'], 'test');
		if (question.id === 'confidence') writeAnswer(doc, question, 'several said it', 'test');
	}
	const data = Y.encodeStateAsUpdate(doc);
	const seq = await collaboration.storeUpdate(actor, { document: documentId!, message: chance.id(), data });
	expect(await reviews.sendNote(actor, { noteId, seq })).toHaveProperty('sentAt');
	return noteId;
}

describe('A1: one account, lead in one project and expert in another', async () => {
	await give('stranger@turku.example', 'project-lead', 'programme', incluCities);
	await give('stranger@turku.example', 'visiting-expert', 'review', munich);
	const both = await as('stranger@turku.example');

	test('leads the one: its page, its pairs and plans, its export, its invitations', async () => {
		expect((await progress.programme(both, { programmeId: incluCities })).programme.name).toBe('IncluCities');
		expect(await progress.exportProgramme(both, { programmeId: incluCities })).toHaveProperty('pairs');
		const planId = seedId('plan', 'mechelen-capaci');
		expect(await mentoring.plan(both, { planId })).toMatchObject({ mayWrite: false });
		expect(await network.invitationForm(both, { scopeKind: 'programme', scopeId: incluCities })).toHaveProperty(
			'roles'
		);
	});

	test('is an expert in the other, and no lead there', async () => {
		expect(await reviews.review(both, { reviewId: munich })).toMatchObject({ notes: [] });
		for (const tried of await Promise.allSettled([
			progress.programme(both, { programmeId: workingGroups }),
			progress.exportProgramme(both, { programmeId: workingGroups }),
			network.invitationForm(both, { scopeKind: 'review', scopeId: munich }),
			reviews.review(both, { reviewId: timisoara })
		]))
			expect(tried).toMatchObject({ status: 'rejected', reason: notFound });
	});

	test('sees nothing of a third: no page, no review, no note, no pair, no plan, no title, no count', async () => {
		for (const tried of await Promise.allSettled([
			progress.programme(both, { programmeId: third.programme }),
			progress.exportProgramme(both, { programmeId: third.programme }),
			reviews.review(both, { reviewId: third.review }),
			reviews.startNote(both, { reviewId: third.review, sessionId: null, formCode: 'F9', language: 'en' }),
			reviews.note(both, { noteId: third.note }),
			mentoring.pair(both, { pairId: third.pair }),
			mentoring.plan(both, { planId: third.plan }),
			collaboration.openDocument(both, { document: third.document, epoch: null, since: 0, schema: 1 }),
			network.invitationForm(both, { scopeKind: 'programme', scopeId: third.programme })
		]))
			expect(tried).toMatchObject({ status: 'rejected', reason: notFound });
		expect((await progress.search(both, { words: 'quokka' })).results).toEqual([]);
		expect(JSON.stringify(await progress.myWork(both))).not.toMatch(/quokka/i);
		for (const programmeId of [incluCities])
			expect(JSON.stringify(await progress.programme(both, { programmeId }))).not.toMatch(/quokka/i);
	});

	test('is no private data of either to the other’s people: the third’s own lead sees neither', async () => {
		await give('expert@turku.example', 'project-lead', 'programme', third.programme);
		const lead = await as('expert@turku.example');
		expect((await progress.programme(lead, { programmeId: third.programme })).reviews).toMatchObject([
			{ title: 'Quokka review', notesSent: 1, drafts: 0 }
		]);
		for (const programmeId of [incluCities, workingGroups])
			await expect(progress.programme(lead, { programmeId })).rejects.toMatchObject(notFound);
		// The lead of the review’s programme reads the review, and never its notes.
		expect((await reviews.review(lead, { reviewId: third.review })).notes).toBeNull();
		await expect(reviews.note(lead, { noteId: third.note })).rejects.toMatchObject(notFound);
	});
});

describe('my work', () => {
	const names = async (email: string) => {
		const { programmes, reviews: mine, pairs, drafts } = await progress.myWork(await as(email));
		return {
			programmes: programmes.map(({ name }) => name),
			reviews: mine.map(({ host }) => host),
			pairs: pairs.map(({ name }) => name),
			drafts: drafts.length
		};
	};
	const nothing = { programmes: [], reviews: [], pairs: [], drafts: 0 };

	test.each([
		['lead@cemr.example', { ...nothing, programmes: ['IncluCities'] }],
		['lead@eurocities.example', { ...nothing, programmes: ['EUROCITIES working groups: critical friend reviews'] }],
		['host@munich.example', { ...nothing, reviews: ['Munich'] }],
		// Also a note-taker of the past one in Timișoara.
		['review-lead@stockholm.example', { ...nothing, reviews: ['Munich', 'Timișoara'] }],
		['friend@rotterdam.example', { ...nothing, reviews: ['Munich'] }],
		['mentor@mechelen.example', { ...nothing, pairs: ['Mechelen – Capaci'] }],
		['guest@ngo.example', { ...nothing, pairs: ['Mechelen – Capaci'] }],
		['mentee@partinico.example', nothing],
		['editor@bologna.example', nothing],
		['editor@cracow.example', nothing]
	])('of %s is what they hold a role in today', async (email, expected) => {
		expect(await names(email)).toEqual(expected);
	});

	test('of the admin is everything', async () => {
		const all = await names('admin@eurocities.example');
		expect(all.programmes).toHaveLength(3);
		expect(all.reviews).toHaveLength(3);
		expect(all.pairs).toHaveLength(5);
	});

	test('holds one’s own drafts, until they are sent, and nobody else’s', async () => {
		const expert = await as('expert@madrid.example');
		const { noteId } = await reviews.startNote(expert, {
			reviewId: munich,
			sessionId: seedId('session', 'munich', '1', '2'),
			formCode: 'F9',
			language: 'en'
		});
		expect((await progress.myWork(expert)).drafts).toMatchObject([
			{ id: noteId, session: 'Children’s centre with language lessons' }
		]);
		await sentNote('expert@madrid.example');
		expect((await progress.myWork(expert)).drafts).toHaveLength(1);
		for (const email of ['friend@rotterdam.example', 'review-lead@stockholm.example', 'lead@eurocities.example'])
			expect((await progress.myWork(await as(email))).drafts, email).toEqual([]);
	});
});

describe('a programme’s page', () => {
	test('counts the notes of each review, and tells what was sent, never what it says', async () => {
		const lead = await as('lead@eurocities.example');
		const before = (await progress.programme(lead, { programmeId: workingGroups })).reviews.find(
			({ id }) => id === munich
		)!;
		clock.move(60_000);
		await sentNote('expert@bologna.example');
		const page = await progress.programme(lead, { programmeId: workingGroups });
		expect(page.reviews.find(({ id }) => id === munich)).toMatchObject({
			notesSent: before.notesSent + 1,
			drafts: before.drafts,
			lastAt: clock.now()
		});
		expect(page.activity[0]).toMatchObject({ kind: 'note-sent', people: ['Giulia Ferretti'], subjectId: munich });
		expect(JSON.stringify(page)).not.toMatch(/wombat/i);
	});

	test('holds its own reviews and pairs and no others', async () => {
		const admin = await as('admin@eurocities.example');
		const page = async (programmeId: string) => progress.programme(admin, { programmeId });
		expect((await page(workingGroups)).reviews.map(({ id }) => id).sort()).toEqual([munich, timisoara].sort());
		expect((await page(workingGroups)).pairs).toEqual([]);
		expect((await page(incluCities)).reviews).toEqual([]);
		expect((await page(incluCities)).pairs).toHaveLength(4);
		for (const row of (await page(third.programme)).activity) expect(row.subjectId).toBe(third.review);
	});

	test('shows the newest forty happenings, the newest first', async () => {
		await sql`
			insert into progress.activity (id, programme_id, at, kind, person_ids, subject_kind, subject_id, detail, told_once)
			select gen_random_uuid(), ${incluCities}, ${clock.now()}::timestamptz - n * interval '1 hour', 'plan-changed', '{}', 'plan',
				gen_random_uuid(), '{}', 'test ' || n from generate_series(1, 60) n`;
		const { activity } = await progress.programme(await as('lead@cemr.example'), { programmeId: incluCities });
		expect(activity).toHaveLength(40);
		expect(activity.map(({ at }) => at.getTime())).toEqual(
			activity.map(({ at }) => at.getTime()).toSorted((a, b) => b - a)
		);
	});

	test('A8: exported holds the same rows as the page', async () => {
		for (const [email, programmeId] of [
			['lead@cemr.example', incluCities],
			['lead@eurocities.example', workingGroups],
			['admin@eurocities.example', incluCities]
		] as const) {
			const actor = await as(email);
			const page = await progress.programme(actor, { programmeId });
			expect(await progress.exportProgramme(actor, { programmeId })).toEqual(page);
			expect(page.reviews.length + page.pairs.length).toBeGreaterThan(0);
		}
	});

	test('N2: is not there for others, nor what never was for anybody', async () => {
		for (const email of [
			'lead@cemr.example',
			'review-lead@stockholm.example',
			'expert@bologna.example',
			'host@munich.example',
			'guest@ngo.example',
			'association@vvsg.example'
		]) {
			const actor = await as(email);
			for (const programmeId of [workingGroups, seedId('nowhere')]) {
				await expect(progress.programme(actor, { programmeId }), email).rejects.toMatchObject(notFound);
				await expect(progress.exportProgramme(actor, { programmeId }), email).rejects.toMatchObject(notFound);
			}
		}
		const admin = await as('admin@eurocities.example');
		await expect(progress.programme(admin, { programmeId: seedId('nowhere') })).rejects.toMatchObject(notFound);
	});
});

describe('search', () => {
	const everybody = [
		'admin@eurocities.example',
		'lead@cemr.example',
		'lead@eurocities.example',
		'review-lead@stockholm.example',
		'review-lead@ghent.example',
		'expert@bologna.example',
		'roma@toulouse.example',
		'host@munich.example',
		'host@timisoara.example',
		'mentor@mechelen.example',
		'mentee@capaci.example',
		'mentee@partinico.example',
		'association@brulocalis.example',
		'facilitator@migrationwork.example',
		'editor@bologna.example',
		'editor@cracow.example',
		'guest@ngo.example'
	];
	/** Whether a person may open what was found. */
	const opens: Record<string, (actor: Actor, hit: { id: string; slug: string | null }) => Promise<unknown>> = {
		programme: (actor, { id }) => progress.programme(actor, { programmeId: id }),
		review: (actor, { id }) => reviews.review(actor, { reviewId: id }),
		plan: (actor, { id }) => mentoring.plan(actor, { planId: id }),
		organisation: (actor, { slug }) => network.organisation(actor, { slug: slug! }),
		person: (actor) => network.directory(actor, { words: '', page: 1 })
	};

	test.each(everybody)('finds for %s only what they may open, and all of it', async (email) => {
		const actor = await as(email);
		const titles = await sql<{ kind: string; id: string; name: string; slug: string | null }[]>`
			select 'programme' as kind, id, name, null as slug from network.programmes
			union all select 'review', id, title, null from reviews.reviews
			union all select 'plan', id, title, null from mentoring.plans
			union all (select 'organisation', id, name, slug from network.organisations order by name limit 3)
			union all (select 'person', id, name, null from network.people order by name limit 3)`;
		for (const title of titles) {
			const mayOpen = await opens[title.kind]!(actor, title).then(
				() => true,
				() => false
			);
			const { results } = await progress.search(actor, { words: title.name });
			expect(
				results.some(({ id }) => id === title.id),
				`${title.kind} ${title.name}`
			).toBe(mayOpen);
		}
		// Words that stand in many titles: nothing among the hits is out of reach.
		const hits = new Map<string, { kind: string; id: string; slug: string | null; name: string }>();
		for (const words of ['an', 'er', 'in', 'review', 'plan', 'quokka', 'city', 'inclusion'])
			for (const hit of (await progress.search(actor, { words })).results)
				// One person is as open as another, and one organisation.
				hits.set(hit.kind === 'person' || hit.kind === 'organisation' ? hit.kind : hit.id, hit);
		for (const hit of hits.values()) await expect(opens[hit.kind]!(actor, hit), hit.name).resolves.toBeDefined();
	});

	test('of somebody without a role finds nothing', async () => {
		const nobody = await as('editor@cracow.example');
		for (const words of ['an', 'munich', 'quokka', 'eurocities'])
			expect((await progress.search(nobody, { words })).results).toEqual([]);
	});

	test('folds accents and takes signs literally', async () => {
		const admin = await as('admin@eurocities.example');
		const found = async (words: string) => (await progress.search(admin, { words })).results.map(({ name }) => name);
		expect(await found('TIMISOARA')).toContain('Timișoara: Roma inclusion at local level');
		for (const words of ['%%', '__', 'm%h', 'm_nich', '\\\\', '\\%', '100%', "' or 1=1 --", '\0\0\0'])
			expect(await found(words), words).toEqual([]);
		await sql`insert into network.organisations (id, slug, kind, name, country, created_at)
			values (${chance.id()}, 'odd', 'city', '100% of_this\\that', 'XX', now())`;
		for (const words of ['100%', 'of_t', 's\\t', '% of_'])
			expect(await found(words), words).toEqual(['100% of_this\\that']);
	});

	test('needs two letters, reads a hundred, and shows thirty', async () => {
		const admin = await as('admin@eurocities.example');
		for (const words of ['', ' ', 'a', ' a ']) expect((await progress.search(admin, { words })).results).toEqual([]);
		expect((await progress.search(admin, { words: 'an' })).results).toHaveLength(30);
		expect(await progress.search(admin, { words: `${'x'.repeat(10_000)}` })).toEqual({
			words: 'x'.repeat(100),
			results: []
		});
	});
});
