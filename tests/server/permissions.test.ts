import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { seedId } from '#db/seed/id.ts';
import { refusals, Refusal } from '#domain/basics/refusal.ts';
import { writeAnswer } from '#domain/collaboration/answers-document.ts';
import { type Act, acts, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import { signedInAs, testBackend } from '../support/backend.ts';

// The matrix (A2, X6): every use case with an object, asked by everybody. The table below is written by hand: it says
// what shall be, not what is. A use case or an act that stands in no row fails at the end.

const t = await testBackend();
const { backend, sql } = t;
const { network, reviews, mentoring, progress, collaboration } = backend;
const { chance } = backend.parts;

const munich = seedId('review', 'munich');
const pairId = seedId('pair', 'mechelen-capaci');
const planId = seedId('plan', 'mechelen-capaci');
const planDocument = seedId('document', 'plan', 'mechelen-capaci');
/** The programme of the pairs, and the one of the reviews. */
const mentoringProgramme = seedId('programme', 'inclucities');
const reviewProgramme = seedId('programme', 'working-groups');
const nowhere = seedId('nowhere');

/** Whoever asks. What each of them is in the demo network stands in db/seed/demo-people.ts. */
const addresses = {
	admin: 'admin@eurocities.example',
	'lead of the reviews': 'lead@eurocities.example',
	'lead of the pairs': 'lead@cemr.example',
	'review lead': 'review-lead@stockholm.example',
	author: 'expert@bologna.example',
	friend: 'friend@rotterdam.example',
	'expert of another group': 'expert@stockholm.example',
	'expert of another review': 'roma@toulouse.example',
	host: 'host@munich.example',
	'host of another review': 'host@timisoara.example',
	mentor: 'mentor@mechelen.example',
	mentee: 'mentee@capaci.example',
	'former mentee': 'mentee@partinico.example',
	'mentor of another pair': 'mentor@brussels.example',
	association: 'association@vvsg.example',
	'association of other pairs': 'association@brulocalis.example',
	facilitator: 'facilitator@migrationwork.example',
	'facilitator of the review': 'moderator@review.example',
	editor: 'editor@bologna.example',
	guest: 'guest@ngo.example',
	'guest of the review': 'guest@review.example',
	'guest of the reviews’ programme': 'guest@programme.example',
	stranger: 'stranger@turku.example'
} as const;
type Who = keyof typeof addresses;
const everybody = Object.keys(addresses) as Who[];
const guests: Who[] = ['guest', 'guest of the review', 'guest of the reviews’ programme'];
/** Without a role that counts today. */
const roleless: Who[] = ['stranger', 'former mentee'];
const members = everybody.filter((who) => !guests.includes(who) && !roleless.includes(who));

for (const [email, role, kind, id] of [
	['moderator@review.example', 'facilitator', 'review', munich],
	['guest@review.example', 'guest', 'review', munich],
	['guest@programme.example', 'guest', 'programme', reviewProgramme]
] as const) {
	const personId = chance.id();
	await sql`
		insert into network.people (id, name, email, language, time_zone, created_at)
		values (${personId}, ${email}, ${email}, 'en', 'Europe/Brussels', now())`;
	await sql`
		insert into network.roles (id, person_id, role, scope_kind, scope_id, since, granted_at)
		values (${chance.id()}, ${personId}, ${role}, ${kind}, ${id}, '2026-01-01', now())`;
}
const actors = {} as Record<Who, Actor>;
for (const who of everybody) actors[who] = (await signedInAs(t, addresses[who])).actor;
const { author, stranger } = actors;

const pdf = Buffer.from('%PDF-1.4\n%%EOF\n');
async function begun(): Promise<{ noteId: string; documentId: string; fileId: string }> {
	const sessionId = seedId('session', 'munich', '1', '1');
	const { noteId } = await reviews.startNote(author, { reviewId: munich, sessionId, formCode: 'F9', language: 'en' });
	const { documentId } = await reviews.note(author, { noteId });
	const { id: fileId } = await reviews.addNoteFile(author, { noteId, name: 'paper.pdf', data: pdf });
	return { noteId, documentId: documentId!, fileId };
}
const draft = await begun();
const sent = await begun();
{
	const { form } = await reviews.note(author, { noteId: sent.noteId });
	const doc = new Y.Doc();
	for (const [id, answer] of Object.entries({
		present: ['one'],
		opening: ['who we are'],
		seen: 'seen',
		confidence: 'several said it'
	}))
		writeAnswer(
			doc,
			form.questions.find((question) => question.id === id)!,
			answer,
			'test'
		);
	const data = Y.encodeStateAsUpdate(doc);
	const seq = await collaboration.storeUpdate(author, { document: sent.documentId, message: chance.id(), data });
	expect(await reviews.sendNote(author, { noteId: sent.noteId, seq })).toHaveProperty('sentAt');
}

/** `ok` also where the policy let somebody through to a form that is not filled in well. */
type Outcome = 'ok' | 'hidden' | 'read-only' | keyof typeof refusals;

interface Row {
	what: string;
	useCases: `${'network' | 'reviews' | 'mentoring' | 'progress' | 'collaboration'}.${string}`[];
	asks: Act[];
	ask: (actor: Actor, id: string) => Promise<unknown>;
	id: string;
	ok: readonly Who[];
	but?: Partial<Record<Who, Outcome>>;
	/** What everybody else is told. */
	others: Outcome;
	/** What those in `ok` are told of an id that is not there; for the others it is what they are told anyway. */
	nowhere?: Outcome | 'no id';
}

const open = (actor: Actor, document: string) =>
	collaboration.openDocument(actor, { document, epoch: null, since: 0, schema: 1 });

/** A form of invitations to one kind of place; asking for it and sending one have the same rights. */
function inviting(scopeKind: string, id: string, ok: Who[]): Row[] {
	return [
		{
			what: `the invitation form of the ${scopeKind}`,
			useCases: ['network.invitationForm'],
			asks: ['role.invite'],
			ask: (actor, scopeId) => network.invitationForm(actor, { scopeKind, scopeId }),
			id,
			ok,
			others: 'not-found',
			// There is one network, and it has any id.
			nowhere: scopeKind === 'network' ? 'ok' : 'not-found'
		},
		{
			what: `inviting to the ${scopeKind}`,
			useCases: ['network.invite'],
			asks: ['role.invite'],
			ask: (actor, scopeId) =>
				network.invite(actor, {
					email: 'invited@matrix.example',
					name: 'Invited',
					language: 'en',
					role: { network: 'admin', observatory: 'observatory-editor' }[scopeKind] ?? 'guest',
					scopeKind,
					scopeId,
					organisationId: null
				}),
			id,
			ok,
			others: 'not-found',
			nowhere: scopeKind === 'network' ? 'ok' : 'not-found'
		}
	];
}

const teamOfReview: Who[] = ['review lead', 'author', 'friend', 'expert of another group'];
const readersOfReview: Who[] = [
	'admin',
	'lead of the reviews',
	...teamOfReview,
	'host',
	'facilitator of the review',
	'guest of the review',
	'guest of the reviews’ programme'
];
const peopleOfPair: Who[] = ['admin', 'lead of the pairs', 'mentor', 'mentee', 'association', 'facilitator', 'guest'];

const matrix: Row[] = [
	// Reviews
	{
		what: 'the review',
		useCases: ['reviews.review'],
		asks: ['review.read'],
		ask: (actor, reviewId) => reviews.review(actor, { reviewId }),
		id: munich,
		ok: readersOfReview,
		others: 'not-found'
	},
	{
		what: 'the review’s list of notes',
		useCases: ['reviews.review'],
		asks: ['review.notes'],
		ask: async (actor, reviewId) => ((await reviews.review(actor, { reviewId })).notes ? 'ok' : 'hidden'),
		id: munich,
		ok: [...teamOfReview, 'facilitator of the review'],
		but: {
			admin: 'hidden',
			'lead of the reviews': 'hidden',
			host: 'hidden',
			'guest of the review': 'hidden',
			'guest of the reviews’ programme': 'hidden'
		},
		others: 'not-found'
	},
	{
		what: 'beginning a note',
		useCases: ['reviews.startNote'],
		asks: ['note.start'],
		ask: (actor, reviewId) => reviews.startNote(actor, { reviewId, sessionId: null, formCode: 'F9', language: 'en' }),
		id: munich,
		ok: teamOfReview,
		others: 'not-found'
	},
	{
		what: 'a draft',
		useCases: ['reviews.note'],
		asks: ['note.read'],
		ask: (actor, noteId) => reviews.note(actor, { noteId }),
		id: draft.noteId,
		ok: ['author'],
		others: 'not-found'
	},
	{
		what: 'the document of a draft',
		useCases: ['collaboration.openDocument', 'collaboration.rightsOn', 'collaboration.storeUpdate'],
		asks: ['note.write'],
		ask: async (actor, document) => {
			const rights = await collaboration.rightsOn(actor, document);
			const opened = await open(actor, document);
			expect(rights).toEqual({ read: true, write: opened.mayWrite });
			return opened.mayWrite ? 'ok' : 'read-only';
		},
		id: draft.documentId,
		ok: ['author'],
		others: 'not-found'
	},
	{
		what: 'sending a draft',
		useCases: ['reviews.sendNote'],
		asks: ['note.write'],
		// Never the length it has, so that the draft stays one.
		ask: (actor, noteId) => reviews.sendNote(actor, { noteId, seq: 999 }),
		id: draft.noteId,
		ok: [],
		but: { author: 'conflict' },
		others: 'not-found'
	},
	{
		what: 'adding a file to a draft',
		useCases: ['reviews.addNoteFile'],
		asks: ['note.write'],
		ask: (actor, noteId) => reviews.addNoteFile(actor, { noteId, name: 'x.pdf', data: pdf }),
		id: draft.noteId,
		ok: ['author'],
		others: 'not-found'
	},
	{
		what: 'removing a file from a draft',
		useCases: ['reviews.removeNoteFile'],
		asks: ['note.write'],
		ask: async (actor, noteId) => {
			const { id: fileId } = await reviews.addNoteFile(author, { noteId: draft.noteId, name: 'x.pdf', data: pdf });
			return reviews
				.removeNoteFile(actor, { noteId, fileId })
				.finally(() => sql`delete from basics.files where id = ${fileId}`);
		},
		id: draft.noteId,
		ok: ['author'],
		others: 'not-found'
	},
	{
		what: 'a file of a draft',
		useCases: ['reviews.noteFile'],
		asks: ['note.read'],
		ask: (actor, fileId) => reviews.noteFile(actor, { fileId }),
		id: draft.fileId,
		ok: ['author'],
		others: 'not-found'
	},
	{
		what: 'a sent note',
		useCases: ['reviews.note'],
		asks: ['note.read'],
		ask: (actor, noteId) => reviews.note(actor, { noteId }),
		id: sent.noteId,
		ok: ['author', 'friend'],
		others: 'not-found'
	},
	{
		what: 'the document of a sent note',
		useCases: ['collaboration.openDocument', 'collaboration.rightsOn'],
		asks: ['note.write'],
		ask: async (actor, document) => ((await open(actor, document)).mayWrite ? 'ok' : 'read-only'),
		id: sent.documentId,
		ok: [],
		but: { author: 'read-only' },
		others: 'not-found'
	},
	{
		what: 'sending a sent note',
		useCases: ['reviews.sendNote'],
		asks: ['note.write'],
		ask: (actor, noteId) => reviews.sendNote(actor, { noteId, seq: 999 }),
		id: sent.noteId,
		ok: ['author'],
		others: 'not-found'
	},
	{
		what: 'adding a file to a sent note',
		useCases: ['reviews.addNoteFile'],
		asks: ['note.write'],
		ask: (actor, noteId) => reviews.addNoteFile(actor, { noteId, name: 'x.pdf', data: pdf }),
		id: sent.noteId,
		ok: [],
		but: { author: 'closed' },
		others: 'not-found'
	},
	{
		what: 'removing the file of a sent note',
		useCases: ['reviews.removeNoteFile'],
		asks: ['note.write'],
		ask: (actor, noteId) => reviews.removeNoteFile(actor, { noteId, fileId: sent.fileId }),
		id: sent.noteId,
		ok: [],
		but: { author: 'closed' },
		others: 'not-found'
	},
	{
		what: 'the file of a sent note',
		useCases: ['reviews.noteFile'],
		asks: ['note.read'],
		ask: (actor, fileId) => reviews.noteFile(actor, { fileId }),
		id: sent.fileId,
		ok: ['author', 'friend'],
		others: 'not-found'
	},

	// Mentoring
	{
		what: 'the pair',
		useCases: ['mentoring.pair'],
		asks: ['pair.read'],
		ask: (actor, id) => mentoring.pair(actor, { pairId: id }),
		id: pairId,
		ok: peopleOfPair,
		others: 'not-found'
	},
	{
		what: 'the plan',
		useCases: ['mentoring.plan'],
		asks: ['plan.read'],
		ask: (actor, id) => mentoring.plan(actor, { planId: id }),
		id: planId,
		ok: peopleOfPair,
		others: 'not-found'
	},
	{
		what: 'opening the plan’s document',
		useCases: ['collaboration.openDocument'],
		asks: ['plan.read'],
		ask: open,
		id: planDocument,
		ok: peopleOfPair,
		others: 'not-found'
	},
	{
		what: 'writing the plan’s document',
		useCases: ['collaboration.rightsOn', 'collaboration.storeUpdate'],
		asks: ['plan.write'],
		ask: async (actor, document) => {
			// What the socket's door asks before each update, told in its words.
			const { read, write } = await collaboration.rightsOn(actor, document);
			return write ? 'ok' : read ? 'read-only' : Promise.reject(new Refusal('not-found'));
		},
		id: planDocument,
		ok: ['mentor', 'mentee'],
		but: {
			admin: 'read-only',
			'lead of the pairs': 'read-only',
			association: 'read-only',
			facilitator: 'read-only',
			guest: 'read-only'
		},
		others: 'not-found'
	},

	// Programmes
	...[
		{ id: mentoringProgramme, name: 'the pairs', lead: 'lead of the pairs' as const },
		{ id: reviewProgramme, name: 'the reviews', lead: 'lead of the reviews' as const }
	].flatMap(({ id, name, lead }): Row[] => [
		{
			what: `the programme of ${name}`,
			useCases: ['progress.programme'],
			asks: ['programme.read'],
			ask: (actor, programmeId) => progress.programme(actor, { programmeId }),
			id,
			ok: ['admin', lead],
			others: 'not-found'
		},
		{
			what: `the export of the programme of ${name}`,
			useCases: ['progress.exportProgramme'],
			asks: ['programme.export'],
			ask: (actor, programmeId) => progress.exportProgramme(actor, { programmeId }),
			id,
			ok: ['admin', lead],
			others: 'not-found'
		}
	]),

	// Roles
	...inviting('network', seedId('network'), ['admin']),
	...inviting('observatory', seedId('observatory', 'bologna'), ['admin']),
	...inviting('programme', mentoringProgramme, ['admin', 'lead of the pairs']),
	...inviting('review', munich, ['admin', 'lead of the reviews', 'review lead']),
	...inviting('pair', pairId, ['admin', 'lead of the pairs']),
	{
		what: 'the form to hand over the author’s things',
		useCases: ['network.handoverForm'],
		asks: ['people.hand-over'],
		ask: (actor, from) => network.handoverForm(actor, { from }),
		id: author.personId,
		ok: ['admin', 'lead of the reviews', 'author'],
		others: 'not-found'
	},
	{
		what: 'handing over the author’s things',
		useCases: ['network.handOver'],
		asks: ['people.hand-over'],
		// To nobody who could take them, so that they stay where they are.
		ask: (actor, from) => network.handOver(actor, { from, to: nowhere }),
		id: author.personId,
		ok: ['admin', 'lead of the reviews', 'author'],
		others: 'not-found'
	},
	{
		what: 'handing over the mentor’s things',
		useCases: ['network.handOver'],
		asks: ['people.hand-over'],
		ask: (actor, from) => network.handOver(actor, { from, to: nowhere }),
		id: actors.mentor.personId,
		ok: ['admin', 'lead of the pairs', 'mentor'],
		others: 'not-found'
	},

	// People and places
	{
		what: 'the directory',
		useCases: ['network.directory'],
		asks: ['directory.read'],
		ask: (actor) => network.directory(actor, { words: '', page: 1 }),
		id: nowhere,
		ok: members,
		others: 'forbidden',
		nowhere: 'no id'
	},
	{
		what: 'the list of cities',
		useCases: ['network.cities'],
		asks: ['directory.read'],
		ask: (actor) => network.cities(actor, { words: '', page: 1, country: '' }),
		id: nowhere,
		ok: members,
		others: 'forbidden',
		nowhere: 'no id'
	},
	{
		what: 'an organisation',
		useCases: ['network.organisation'],
		asks: ['organisation.read'],
		ask: (actor, slug) => network.organisation(actor, { slug }),
		id: 'munich',
		ok: members,
		others: 'not-found'
	},
	{
		what: 'the audit trail',
		useCases: ['network.readAudit'],
		asks: ['audit.read'],
		ask: (actor) => network.readAudit(actor, {}),
		id: nowhere,
		ok: ['admin'],
		others: 'not-found',
		nowhere: 'no id'
	},
	{
		what: 'search',
		useCases: ['progress.search'],
		asks: ['search.use'],
		ask: (actor) => progress.search(actor, { words: 'munich' }),
		id: nowhere,
		ok: everybody,
		others: 'sign-in-needed',
		nowhere: 'no id'
	},

	// One's own
	{
		what: 'another person’s session',
		useCases: ['network.endOwnSession'],
		asks: ['account.own'],
		ask: (actor, sessionId) => network.endOwnSession(actor, { sessionId }),
		id: actors.stranger.sessionId,
		ok: [],
		// Whose it is, asked last, may end it.
		but: { stranger: 'ok' },
		others: 'not-found'
	},
	...(
		[
			['the list of one’s sessions', 'network.listSessions', (actor) => network.listSessions(actor)],
			['one’s work', 'progress.myWork', (actor) => progress.myWork(actor)],
			['one’s data', 'network.exportMyData', (actor) => network.exportMyData(actor)],
			['one’s language', 'network.chooseLanguage', (actor) => network.chooseLanguage(actor, { language: 'en' })]
		] as [string, Row['useCases'][number], Row['ask']][]
	).map(([what, useCase, ask]): Row => ({
		what,
		useCases: [useCase],
		asks: ['account.own'],
		ask,
		id: nowhere,
		ok: everybody,
		others: 'sign-in-needed',
		nowhere: 'no id'
	}))
];

/** What a person is told, and everything else a refusal would give away. */
async function outcomeOf(row: Row, who: Who, id: string): Promise<Outcome> {
	try {
		const answer = await row.ask(actors[who], id);
		return answer === 'hidden' || answer === 'read-only' ? answer : 'ok';
	} catch (fault) {
		if (!(fault instanceof Refusal)) throw fault;
		expect({ ...fault, message: fault.message, cause: fault.cause }).toEqual({
			code: fault.code,
			name: 'Refusal',
			message: fault.code,
			cause: undefined
		});
		return fault.code;
	}
}

const told = async (row: Row, id: string) =>
	Object.fromEntries(await Promise.all(everybody.map(async (who) => [who, await outcomeOf(row, who, id)] as const)));

describe('A2: who may', () => {
	for (const row of matrix) {
		const expected = (ok: Outcome, but = row.but) =>
			Object.fromEntries(everybody.map((who) => [who, but?.[who] ?? (row.ok.includes(who) ? ok : row.others)]));

		const notThere = row.nowhere ?? 'not-found';
		if (notThere !== 'no id')
			test(`${row.what}: N2, one that is not there answers as one that is not yours`, async () => {
				expect(await told(row, row.id === 'munich' ? 'nowhere' : nowhere)).toEqual(expected(notThere, {}));
			});

		test(`${row.what}: ${row.ok.length === everybody.length ? 'everybody' : row.ok.join(', ') || 'nobody'}`, async () => {
			expect(await told(row, row.id)).toEqual(expected('ok'));
		});
	}

	test('two ids in one request: the file of another note is not reached through one’s own', async () => {
		const other = actors.friend;
		const mine = await reviews.startNote(other, { reviewId: munich, sessionId: null, formCode: 'F9', language: 'en' });
		const { id: fileId } = await reviews.addNoteFile(author, { noteId: draft.noteId, name: 'x.pdf', data: pdf });
		for (const [actor, noteId] of [
			[other, mine.noteId],
			[other, draft.noteId],
			[author, mine.noteId]
		] as const)
			await expect(reviews.removeNoteFile(actor, { noteId, fileId })).rejects.toMatchObject({ code: 'not-found' });
		expect(await reviews.noteFile(author, { fileId })).toHaveProperty('data');
	});

	test('a draft handed over changes hands, and with it every right on it', async () => {
		const { noteId, fileId } = await begun();
		await sql`update reviews.notes set holder_id = ${actors.editor.personId} where id = ${noteId}`;
		expect(await reviews.note(actors.editor, { noteId })).toMatchObject({ mayWrite: true });
		expect(await reviews.noteFile(actors.editor, { fileId })).toHaveProperty('data');
		await expect(reviews.note(author, { noteId })).rejects.toMatchObject({ code: 'not-found' });
		await expect(reviews.noteFile(author, { fileId })).rejects.toMatchObject({ code: 'not-found' });
	});

	test('nobody who is not signed in, to anything', async () => {
		const everything = {
			network: seedId('network'),
			programme: reviewProgramme,
			review: munich,
			pair: pairId,
			holder: stranger.personId,
			group: [stranger.personId],
			released: true
		};
		for (const act of acts) expect(whyNot(undefined, act, everything), act).toBe('sign-in-needed');
		expect(await network.whoIs(undefined)).toBeUndefined();
	});
});

describe('the matrix', () => {
	/** Use cases that know nobody yet, or ask for the door: sign-in, invitation, the first start, open connections. */
	const beforeSignIn = [
		'network.whoIs',
		'network.askAgain',
		'network.askSignIn',
		'network.signInWithCode',
		'network.lookAtLink',
		'network.signInWithLink',
		'network.lookAtInvitation',
		'network.accept',
		'network.isFirstAdminOpen',
		'network.becomeFirstAdmin',
		'network.offerFirstAdmin',
		// Asked when the document was opened, and again when rights change.
		'collaboration.missingRows',
		// About the cursors of a document that is open already.
		'collaboration.isClientOfAnother',
		// endOwnSession with one's own.
		'network.signOut'
	];

	test('holds every use case of the backend', () => {
		const words = { network, reviews, mentoring, progress, collaboration };
		const all = Object.entries(words).flatMap(([word, useCases]) =>
			Object.keys(useCases).map((name) => `${word}.${name}`)
		);
		// The audit trail's own pen: no door hands it to anybody.
		const held = new Set<string>([
			...beforeSignIn,
			'network.noteRefusal',
			...matrix.flatMap(({ useCases }) => useCases)
		]);
		expect(all.filter((name) => !held.has(name))).toEqual([]);
		expect([...held].filter((name) => !all.includes(name))).toEqual([]);
	});

	test('holds every act of the policy', () => {
		expect(acts.filter((act) => !matrix.some(({ asks }) => asks.includes(act)))).toEqual([]);
	});
});
