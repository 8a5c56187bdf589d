import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { seedId } from '#db/seed/id.ts';
import { planFragment, type PlanSection, sectionsOf } from '#domain/mentoring/plan-text.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Told } from '#server/basics/bus.ts';
import { signedInAs, testBackend, until } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { mentoring, collaboration, projector } = backend;
const { chance } = backend.parts;
const minute = 60_000;

const capaci = seedId('pair', 'mechelen-capaci');
const planId = seedId('plan', 'mechelen-capaci');
const documentId = seedId('document', 'plan', 'mechelen-capaci');
const programmeId = seedId('programme', 'inclucities');
const notFound = { code: 'not-found' };

const as = async (email: string): Promise<Actor> => (await signedInAs(t, email)).actor;
const mentor = await as('mentor@mechelen.example');
const mentee = await as('mentee@capaci.example');

const told: string[] = [];
backend.parts.bus.hear('topics', ({ topics }: Extract<Told, { about: 'topics' }>) => void told.push(...topics));

/** A browser with a plan open. */
class Editor {
	readonly doc = new Y.Doc();
	readonly actor: Actor;
	readonly document: string;
	constructor(actor: Actor, document = documentId) {
		this.actor = actor;
		this.document = document;
	}
	get body(): Y.XmlFragment {
		return this.doc.getXmlFragment(planFragment);
	}
	/** Looks at the newest state, changes it, and stores what changed. */
	async edit(change: (body: Y.XmlFragment) => void): Promise<void> {
		const opened = await collaboration.openDocument(this.actor, {
			document: this.document,
			epoch: null,
			since: 0,
			schema: 1
		});
		for (const row of opened.rows) Y.applyUpdate(this.doc, row.data);
		const before = Y.encodeStateVector(this.doc);
		this.doc.transact(() => change(this.body));
		const data = Y.encodeStateAsUpdate(this.doc, before);
		await collaboration.storeUpdate(this.actor, { document: this.document, message: chance.id(), data });
	}
	/** Adds a paragraph at the end of the section that begins with this letter. */
	write(letter: string, words: string): Promise<void> {
		return this.edit((body) => body.insert(endOf(body, letter), [paragraph(words)]));
	}
}

function paragraph(words: string): Y.XmlElement {
	const made = new Y.XmlElement('paragraph');
	made.insert(0, [new Y.XmlText(words)]);
	return made;
}

function heading(words: string): Y.XmlElement {
	const made = new Y.XmlElement<{ level: number }>('heading');
	made.setAttribute('level', 2);
	made.insert(0, [new Y.XmlText(words)]);
	return made as unknown as Y.XmlElement;
}

function blocks(body: Y.XmlFragment): Y.XmlElement[] {
	return body.toArray().filter((node) => node instanceof Y.XmlElement);
}

function headingAt(body: Y.XmlFragment, letter: string): number {
	return blocks(body).findIndex((node) => node.nodeName === 'heading' && node.toString().includes(`>${letter} `));
}

function endOf(body: Y.XmlFragment, letter: string): number {
	const start = headingAt(body, letter);
	const next = blocks(body).findIndex((node, index) => index > start && node.nodeName === 'heading');
	return next < 0 ? body.length : next;
}

/** Until the rows say what the document says; the clock's own projection may be at it at the same moment. */
async function projected(document = documentId): Promise<void> {
	await until('the projection', async () => {
		await projector.projectNow(document);
		const [row] = await sql<{ done: boolean }[]>`
			select head_seq = projected_seq and dirty_at is null as done from collaboration.documents where id = ${document}`;
		return row!.done;
	});
}

const sections = () => sql<PlanSection[]>`
	select heading, words from mentoring.plan_sections where plan_id = ${planId} order by no`;
const headingOf = async (letter: string) =>
	(await sections()).find((section) => section.heading.startsWith(`${letter} `))!.heading;
const wordsOf = async (letter: string) =>
	(await sections()).find((section) => section.heading.startsWith(`${letter} `))!.words;

