import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { seedDemo } from '#db/seed/demo.ts';
import { planRows } from '#db/seed/demo-plans.ts';
import { seedId } from '#db/seed/id.ts';
import { seedScale } from '#db/seed/scale.ts';
import { sectionsOf } from '../../../src/domain/mentoring/plan-text.ts';
import { testDatabase } from '../../support/database.ts';

/** The day the test database is seeded on. */
const today = new Date('2026-11-22T09:00:00Z');

type Database = Awaited<ReturnType<typeof testDatabase>>;
let sql: Database;
beforeAll(async () => {
	sql = await testDatabase();
}, 60_000);
afterAll(async () => {
	await sql.end();
});

async function count(table: string, where = 'true'): Promise<number> {
	const [row] = await sql.unsafe<{ n: number }[]>(`select count(*)::int as n from ${table} where ${where}`);
	return row?.n ?? 0;
}

async function countsOf(database: Database): Promise<Record<string, number>> {
	const tables = await database<{ name: string }[]>`
		select schemaname || '.' || relname as name from pg_stat_user_tables order by 1`;
	const counts: Record<string, number> = {};
	for (const { name } of tables) {
		const [row] = await database<{ n: number }[]>`select count(*)::int as n from ${database(name)}`;
		counts[name] = row?.n ?? 0;
	}
	return counts;
}

describe('the network', () => {
	test('has the nine observatories of 2010-11', async () => {
		const rows = await sql<{ slug: string }[]>`
			select slug from network.observatories
			where since <= '2011-01-15' and (until is null or until >= '2011-01-15') order by slug`;
		expect(rows.map(({ slug }) => slug)).toEqual([
			'birmingham',
			'bologna',
			'brno',
			'copenhagen',
			'cracow',
			'lille-roubaix',
			'rotterdam',
			'sofia',
			'stockholm'
		]);
	});

	test('had five observatories in the pilot, and has Barcelona in place of Cracow since 2013', async () => {
		const at = async (day: string) =>
			(
				await sql<{ slug: string }[]>`
					select slug from network.observatories
					where since <= ${day}::text::date and (until is null or until >= ${day}::text::date) order by slug`
			).map(({ slug }) => slug);
		expect(await at('2009-06-01')).toEqual(['bologna', 'prague', 'rotterdam', 'southampton', 'turku']);
		const later = await at('2013-06-01');
		expect(later).toHaveLength(9);
		expect(later).toContain('barcelona');
		expect(later).not.toContain('cracow');
	});

	test('says of every population where it is from', async () => {
		expect(await count('network.organisations', 'population is not null and population_source is null')).toBe(0);
		expect(await count('network.organisations', 'source is null')).toBe(0);
	});

	test('has only invented people, whose addresses reach nobody', async () => {
		expect(await count('network.people')).toBe(85);
		expect(await count('network.people', `not demo or email not like '%@%.example'`)).toBe(0);
	});

	test('gives every role a place that is there', async () => {
		const lost = await sql`
			select role, scope_kind from network.roles where not case scope_kind
				when 'network' then scope_id = ${seedId('network')}
				when 'observatory' then scope_id in (select id from network.observatories)
				when 'programme' then scope_id in (select id from network.programmes)
				when 'review' then scope_id in (select id from reviews.reviews)
				else scope_id in (select id from mentoring.pairs) end`;
		expect([...lost]).toEqual([]);
	});

	test('has somebody without any role', async () => {
		const rows = await sql<{ email: string }[]>`
			select email from network.people where id not in (select person_id from network.roles)`;
		expect(rows.map(({ email }) => email)).toEqual(['stranger@turku.example']);
	});
});

