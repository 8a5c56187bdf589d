import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { seedId } from '#db/seed/id.ts';
import type { Answer, Answers, Form } from '#domain/basics/form.ts';
import { answersOf, writeAnswer } from '#domain/collaboration/answers-document.ts';
import type { Actor } from '#domain/network/role.ts';
import { fileLimits } from '#server/basics/file-check.ts';
import { addTemplate, newestTemplate } from '#server/basics/form-templates.sql.ts';
import { signedInAs, testBackend } from '../../support/backend.ts';

const t = await testBackend();
const { backend, sql, clock } = t;
const { reviews, collaboration } = backend;
const { chance } = backend.parts;

const munich = seedId('review', 'munich');
const timisoara = seedId('review', 'timisoara');
const session = (...key: string[]) => seedId('session', 'munich', ...key);
const notFound = { code: 'not-found' };
const closed = { code: 'closed' };

const as = async (email: string): Promise<Actor> => (await signedInAs(t, email)).actor;
const author = await as('expert@bologna.example');
const friend = await as('friend@rotterdam.example');
const outsiders: [who: string, actor: Actor][] = [
	['the host', await as('host@munich.example')],
	['the project lead', await as('lead@eurocities.example')],
	['the lead of another programme', await as('lead@cemr.example')],
	['the review lead', await as('review-lead@stockholm.example')],
	['an expert of another group', await as('expert@stockholm.example')],
	['a colleague of the same city in another group', await as('colleague@bologna.example')],
	['an expert of another review', await as('roma@toulouse.example')],
	['the admin', await as('admin@eurocities.example')],
	['a guest', await as('guest@ngo.example')],
	['a stranger', await as('stranger@turku.example')]
];