interface Line {
	heading: string;
	people: string[];
	added: number;
	removed: number;
	excerpt: string;
	from: number;
	upto: number;
	firstAt: Date;
	lastAt: Date;
}
const lines = () => sql<Line[]>`
	select heading, people, words_added as added, words_removed as removed, excerpt, from_seq as "from", upto_seq as upto,
		first_at as "firstAt", last_at as "lastAt"
	from mentoring.plan_changes where plan_id = ${planId} order by last_at, heading`;
const activity = () => sql<{ at: Date; people: string[]; detail: Record<string, unknown> }[]>`
	select at, person_ids as people, detail from progress.activity
	where programme_id = ${programmeId} and kind = 'plan-changed' and subject_id = ${planId} order by at, detail->>'heading'`;
const headSeq = async () => {
	const [row] = await sql<
		{ seq: number }[]
	>`select head_seq as seq from collaboration.documents where id = ${documentId}`;
	return row!.seq;
};

// Every test begins with a plan at rest, long after the last change, and with no lines of it told.
beforeEach(async () => {
	await projected();
	clock.move(60 * minute);
	await sql`delete from mentoring.plan_changes`;
	await sql`delete from progress.activity where kind = 'plan-changed'`;
	told.length = 0;
});

describe('who sees a pair and its plan', () => {
	const readers = [
		['mentor', 'mentor@mechelen.example', true],
		['mentor’s deputy', 'deputy@mechelen.example', true],
		['mentee', 'mentee@capaci.example', true],
		['mentee’s deputy', 'deputy@capaci.example', true],
		['mentor’s association', 'association@vvsg.example', false],
		['mentee’s association', 'association@aiccre.example', false],
		['facilitator', 'facilitator@migrationwork.example', false],
		['guest', 'guest@ngo.example', false],
		['project lead', 'lead@cemr.example', false],
		['admin', 'admin@eurocities.example', false]
	] as const;

	test.each(readers)('the %s reads both; writing: %s → %s', async (_who, email, writes) => {
		const actor = await as(email);
		expect(await mentoring.pair(actor, { pairId: capaci })).toMatchObject({
			pair: { name: 'Mechelen – Capaci' },
			plan: { id: planId }
		});
		expect(await mentoring.plan(actor, { planId })).toMatchObject({ documentId, mayWrite: writes });
		expect(await collaboration.rightsOn(actor, documentId)).toEqual({ read: true, write: writes });
		const opened = await collaboration.openDocument(actor, { document: documentId, epoch: null, since: 0, schema: 1 });
		expect(opened).toMatchObject({ mayWrite: writes, whyNot: writes ? null : 'reader' });
		const old = await collaboration.openDocument(actor, { document: documentId, epoch: null, since: 0, schema: 0 });
		expect(old).toMatchObject({ mayWrite: false, whyNot: 'old-tab' });
	});

	test.each([
		['a mentor of another pair', 'mentor@brussels.example'],
		['a mentee of another pair', 'mentee@levadia.example'],
		['an association of other pairs', 'association@brulocalis.example'],
		['the lead of another programme', 'lead@eurocities.example'],
		['an expert', 'expert@bologna.example'],
		['a host', 'host@munich.example'],
		['an observatory editor', 'editor@bologna.example'],
		['a stranger', 'stranger@turku.example'],
		['the mentee of the past', 'mentee@partinico.example']
	])('N2: for %s they are not there, as those that never were', async (_who, email) => {
		const actor = await as(email);
		for (const pairId of [capaci, seedId('nowhere')])
			await expect(mentoring.pair(actor, { pairId })).rejects.toMatchObject(notFound);
		for (const id of [planId, seedId('nowhere')])
			await expect(mentoring.plan(actor, { planId: id })).rejects.toMatchObject(notFound);
		for (const document of [documentId, seedId('nowhere')]) {
			expect(await collaboration.rightsOn(actor, document)).toEqual({ read: false, write: false });
			await expect(
				collaboration.openDocument(actor, { document, epoch: null, since: 0, schema: 1 })
			).rejects.toMatchObject(notFound);
		}
	});

	test('an association in two pairs sees both, and no third', async () => {
		const actor = await as('association@brulocalis.example');
		for (const slug of ['brussels-saint-jean-de-la-ruelle', 'schaerbeek-jelgava'])
			expect(await mentoring.pair(actor, { pairId: seedId('pair', slug) })).toHaveProperty('pair');
		await expect(mentoring.pair(actor, { pairId: capaci })).rejects.toMatchObject(notFound);
	});

	test('N4: Partinico’s people read it to their last day, Capaci’s from their first, and the pair shows both', async () => {
		const on = async (email: string, today: string) => {
			const [person] = await sql<{ id: string }[]>`select id from network.people where email = ${email}`;
			const assignments = await sql`
				select role, scope_kind as "scopeKind", scope_id as "scopeId", since, until
				from network.roles where person_id = ${person!.id}`;
			const actor = { ...mentor, personId: person!.id, assignments, today } as unknown as Actor;
			return mentoring.plan(actor, { planId }).then(
				({ mayWrite }) => mayWrite,
				(refusal: { code: string }) => refusal.code
			);
		};
		expect(await on('mentee@partinico.example', '2020-05-31')).toBe('not-found');
		expect(await on('mentee@partinico.example', '2020-06-01')).toBe(true);
		expect(await on('mentee@partinico.example', '2021-03-31')).toBe(true);
		expect(await on('mentee@partinico.example', '2021-04-01')).toBe('not-found');
		expect(await on('mentee@capaci.example', '2021-03-31')).toBe('not-found');
		expect(await on('mentee@capaci.example', '2021-04-01')).toBe(true);

		const shown = await mentoring.pair(mentee, { pairId: capaci });
		expect(shown.seats.filter(({ seat }) => seat === 'mentee')).toMatchObject([
			{ organisation: 'Capaci', since: '2021-04-01', until: null },
			{ organisation: 'Partinico', since: '2020-06-01', until: '2021-03-31' }
		]);
		expect(shown.people.filter(({ role }) => role === 'mentee').map(({ name }) => name)).toEqual([
			'Salvatore Lo Bianco',
			'Valentina Puglisi',
			'Rosario Cusumano'
		]);
	});
});