describe('the review in Munich', () => {
	const visit = seedId('visit', 'munich');

	test('is going on today, for three days', async () => {
		const [row] = await sql<{ starts: string; ends: string }[]>`
			select starts_on::text as starts, ends_on::text as ends from visits.visits where id = ${visit}`;
		expect(row).toEqual({ starts: '2026-11-21', ends: '2026-11-23' });
		const [now] = await sql<{ n: number }[]>`
			select count(*)::int as n from visits.sessions
			where visit_id = ${visit} and starts_at <= ${today} and ends_at > ${today}`;
		expect(now?.n).toBe(4);
	});

	test('has 19 cities with its host, and four groups of about ten', async () => {
		const [cities] = await sql<{ n: number }[]>`
			select count(*)::int + 1 as n from visits.visiting_cities
			where visit_id = ${visit} and organisation_id <> ${seedId('organisation', 'munich')}`;
		expect(cities?.n).toBe(19);
		const groups = await sql<{ name: string; members: number; sessions: number }[]>`
			select name, (select count(*)::int from visits.group_members where group_id = groups.id) as members,
				(select count(*)::int from visits.sessions where group_id = groups.id) as sessions
			from visits.groups where visit_id = ${visit} order by name`;
		expect([...groups]).toEqual([1, 2, 3, 4].map((no) => ({ name: `Group ${no}`, members: 9, sessions: 4 })));
	});

	test('has three guiding questions and the 21 steps of the template', async () => {
		const review = seedId('review', 'munich');
		expect(await count('reviews.guiding_questions', `review_id = '${review}'`)).toBe(3);
		expect(await count('reviews.steps', `review_id = '${review}'`)).toBe(21);
	});

	test('has in each group who leads, asks and takes notes', async () => {
		const rows = await sql<{ parts: string[] }[]>`
			select array_agg(distinct part) as parts from visits.group_members
			join visits.groups on groups.id = group_id where visit_id = ${visit} group by group_id`;
		for (const { parts } of rows)
			expect(parts).toEqual(expect.arrayContaining(['group-lead', 'lead-interviewer', 'note-taker']));
	});
});

describe('every review', () => {
	test('lets nobody interview their own city', async () => {
		const own = await sql`
			select people.email from visits.group_members
			join visits.groups on groups.id = group_members.group_id
			join visits.visits on visits.id = groups.visit_id
			join network.affiliations using (person_id)
			join network.people on people.id = group_members.person_id
			where affiliations.organisation_id = visits.host_id`;
		expect([...own]).toEqual([]);
	});

	test('has each person once in its groups, and each of them as a visiting expert', async () => {
		const odd = await sql`
			select reviews.id, person_id from reviews.reviews
			join visits.groups on groups.visit_id = reviews.visit_id
			join visits.group_members on group_members.group_id = groups.id
			where not exists (
				select from network.roles where role = 'visiting-expert' and scope_id = reviews.id
					and roles.person_id = group_members.person_id)
			union all
			select reviews.id, person_id from reviews.reviews
			join visits.groups on groups.visit_id = reviews.visit_id
			join visits.group_members on group_members.group_id = groups.id
			group by 1, 2 having count(*) > 1`;
		expect([...odd]).toEqual([]);
	});

	test('keeps what an author noted for home from the group', async () => {
		expect(await count('reviews.answers', `(question_id = 'take') <> (visibility = 'author')`)).toBe(0);
		expect(await count('reviews.answers', `question_id = 'take'`)).toBeGreaterThan(0);
	});

	test('tells of each sent note once', async () => {
		expect(await count('reviews.notes', 'sent_at is not null')).toBe(4);
		const told = await sql<{ told_once: string }[]>`select told_once from progress.activity`;
		const notes = await sql<{ id: string }[]>`select id from reviews.notes`;
		expect(new Set(told.map((row) => row.told_once))).toEqual(new Set(notes.map(({ id }) => `note-sent:${id}`)));
		expect(told).toHaveLength(4);
	});
});