/** A browser with the note open: what is typed goes to the document log as the live engine would send it. */
class Device {
	readonly doc = new Y.Doc();
	readonly actor: Actor;
	readonly document: string;
	/** How far this browser knows the document. */
	seq = 0;
	#told = Y.encodeStateVector(this.doc);
	constructor(actor: Actor, document: string) {
		this.actor = actor;
		this.document = document;
	}
	async open(): Promise<this> {
		const opened = await collaboration.openDocument(this.actor, {
			document: this.document,
			epoch: null,
			since: 0,
			schema: 1
		});
		for (const row of opened.rows) {
			Y.applyUpdate(this.doc, row.data);
			this.seq = row.seq;
		}
		this.#told = Y.encodeStateVector(this.doc);
		return this;
	}
	async write(form: Form, answers: Answers): Promise<void> {
		for (const [id, answer] of Object.entries(answers)) {
			const question = form.questions.find((one) => one.id === id);
			if (!question) throw new Error(`The form asks no "${id}".`);
			writeAnswer(this.doc, question, answer, 'test');
		}
		const data = Y.encodeStateAsUpdate(this.doc, this.#told);
		this.#told = Y.encodeStateVector(this.doc);
		this.seq = await collaboration.storeUpdate(this.actor, { document: this.document, message: chance.id(), data });
	}
}

const complete: Answers = {
	present: ['two educators'],
	opening: ['who we are'],
	seen: 'I saw a room that parents may use. 🙂',
	take: 'To ask our own centres.',
	confidence: 'several said it'
};

async function started(actor = author, sessionId: string | null = session('1', '1'), formCode = 'F9') {
	const { noteId } = await reviews.startNote(actor, { reviewId: munich, sessionId, formCode, language: 'it' });
	const { documentId, form } = await reviews.note(actor, { noteId });
	return { noteId, form, device: await new Device(actor, documentId!).open() };
}

async function sent(actor = author, answers = complete) {
	const held = await started(actor);
	await held.device.write(held.form, answers);
	const done = await reviews.sendNote(actor, { noteId: held.noteId, seq: held.device.seq });
	if ('issues' in done) throw new Error(JSON.stringify(done.issues));
	return held;
}

const rowsAbout = (noteId: string) => sql<{ question: string; visibility: string; value: Answer }[]>`
	select question_id as question, visibility, value from reviews.answers where note_id = ${noteId} order by question_id`;

describe('a note', () => {
	test('begins empty, in the group of its session, as its writer’s own draft', async () => {
		const { noteId } = await started();
		expect(await reviews.note(author, { noteId })).toMatchObject({
			note: { author: 'Giulia Ferretti', session: 'Where day-care places are short', sentAt: null, language: 'it' },
			formVersion: 1,
			mayWrite: true,
			answers: {},
			files: []
		});
		const [row] = await sql`select group_id, holder_id from reviews.notes where id = ${noteId}`;
		expect(row).toEqual({ group_id: seedId('group', 'munich', '1'), holder_id: author.personId });
	});

	test('of a session of the whole team belongs to its writer’s group; of none to nobody’s', async () => {
		const groupOf = async (sessionId: string | null) => {
			const { noteId } = await started(author, sessionId);
			const [row] = await sql<{ id: string | null }[]>`select group_id as id from reviews.notes where id = ${noteId}`;
			return row!.id;
		};
		expect(await groupOf(session('opening'))).toBe(seedId('group', 'munich', '1'));
		expect(await groupOf(null)).toBeNull();
	});

	test('keeps the draft as it is typed, from several devices at once', async () => {
		const { noteId, form, device: phone } = await started();
		const laptop = await new Device(author, phone.document).open();
		await Promise.all([
			phone.write(form, { seen: 'From the phone.' }),
			laptop.write(form, { works: 'From the laptop.', present: ['one'] })
		]);
		const again = await new Device(author, phone.document).open();
		expect(answersOf(again.doc, form)).toEqual({
			seen: 'From the phone.',
			works: 'From the laptop.',
			present: ['one']
		});
		expect(again.seq).toBe(2);
		// What is typed stands in the document alone until it is sent.
		expect(await rowsAbout(noteId)).toEqual([]);
	});

	test('sent is frozen as it was, with the version of its form, and its answers become rows', async () => {
		const { noteId, form, device } = await started();
		await device.write(form, complete);
		clock.move(60_000);
		expect(await reviews.sendNote(author, { noteId, seq: device.seq })).toEqual({ sentAt: clock.now() });
		const expected = { ...complete, session: 'Where day-care places are short', language: 'it' };
		const shown = await reviews.note(author, { noteId });
		expect(shown).toMatchObject({ documentId: null, mayWrite: false, formVersion: 1, note: { sentAt: clock.now() } });
		expect(JSON.parse(JSON.stringify(shown.answers))).toEqual(expected);
		const [row] = await sql`
			select n.answers, n.sent_seq, t.code, t.version from reviews.notes n
			join basics.form_templates t on t.id = n.template_id where n.id = ${noteId}`;
		expect(row).toEqual({ answers: expected, sent_seq: device.seq, code: 'F9', version: 1 });
		expect(Object.fromEntries((await rowsAbout(noteId)).map(({ question, value }) => [question, value]))).toEqual(
			expected
		);
	});

	test('sent tells the programme that it is there, and nothing of what it says', async () => {
		const { noteId } = await sent();
		const rows =
			await sql`select kind, person_ids, detail from progress.activity where told_once = ${`note-sent:${noteId}`}`;
		expect(rows).toEqual([
			{
				kind: 'note-sent',
				person_ids: [author.personId],
				detail: {
					form: 'F9',
					title: expect.any(String),
					group: 'Group 1',
					session: 'Where day-care places are short'
				}
			}
		]);
	});

	test('sent again is the same note: one row of activity, one in the audit trail, the same answer', async () => {
		const { noteId, device } = await sent();
		const [{ sentAt }] = (await sql`select sent_at as "sentAt" from reviews.notes where id = ${noteId}`) as unknown as [
			{ sentAt: Date }
		];
		clock.move(60_000);
		for (const seq of [device.seq, 0, 999]) expect(await reviews.sendNote(author, { noteId, seq })).toEqual({ sentAt });
		expect(await sql`select from progress.activity where told_once = ${`note-sent:${noteId}`}`).toHaveLength(1);
		expect(await sql`select from network.audit where act = 'note.send' and subject_id = ${noteId}`).toHaveLength(1);
	});

	test('sent ten times at once is sent once, and every press gets the same answer', async () => {
		for (let round = 0; round < 5; round++) {
			const { noteId, form, device } = await started();
			await device.write(form, complete);
			const answers = await Promise.all(
				Array.from({ length: 10 }, () => reviews.sendNote(author, { noteId, seq: device.seq }))
			);
			expect(answers).toEqual(answers.map(() => ({ sentAt: clock.now() })));
			expect(await sql`select from progress.activity where told_once = ${`note-sent:${noteId}`}`).toHaveLength(1);
			expect(await sql`select from network.audit where act = 'note.send' and subject_id = ${noteId}`).toHaveLength(1);
			expect(await rowsAbout(noteId)).toHaveLength(7);
		}
	});

	test('is not sent when another device wrote meanwhile; after looking again it is', async () => {
		const { noteId, form, device: phone } = await started();
		await phone.write(form, complete);
		const laptop = await new Device(author, phone.document).open();
		await laptop.write(form, { works: 'Written on the laptop after the phone looked.' });
		for (const seq of [phone.seq, 0, -1, laptop.seq + 1])
			await expect(reviews.sendNote(author, { noteId, seq })).rejects.toMatchObject({ code: 'conflict' });
		expect((await reviews.note(author, { noteId })).note.sentAt).toBeNull();
		expect(await reviews.sendNote(author, { noteId, seq: laptop.seq })).toHaveProperty('sentAt');
		expect((await reviews.note(author, { noteId })).answers).toMatchObject({
			seen: complete.seen,
			works: 'Written on the laptop after the phone looked.'
		});
	});

	test('sent while another device types holds either all of its words or says that it changed', async () => {
		for (let round = 0; round < 10; round++) {
			const { noteId, form, device: phone } = await started();
			await phone.write(form, complete);
			const laptop = await new Device(author, phone.document).open();
			const [typed, sending] = await Promise.allSettled([
				laptop.write(form, { wonder: `Round ${round}` }),
				reviews.sendNote(author, { noteId, seq: phone.seq })
			]);
			// One of the two came first; never do both succeed, and words that were acknowledged are never lost.
			const outcomes = [typed, sending].map((one) =>
				one.status === 'fulfilled' ? 'ok' : (one.reason as { code: string }).code
			);
			expect([
				['ok', 'conflict'],
				['closed', 'ok']
			]).toContainEqual(outcomes);
		}
	});

	test('B2: lacking a required answer is not sent, says what is missing, and keeps the draft', async () => {
		const { noteId, form, device } = await started();
		await device.write(form, { seen: 'Something', works: 'Much' });
		expect(await reviews.sendNote(author, { noteId, seq: device.seq })).toEqual({
			issues: ['present', 'opening', 'confidence'].map((field) => ({ field, code: 'missing' }))
		});
		expect(answersOf((await new Device(author, device.document).open()).doc, form)).toEqual({
			seen: 'Something',
			works: 'Much'
		});
		expect(await rowsAbout(noteId)).toEqual([]);
		await device.write(form, complete);
		expect(await reviews.sendNote(author, { noteId, seq: device.seq })).toHaveProperty('sentAt');
	});

	test('B1: with an answer of a wrong kind is not sent', async () => {
		const { noteId, form, device } = await started();
		await device.write(form, { ...complete, confidence: 'surely', present: 7 as never, quotes: 'x' as never });
		expect(await reviews.sendNote(author, { noteId, seq: device.seq })).toEqual({
			issues: [
				{ field: 'present', code: 'wrong-kind' },
				{ field: 'quotes', code: 'wrong-kind' },
				{ field: 'confidence', code: 'not-an-option' }
			]
		});
	});

	test('B3: takes only what its form asks', async () => {
		const { noteId, form, device } = await started();
		device.doc.getMap('answers').set('__proto__', { polluted: true });
		device.doc.getMap('answers').set('sent_at', '2000-01-01');
		await device.write(form, complete);
		await reviews.sendNote(author, { noteId, seq: device.seq });
		expect((await rowsAbout(noteId)).map(({ question }) => question)).toEqual(
			['confidence', 'language', 'opening', 'present', 'seen', 'session', 'take'].sort()
		);
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
	});

	test('once sent takes no more words, not from its author either', async () => {
		const { noteId, form, device } = await sent();
		await expect(device.write(form, { works: 'Later' })).rejects.toMatchObject(closed);
		expect(await collaboration.rightsOn(author, device.document)).toMatchObject({ write: false });
		expect(
			await collaboration.openDocument(author, { document: device.document, epoch: null, since: 0, schema: 1 })
		).toMatchObject({ mayWrite: false, whyNot: 'frozen' });
		expect((await reviews.note(author, { noteId })).answers.works).toBeUndefined();
	});
});

describe('beginning a note', () => {
	const start = (actor: Actor, given: Partial<Parameters<typeof reviews.startNote>[1]> = {}) =>
		reviews.startNote(actor, {
			reviewId: munich,
			sessionId: session('1', '1'),
			formCode: 'F9',
			language: 'en',
			...given
		});

	test('is for the experts and the lead of that review; N2: for all others the review is not there', async () => {
		for (const [who, actor] of outsiders) {
			const mayStart = /review lead|of another group|same city/.test(who);
			if (mayStart) expect(await start(actor), who).toHaveProperty('noteId');
			else await expect(start(actor), who).rejects.toMatchObject(notFound);
			await expect(start(actor, { reviewId: seedId('nowhere') }), who).rejects.toMatchObject(notFound);
		}
	});

	test('in a closed review is too late', async () => {
		const expert = await as('roma@toulouse.example');
		for (const sessionId of [null, seedId('session', 'timisoara', 'opening')])
			await expect(start(expert, { reviewId: timisoara, sessionId })).rejects.toMatchObject(closed);
	});

	test('for a session of another review, or of none, finds no such session', async () => {
		for (const sessionId of [seedId('session', 'timisoara', 'opening'), seedId('nowhere'), 'x', '', "' or true --"])
			if (sessionId) await expect(start(author, { sessionId }), sessionId).rejects.toMatchObject(notFound);
	});

	test('on a form that is not there finds none', async () => {
		for (const formCode of ['F99', '', 'f9', '%', '__proto__'])
			await expect(start(author, { formCode }), formCode).rejects.toMatchObject(notFound);
	});

	test('in a language nobody writes is in English', async () => {
		const { noteId } = await start(author, { language: 'xx' });
		expect((await reviews.note(author, { noteId })).note.language).toBe('en');
	});
});

describe('who sees a note', () => {
	test('its holder alone while it is a draft', async () => {
		const { noteId, device } = await started();
		for (const [who, actor] of [...outsiders, ['a friend of the group', friend] as const]) {
			await expect(reviews.note(actor, { noteId }), who).rejects.toMatchObject(notFound);
			await expect(reviews.sendNote(actor, { noteId, seq: 0 }), who).rejects.toMatchObject(notFound);
			await expect(
				collaboration.openDocument(actor, { document: device.document, epoch: null, since: 0, schema: 1 }),
				who
			).rejects.toMatchObject(notFound);
			expect(await collaboration.rightsOn(actor, device.document), who).toEqual({ read: false, write: false });
		}
	});

	test('its group once it is sent, and nobody beyond: not the host, not the leads, not the other groups', async () => {
		const { noteId, device } = await sent();
		expect(await reviews.note(friend, { noteId })).toMatchObject({ mayWrite: false, note: { id: noteId } });
		await expect(reviews.sendNote(friend, { noteId, seq: device.seq })).rejects.toMatchObject(notFound);
		for (const [who, actor] of outsiders) {
			await expect(reviews.note(actor, { noteId }), who).rejects.toMatchObject(notFound);
			await expect(reviews.sendNote(actor, { noteId, seq: device.seq }), who).rejects.toMatchObject(notFound);
		}
	});

	test('N2: one that is not there answers as one that is not yours', async () => {
		for (const actor of [author, friend, ...outsiders.map(([, one]) => one)]) {
			const noteId = seedId('nowhere');
			await expect(reviews.note(actor, { noteId })).rejects.toMatchObject(notFound);
			await expect(reviews.sendNote(actor, { noteId, seq: 0 })).rejects.toMatchObject(notFound);
		}
	});

	test('what only the author may see never reaches the group, neither shown nor in the rows of the group', async () => {
		const { noteId } = await sent();
		expect((await reviews.note(author, { noteId })).answers.take).toBe(complete.take);
		const shown = await reviews.note(friend, { noteId });
		expect(shown.answers.seen).toBe(complete.seen);
		expect(JSON.stringify(shown)).not.toContain(complete.take);
		expect((await rowsAbout(noteId)).filter(({ visibility }) => visibility === 'author')).toEqual([
			{ question: 'take', visibility: 'author', value: complete.take }
		]);
	});

	test('the list of the review shows one’s own and the sent ones of one’s groups; the host sees no list', async () => {
		const draft = await started();
		const done = await sent();
		const listed = async (actor: Actor) =>
			(await reviews.review(actor, { reviewId: munich })).notes?.map(({ id }) => id) ?? null;
		expect(await listed(author)).toEqual(expect.arrayContaining([draft.noteId, done.noteId]));
		expect(await listed(friend)).toContain(done.noteId);
		expect(await listed(friend)).not.toContain(draft.noteId);
		for (const [who, actor] of outsiders.filter(([name]) => /group/.test(name)))
			expect(await listed(actor), who).not.toContain(done.noteId);
		for (const email of ['host@munich.example', 'lead@eurocities.example', 'admin@eurocities.example'])
			expect(await listed(await as(email)), email).toBeNull();
	});

	test('N4: who left the group reads it to their last day in it', async () => {
		const { noteId } = await sent();
		const leaver = await as('expert@madrid.example');
		const last = new Date(Date.parse(leaver.today) + 3 * 86_400_000).toISOString().slice(0, 10);
		await sql`update visits.group_members set until = ${last} where person_id = ${leaver.personId}`;
		const reads: boolean[] = [];
		for (let day = 0; day < 6; day++) {
			const actor = await as('expert@madrid.example');
			const mayRead = await reviews.note(actor, { noteId }).then(
				() => true,
				() => false
			);
			const seen = await reviews.review(actor, { reviewId: munich });
			expect(seen.notes!.some(({ id }) => id === noteId)).toBe(mayRead);
			expect(seen.groups.some(({ mine }) => mine)).toBe(mayRead);
			reads.push(mayRead);
			clock.move(86_400_000);
		}
		expect(reads).toEqual([true, true, true, true, false, false]);
	});
});

describe('the files of a note', () => {
	const red = { create: { width: 600, height: 400, channels: 3, background: { r: 200, g: 30, b: 30 } } } as const;
	const jpeg = () => sharp(red).jpeg().toBuffer();
	const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
	const add = (noteId: string, name: string, data: Uint8Array, actor = author) =>
		reviews.addNoteFile(actor, { noteId, name, data });
	const stored = async (fileId: string, actor = author) => reviews.noteFile(actor, { fileId });

	/** A PNG with a chunk of hidden words in it. */
	function withWords(png: Buffer, words: string): Buffer {
		const data = Buffer.from(`tEXtComment\0${words}`, 'latin1');
		const chunk = Buffer.alloc(data.length + 8);
		chunk.writeUInt32BE(data.length - 4, 0);
		data.copy(chunk, 4);
		chunk.writeUInt32BE(crc32(data), data.length + 4);
		// Behind the header chunk: 8 bytes of signature and 25 of IHDR.
		return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
	}

	/** A PNG whose header promises more pixels than its bytes hold. */
	function promising(png: Buffer, width: number, height: number): Buffer {
		const made = Buffer.from(png);
		made.writeUInt32BE(width, 16);
		made.writeUInt32BE(height, 20);
		made.writeUInt32BE(crc32(made.subarray(12, 29)), 29);
		return made;
	}

	test('a photo loses the place it was taken at and every other hidden word, and is turned upright', async () => {
		const { noteId } = await started();
		const photo = await sharp(red)
			.jpeg()
			.withExif({
				IFD0: { Copyright: 'Hidden Words' },
				IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '11/1 34/1 0/1' }
			})
			.withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><hidden>Hidden Words</hidden></x:xmpmeta>')
			.withMetadata({ orientation: 6 })
			.toBuffer();
		const before = await sharp(photo).metadata();
		expect([before.exif, before.xmp, before.orientation === 6].map(Boolean)).toEqual([true, true, true]);
		expect(photo.includes('Hidden Words')).toBe(true);

		const added = await add(noteId, 'IMG_0001.JPG', photo);
		expect(added).toMatchObject({ name: 'IMG_0001.jpg', mediaType: 'image/jpeg' });
		const { data } = await stored(added.id);
		const after = await sharp(data).metadata();
		for (const hidden of ['exif', 'xmp', 'iptc', 'icc', 'comments', 'orientation'] as const)
			expect(after[hidden], hidden).toBeUndefined();
		expect(data.includes('Hidden Words')).toBe(false);
		// Lying on its side before, upright now.
		expect([after.width, after.height]).toEqual([400, 600]);
	});

	test('a PNG becomes a JPEG without its hidden words, and what was see-through becomes white', async () => {
		const { noteId } = await started();
		const clear = await sharp({
			create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } }
		})
			.png()
			.toBuffer();
		const added = await add(noteId, 'drawing.png', withWords(clear, 'Hidden Words'));
		expect(added).toMatchObject({ name: 'drawing.jpg', mediaType: 'image/jpeg' });
		const { data } = await stored(added.id);
		expect(data.includes('Hidden Words')).toBe(false);
		const { dominant } = await sharp(data).stats();
		expect(Math.min(dominant.r, dominant.g, dominant.b)).toBeGreaterThan(240);
	});

	test('a large picture is made smaller, a small one stays as large as it is', async () => {
		const { noteId } = await started();
		const large = await sharp({ create: { ...red.create, width: 4000, height: 1000 } })
			.png()
			.toBuffer();
		const { id } = await add(noteId, 'large.png', large);
		const small = await add(noteId, 'small.jpg', await jpeg());
		const size = async (fileId: string) => {
			const { width, height } = await sharp((await stored(fileId)).data).metadata();
			return [width, height];
		};
		expect(await size(id)).toEqual([fileLimits.longestSide, 512]);
		expect(await size(small.id)).toEqual([600, 400]);
	});

	test('a paper in PDF is kept byte for byte', async () => {
		const { noteId } = await started();
		const added = await add(noteId, 'agenda.PDF', pdf);
		expect(added).toEqual({ id: added.id, name: 'agenda.pdf', mediaType: 'application/pdf', bytes: pdf.length });
		expect(Buffer.compare((await stored(added.id)).data, pdf)).toBe(0);
		const listed = (await reviews.note(author, { noteId })).files;
		expect(listed).toEqual([{ id: added.id, name: 'agenda.pdf', mediaType: 'application/pdf', bytes: pdf.length }]);
	});

	test('B1-54: only bytes count: neither the name nor a promise of the first bytes makes a picture', async () => {
		const { noteId } = await started();
		const zip = Buffer.from('504b0304140000000000', 'hex');
		const bytes: [name: string, data: Buffer | Uint8Array][] = [
			['page.jpg', Buffer.from('<!doctype html><script>alert(1)</script>')],
			['drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
			['drawing.png', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
			['archive.zip', Buffer.concat([zip, Buffer.alloc(200)])],
			['letter.docx', Buffer.concat([zip, Buffer.from('word/document.xml'), Buffer.alloc(100)])],
			['setup.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
			['moving.gif', await sharp(red).gif().toBuffer()],
			['words.txt', Buffer.from('only words')],
			['late.pdf', Buffer.concat([Buffer.from('<html>'), pdf])],
			['half.jpg', (await jpeg()).subarray(0, 40)],
			['broken.png', Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(64)])],
			['bomb.png', promising(await sharp(red).png().toBuffer(), 60_000, 60_000)],
			['one.byte', Buffer.from([0xff])]
		];
		for (const [name, data] of bytes)
			await expect(add(noteId, name, data), name).rejects.toMatchObject({ code: 'unsupported-type' });
		expect((await reviews.note(author, { noteId })).files).toEqual([]);
	});

	test('nothing, and more than ten megabytes, is refused; ten are not', async () => {
		const { noteId } = await started();
		await expect(add(noteId, 'empty.pdf', new Uint8Array())).rejects.toMatchObject({ code: 'invalid' });
		const ten = Buffer.concat([pdf, Buffer.alloc(fileLimits.bytes - pdf.length, 0x20)]);
		expect(await add(noteId, 'ten.pdf', ten)).toMatchObject({ bytes: fileLimits.bytes });
		await expect(add(noteId, 'more.pdf', Buffer.concat([ten, Buffer.alloc(1)]))).rejects.toMatchObject({
			code: 'too-large'
		});
	});

	test.each([
		['../../etc/passwd', '-.pdf'],
		['C:\\Users\\me\\plan.pdf', 'C-Users-me-plan.pdf'],
		['a\r\nSet-Cookie: x=y.pdf', 'a-Set-Cookie- x-y.pdf'],
		['<img src=x onerror=alert(1)>.pdf', '-img src-x onerror-alert-1-.pdf'],
		['Überblick – план 2.pdf', 'Überblick - план 2.pdf'],
		['\0.pdf', '-.pdf'],
		['', 'file.pdf'],
		['.pdf', 'file.pdf'],
		['con.tar.gz', 'con-tar.pdf'],
		['x'.repeat(200), `${'x'.repeat(80)}.pdf`]
	])('the name %j is kept as a name that is no path and no header: %s', async (given, name) => {
		const { noteId } = await started();
		const added = await add(noteId, given, pdf);
		expect(added.name).toBe(name);
		expect(added.name).toMatch(/^[\p{L}\p{N} _-]{1,80}\.pdf$/u);
	});

	test('are twenty at most, also when thirty come at once', async () => {
		const { noteId } = await started();
		const results = await Promise.allSettled(
			Array.from({ length: 30 }, (_, index) => add(noteId, `${index}.pdf`, pdf))
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
		for (const one of results) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'too-many' });
		expect((await reviews.note(author, { noteId })).files).toHaveLength(20);
	});

	test('are for whoever may read the note, asked at each download', async () => {
		const { noteId, form, device } = await started();
		const { id: fileId } = await add(noteId, 'paper.pdf', pdf);
		expect((await stored(fileId)).mediaType).toBe('application/pdf');
		await expect(stored(fileId, friend)).rejects.toMatchObject(notFound);
		await device.write(form, complete);
		await reviews.sendNote(author, { noteId, seq: device.seq });
		expect((await stored(fileId, friend)).name).toBe('paper.pdf');
		for (const [who, actor] of outsiders) {
			await expect(stored(fileId, actor), who).rejects.toMatchObject(notFound);
			await expect(stored(seedId('nowhere'), actor), who).rejects.toMatchObject(notFound);
		}
		// Out of the group, the address that was seen before opens nothing.
		const reader = await as('expert@lyon.example');
		expect(await stored(fileId, reader)).toHaveProperty('data');
		await sql`delete from visits.group_members where person_id = ${reader.personId}`;
		await expect(stored(fileId, reader)).rejects.toMatchObject(notFound);
	});

	test('of something that is no note are not given out as if they were', async () => {
		const id = chance.id();
		await sql`
			insert into basics.files (id, subject_kind, subject_id, name, media_type, bytes, sha256, data, created_by, created_at)
			select ${id}, 'practice', n.id, 'x.pdf', 'application/pdf', 1, '', 'x', ${author.personId}, now()
			from reviews.notes n where n.holder_id = ${author.personId} limit 1`;
		await expect(stored(id)).rejects.toMatchObject(notFound);
	});

	test('are added and removed by the holder of the draft alone', async () => {
		const { noteId } = await started();
		const other = await started();
		const { id: fileId } = await add(noteId, 'paper.pdf', pdf);
		for (const [who, actor] of [...outsiders, ['a friend of the group', friend] as const]) {
			await expect(add(noteId, 'x.pdf', pdf, actor), who).rejects.toMatchObject(notFound);
			await expect(reviews.removeNoteFile(actor, { noteId, fileId }), who).rejects.toMatchObject(notFound);
		}
		// Two ids in one request: the file must be one of this note.
		await expect(reviews.removeNoteFile(author, { noteId: other.noteId, fileId })).rejects.toMatchObject(notFound);
		for (const nowhere of [seedId('nowhere'), 'x', '', "' or true --"])
			await expect(reviews.removeNoteFile(author, { noteId, fileId: nowhere })).rejects.toMatchObject(notFound);
		await reviews.removeNoteFile(author, { noteId, fileId });
		await expect(stored(fileId)).rejects.toMatchObject(notFound);
	});

	test('of a sent note stay as they are', async () => {
		const { noteId, form, device } = await started();
		const { id: fileId } = await add(noteId, 'paper.pdf', pdf);
		await device.write(form, complete);
		await reviews.sendNote(author, { noteId, seq: device.seq });
		await expect(reviews.removeNoteFile(author, { noteId, fileId })).rejects.toMatchObject(closed);
		await expect(add(noteId, 'late.pdf', pdf)).rejects.toMatchObject(closed);
		expect((await reviews.note(author, { noteId })).files).toHaveLength(1);
	});

	test('that are still being checked when the note is sent come too late', async () => {
		const { noteId, form, device } = await started();
		await device.write(form, complete);
		const photo = await jpeg();
		const uploads = Array.from({ length: 6 }, (_, index) => add(noteId, `${index}.jpg`, photo));
		const [, ...results] = await Promise.allSettled([
			reviews.sendNote(author, { noteId, seq: device.seq }),
			...uploads
		]);
		const [{ sentAt }] = (await sql`select sent_at as "sentAt" from reviews.notes where id = ${noteId}`) as unknown as [
			{ sentAt: Date | null }
		];
		expect(sentAt).not.toBeNull();
		const kept = (await reviews.note(author, { noteId })).files.length;
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(kept);
		for (const one of results) if (one.status === 'rejected') expect(one.reason).toMatchObject(closed);
		await expect(add(noteId, 'later.jpg', photo)).rejects.toMatchObject(closed);
	});
});

// The last one, because the notes begun after it have the new version.
describe('a new version of a form', () => {
	test('is for notes begun from then on; one begun before keeps the wording its answers were given to', async () => {
		const { noteId, form, device } = await started();
		const newer: Form = {
			...form,
			title: `${form.title}, revised`,
			questions: form.questions.map((question) => ({ ...question, label: `${question.label} (new)`, required: true }))
		};
		await addTemplate(sql, { id: chance.id(), version: 2, form: newer, at: clock.now() });
		await device.write(form, complete);
		expect(await reviews.sendNote(author, { noteId, seq: device.seq })).toEqual({ sentAt: clock.now() });
		expect(await reviews.note(author, { noteId })).toMatchObject({ formVersion: 1, form });

		const fresh = await started();
		expect(await reviews.note(author, { noteId: fresh.noteId })).toMatchObject({ formVersion: 2, form: newer });
		await fresh.device.write(fresh.form, complete);
		expect(await reviews.sendNote(author, { noteId: fresh.noteId, seq: fresh.device.seq })).toHaveProperty('issues');
		expect((await newestTemplate(sql, 'F9'))?.version).toBe(2);
	});
});