describe('a change of the plan', () => {
	test('becomes its section’s words, one line of what changed, and one row on the programme’s page', async () => {
		const editor = new Editor(mentor);
		const from = await headSeq();
		await editor.write('B', 'Each newcomer meets one neighbour.');
		await projected();
		expect(await sections()).toEqual(sectionsOf(editor.doc));
		expect(await wordsOf('B')).toMatch(/\nEach newcomer meets one neighbour\.$/);
		const line = {
			heading: await headingOf('B'),
			people: [mentor.personId],
			added: 5,
			removed: 0,
			excerpt: expect.stringMatching(/Each newcomer meets one neighbour\.$/)
		};
		expect(await lines()).toEqual([{ ...line, from, upto: from + 1, firstAt: clock.now(), lastAt: clock.now() }]);
		expect(await activity()).toEqual([
			{
				at: clock.now(),
				people: [mentor.personId],
				detail: {
					plan: 'A city for all: a buddy scheme for Capaci',
					heading: line.heading,
					added: 5,
					removed: 0,
					excerpt: line.excerpt
				}
			}
		]);
		await until('the programme’s page', () => told.includes(`programme:${programmeId}`));
		expect((await mentoring.plan(mentee, { planId })).changes).toMatchObject([
			{ heading: line.heading, people: ['Liesbeth Maes'], wordsAdded: 5, excerpt: line.excerpt }
		]);
	});

	test('is told exactly once, also when it is projected five times at once, here and in another process', async () => {
		const other = await testBackend({ url: t.url, clock });
		const editor = new Editor(mentee);
		for (let round = 0; round < 5; round++) {
			await editor.write('C', `Word of round ${round}`);
			await Promise.all(
				[1, 2, 3, 4, 5].flatMap(() => [
					projector.projectNow(documentId),
					other.backend.projector.projectNow(documentId)
				])
			);
			await projected();
			expect(await sections()).toEqual(sectionsOf(editor.doc));
			expect(await lines()).toMatchObject([{ added: 4 * (round + 1), removed: 0, people: [mentee.personId] }]);
			expect(await activity()).toMatchObject([{ detail: { added: 4 * (round + 1) } }]);
		}
		await other.close();
		expect([...t.faults, ...other.faults]).toEqual([]);
	});

	test('projected again when nothing came changes nothing and tells nobody', async () => {
		await new Editor(mentee).write('C', 'Something.');
		await projected();
		const before = [await sections(), await lines(), await activity()];
		await until('the first notice', () => told.length > 0);
		told.length = 0;
		for (let again = 0; again < 5; again++) await projector.projectNow(documentId);
		expect([await sections(), await lines(), await activity()]).toEqual(before);
		expect(told).toEqual([]);
	});

	test('typed on within ten minutes widens its line, with everybody who wrote; after that it is a new one', async () => {
		const [one, two] = [new Editor(mentor), new Editor(mentee)];
		const start = clock.now();
		await one.write('D', 'first words');
		await projected();
		// Each pause is short, the whole sitting is not.
		clock.move(9 * minute);
		await two.write('D', 'and three more');
		await projected();
		clock.move(10 * minute);
		await one.write('D', 'last');
		await projected();
		const sitting = {
			added: 6,
			removed: 0,
			excerpt: expect.stringMatching(/last$/),
			firstAt: start,
			lastAt: clock.now()
		};
		expect(await lines()).toMatchObject([sitting]);
		expect((await lines())[0]!.people.toSorted()).toEqual([mentor.personId, mentee.personId].toSorted());
		expect(await activity()).toMatchObject([{ at: clock.now(), detail: { added: 6 } }]);

		clock.move(10 * minute + 1);
		await two.write('D', 'much later');
		await projected();
		expect(await lines()).toMatchObject([sitting, { added: 2, firstAt: clock.now(), people: [mentee.personId] }]);
		expect(await activity()).toHaveLength(2);
	});

	test('in two sections is two lines, one in each', async () => {
		await new Editor(mentee).edit((body) => {
			body.insert(endOf(body, 'E'), [paragraph('one two')]);
			body.insert(endOf(body, 'G'), [paragraph('three four five')]);
		});
		await projected();
		expect(await lines()).toMatchObject([
			{ heading: await headingOf('E'), added: 2 },
			{ heading: await headingOf('G'), added: 3 }
		]);
		expect(await activity()).toHaveLength(2);
	});

	test('that takes words away shows those that are gone', async () => {
		const editor = new Editor(mentee);
		await editor.write('H', 'These words will go.');
		await projected();
		clock.move(60 * minute);
		await editor.edit((body) => body.delete(endOf(body, 'H') - 1, 1));
		await projected();
		expect((await lines()).at(-1)).toMatchObject({
			added: 0,
			removed: 4,
			excerpt: expect.stringMatching(/These words will go\.$/)
		});
	});

	test('of a section that comes and goes is told, with its heading', async () => {
		const editor = new Editor(mentee);
		await editor.edit((body) => body.push([heading('Z New section'), paragraph('with words')]));
		await projected();
		expect(await lines()).toMatchObject([{ heading: 'Z New section', added: 2, removed: 0 }]);
		clock.move(60 * minute);
		await editor.edit((body) => body.delete(headingAt(body, 'Z'), 2));
		await projected();
		expect((await lines()).at(-1)).toMatchObject({ heading: 'Z New section', added: 0, removed: 2 });
		expect((await sections()).some((section) => section.heading === 'Z New section')).toBe(false);
	});

	test('under two headings of the same words is one line for both', async () => {
		const editor = new Editor(mentee);
		await editor.edit((body) =>
			body.push([heading('Y Twice'), paragraph('one'), heading('Y Twice'), paragraph('two three')])
		);
		await projected();
		expect(await lines()).toMatchObject([{ heading: 'Y Twice', added: 3 }]);
		expect((await sections()).filter((section) => section.heading === 'Y Twice').map(({ words }) => words)).toEqual([
			'one',
			'two three'
		]);
		await editor.edit((body) => body.delete(headingAt(body, 'Y'), 4));
	});

	test('with marks and lists is told in plain words, and hostile ones stay words', async () => {
		const hostile = '<script>alert("1")</script> \' or 1=1 -- ${x} \\ % _';
		await new Editor(mentee).edit((body) => {
			const list = new Y.XmlElement('bulletList');
			const item = new Y.XmlElement('listItem');
			const text = new Y.XmlText();
			text.insert(0, hostile, { bold: true });
			const inside = new Y.XmlElement('paragraph');
			inside.insert(0, [text]);
			item.insert(0, [inside]);
			list.insert(0, [item]);
			body.insert(endOf(body, 'I'), [list]);
		});
		await projected();
		expect((await lines())[0]!.excerpt.endsWith(hostile)).toBe(true);
		expect(await wordsOf('I')).toContain(hostile);
	});

	test('whose telling fails leaves nothing half done, and is told once when it works again', async () => {
		let fail = true;
		backend.parts.events.on('mentoring.plan-changed', () =>
			fail ? Promise.reject(new Error('on purpose')) : Promise.resolve()
		);
		const before = await sections();
		await new Editor(mentee).write('K', 'Told once');
		await expect(projector.projectNow(documentId)).rejects.toThrow('on purpose');
		expect([await sections(), await lines(), await activity()]).toEqual([before, [], []]);
		const [row] =
			await sql`select projected_seq < head_seq as behind, dirty_at from collaboration.documents where id = ${documentId}`;
		expect(row).toEqual({ behind: true, dirty_at: clock.now() });
		fail = false;
		await projected();
		expect(await lines()).toMatchObject([{ added: 2 }]);
		expect(await activity()).toHaveLength(1);
		expect(await wordsOf('K')).toContain('Told once');
	});

	test('adds up: however edits and projections fall together, lines and sections agree', async () => {
		// A small generator with a seed, so that a failure can be seen again.
		let seed = 20_261_122;
		const next = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
		const count = (words: string) => words.split(/\s+/).filter(Boolean).length;
		const total = async () => (await sections()).reduce((sum, { words }) => sum + count(words), 0);
		const before = await total();
		const editors = [new Editor(mentor), new Editor(mentee)];
		for (let step = 0; step < 30; step++) {
			const editor = editors[next(2)]!;
			const letter = 'ABCDEGHIJ'[next(9)]!;
			if (next(4) === 0)
				await editor.edit((body) => {
					const end = endOf(body, letter);
					if (end - headingAt(body, letter) > 2) body.delete(end - 1, 1);
				});
			else await editor.write(letter, Array.from({ length: 1 + next(5) }, (_, n) => `w${step}.${n}`).join(' '));
			clock.move(next(12) * minute);
			if (next(2) === 0) await Promise.all([projector.projectNow(documentId), projector.projectNow(documentId)]);
		}
		await projected();
		const told = await lines();
		expect(told.reduce((sum, line) => sum + line.added - line.removed, 0)).toBe((await total()) - before);
		const shown = await activity();
		expect(shown.map(({ detail }) => [detail.heading, detail.added, detail.removed])).toEqual(
			told.map((line) => [line.heading, line.added, line.removed])
		);
		expect(await sections()).toEqual(sectionsOf(await newest()));
	});
});

async function newest(): Promise<Y.Doc> {
	const editor = new Editor(mentor);
	const { rows } = await collaboration.openDocument(mentor, { document: documentId, epoch: null, since: 0, schema: 1 });
	for (const row of rows) Y.applyUpdate(editor.doc, row.data);
	return editor.doc;
}