describe('IncluCities', () => {
	test('has four schemes with a pair each, and three visits a pair', async () => {
		const programme = seedId('programme', 'inclucities');
		expect(await count('mentoring.schemes', `programme_id = '${programme}'`)).toBe(4);
		const rows = await sql<{ name: string; visits: number }[]>`
			select name, (select count(*)::int from mentoring.pair_visits where pair_id = pairs.id) as visits
			from mentoring.pairs where programme_id = ${programme} order by name`;
		expect([...rows]).toEqual([
			{ name: 'City of Brussels – Saint-Jean-de-la-Ruelle', visits: 3 },
			{ name: 'Fuenlabrada – Levadia', visits: 3 },
			{ name: 'Mechelen – Capaci', visits: 3 },
			{ name: 'Schaerbeek – Jelgava', visits: 3 }
		]);
	});

	test('has one association in two pairs, and MigrationWork in all four', async () => {
		const seatsOf = async (slug: string) =>
			count('mentoring.seats', `until is null and organisation_id = '${seedId('organisation', slug)}'`);
		expect(await seatsOf('brulocalis')).toBe(2);
		expect(await seatsOf('migrationwork')).toBe(4);
	});

	test('keeps Partinico, whose place Capaci took, with the reason', async () => {
		const rows = await sql<{ slug: string; since: string; until: string | null; reason: string }[]>`
			select slug, since::text, until::text, reason from mentoring.seats
			join network.organisations on organisations.id = organisation_id
			where pair_id = ${seedId('pair', 'mechelen-capaci')} and seat = 'mentee' order by since`;
		expect(rows.map(({ slug, since, until }) => ({ slug, since, until }))).toEqual([
			{ slug: 'partinico', since: '2020-06-01', until: '2021-03-31' },
			{ slug: 'capaci', since: '2021-04-01', until: null }
		]);
		for (const { reason } of rows) expect(reason).toContain('stated');
		const [role] = await sql<{ email: string }[]>`
			select successor.email from network.roles as ended
			join network.roles as next on next.id = ended.handed_to
			join network.people as successor on successor.id = next.person_id
			where ended.person_id = ${seedId('person', 'mentee@partinico.example')} and ended.until is not null`;
		expect(role?.email).toBe('mentee@capaci.example');
	});

	test('has the visits on the days that are stated', async () => {
		const rows = await sql<{ starts: string; ends: string }[]>`
			select starts_on::text as starts, ends_on::text as ends from visits.visits
			where id in ${sql([
				seedId('visit', 'schaerbeek-jelgava', '1'),
				seedId('visit', 'fuenlabrada-levadia', '1'),
				seedId('visit', 'mechelen-capaci', '2')
			])} order by starts_on`;
		expect([...rows]).toEqual([
			{ starts: '2021-05-12', ends: '2021-05-14' },
			{ starts: '2021-05-18', ends: '2021-05-21' },
			{ starts: '2021-10-04', ends: '2021-10-06' }
		]);
	});
});

describe('the action plans', () => {
	test('say in their documents, replayed, exactly what their sections say', async () => {
		const plans = await sql<{ id: string; document: string; head: number; bytes: number }[]>`
			select plans.id, documents.id as document, head_seq::int as head, bytes::int as bytes from mentoring.plans
			join collaboration.documents on kind = 'action-plan' and subject_id = plans.id`;
		expect(plans).toHaveLength(4);
		for (const plan of plans) {
			const updates = await sql<{ seq: number; data: Uint8Array }[]>`
				select seq::int as seq, data from collaboration.updates where document_id = ${plan.document} order by seq`;
			expect(updates.map(({ seq }) => seq)).toEqual(Array.from({ length: plan.head }, (_, index) => index + 1));
			expect(updates.reduce((sum, { data }) => sum + data.length, 0)).toBe(plan.bytes);
			const doc = new Y.Doc();
			for (const { data } of updates) Y.applyUpdate(doc, data);
			const sections = await sql<{ heading: string; words: string }[]>`
				select heading, words from mentoring.plan_sections where plan_id = ${plan.id} order by no`;
			expect(sectionsOf(doc)).toEqual([...sections]);
			expect(sections.map(({ heading }) => heading.charAt(0)).join('')).toBe('ABCDEFGHIJKLMNOP');
		}
	});

	test('leave a few sections of Capaci’s plan for others to write', async () => {
		const rows = await sql<{ heading: string }[]>`
			select heading from mentoring.plan_sections
			where plan_id = ${seedId('plan', 'mechelen-capaci')} and words = '' order by no`;
		expect(rows.map(({ heading }) => heading)).toEqual(['I Money', 'J Risks', 'O Endorsed by']);
	});

	test('were written under client ids that belong to their authors', async () => {
		const documents = await sql<{ id: string }[]>`select id from collaboration.documents`;
		for (const { id } of documents) {
			const owners = await sql<{ client_id: string; person_id: string }[]>`
				select client_id::text, person_id from collaboration.client_ids where document_id = ${id}`;
			const updates = await sql<{ person_id: string; data: Uint8Array }[]>`
				select person_id, data from collaboration.updates where document_id = ${id}`;
			for (const { person_id, data } of updates)
				for (const { id: struct } of Y.decodeUpdate(data).structs)
					expect(owners).toContainEqual({ client_id: `${struct.client}`, person_id });
		}
	});

	test('are the same bytes every time', () => {
		expect(planRows()).toEqual(planRows());
	});
});

describe('the library', () => {
	test('has only pledges whose principles are stated', async () => {
		const rows = await sql<{ slug: string; principles: number[] }[]>`
			select slug, principles from library.pledges
			join network.organisations on organisations.id = organisation_id order by no`;
		expect([...rows]).toEqual([
			{ slug: 'madrid', principles: [4, 11] },
			{ slug: 'stuttgart', principles: [17] },
			{ slug: 'birmingham', principles: [19] },
			{ slug: 'utrecht', principles: [16] }
		]);
	});

	test('has the practices that the pairs showed each other', async () => {
		const rows = await sql<{ slug: string }[]>`select slug from library.practices order by slug`;
		expect(rows.map(({ slug }) => slug)).toEqual(
			expect.arrayContaining(['buddy-scheme-mechelen', 'camim-schaerbeek', 'coexistence-board-fuenlabrada'])
		);
	});
});

describe('seeding', () => {
	test('a second time adds nothing', async () => {
		const before = await countsOf(sql);
		expect(await seedDemo(sql, { today })).toEqual({ people: 0, organisations: 0, plans: 0 });
		expect(await countsOf(sql)).toEqual(before);
	});

	test('by two at once seeds once', async () => {
		const empty = await testDatabase({ seed: false });
		try {
			const told = await Promise.all([seedDemo(empty, { today }), seedDemo(empty, { today })]);
			expect(told.map(({ people }) => people).toSorted((one, other) => one - other)).toEqual([0, 85]);
			expect(told.map(({ plans }) => plans).toSorted((one, other) => one - other)).toEqual([0, 4]);
		} finally {
			await empty.end();
		}
	}, 60_000);

	test('at scale 1 adds six cities, 60 people, four pairs and 20,000 answers, once', async () => {
		const large = await testDatabase();
		try {
			const before = await countsOf(large);
			const steps: string[] = [];
			const load = () =>
				seedScale(large, {
					scale: 1,
					today,
					onProgress: (done, total, what) => steps.push(`${done}/${total} ${what}`)
				});
			expect(await load()).toBe(true);
			expect(steps).toHaveLength(6);
			expect(steps.at(-1)).toBe('6/6 table statistics');
			const after = await countsOf(large);
			const added = (table: string) => (after[table] ?? 0) - (before[table] ?? 0);
			expect({
				cities: added('network.organisations'),
				people: added('network.people'),
				pairs: added('mentoring.pairs'),
				plans: added('mentoring.plans'),
				documents: added('collaboration.documents'),
				reviews: added('reviews.reviews'),
				notes: added('reviews.notes'),
				answers: added('reviews.answers'),
				told: added('progress.activity')
			}).toEqual({
				cities: 6,
				people: 60,
				pairs: 4,
				plans: 4,
				documents: 4,
				reviews: 1,
				notes: 1440,
				answers: 20_000,
				told: 1440
			});
			expect(await load()).toBe(false);
			expect(await countsOf(large)).toEqual(after);
		} finally {
			await large.end();
		}
	}, 60_000);
});
