import { beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { connect, type Sql } from '#server/basics/database.ts';
import { signedInAs, type TestBackend, testBackend, until } from '../support/backend.ts';
import {
	allSettled,
	freshPlan,
	type Live,
	logOf,
	openLive,
	replayed,
	seeded,
	type Writer,
	writer
} from '../support/sockets.ts';

/** `LIVE_SEEDS=16-200` runs others; a seed that fails becomes a test of its own. */
const [firstSeed = 1, lastSeed = firstSeed] = (process.env.LIVE_SEEDS ?? '1-15').split('-').map(Number);
const seeds = Array.from({ length: lastSeed - firstSeed + 1 }, (_, index) => firstSeed + index);
const stepsPerSeed = 100;
const people = ['mentor@mechelen.example', 'deputy@mechelen.example', 'mentee@capaci.example', 'deputy@capaci.example'];

let one: TestBackend;
let two: TestBackend;
let lives: Live[];
let outside: Sql;
let tokens: string[];

beforeAll(async () => {
	one = await testBackend();
	two = await testBackend({ url: one.url, clock: one.clock });
	lives = [await openLive(one), await openLive(two)];
	outside = connect(one.url, 'tests', 2);
	tokens = await Promise.all(people.map(async (email) => (await signedInAs(one, email)).token));
	return () => outside.end({ timeout: 5 });
});

/** The letter that nobody else writes: each stands in the text once, or not at all. */
const letter = (number: number) => String.fromCharCode(0x4e00 + number);

/** One thing a person does with the text. */
function edit(doc: Y.Doc, random: ReturnType<typeof seeded>, word: string): string {
	const body = doc.getXmlFragment('body');
	const paragraph = () => body.get(random.below(body.length)) as Y.XmlElement;
	const kind =
		body.length === 0 ? 'paragraph' : random.pick(['paragraph', 'type', 'type', 'type', 'cut', 'cut', 'remove']);
	doc.transact(() => {
		if (kind === 'paragraph') {
			const made = new Y.XmlElement('paragraph');
			made.insert(0, [new Y.XmlText(word)]);
			body.insert(random.below(body.length + 1), [made]);
			return;
		}
		if (kind === 'remove') return void (random.below(3) === 0 && body.delete(random.below(body.length), 1));
		const text = paragraph().get(0) as Y.XmlText;
		if (kind === 'type') return text.insert(random.below(text.length + 1), word);
		const start = random.below(text.length);
		if (text.length > 0) text.delete(start, 1 + random.below(Math.min(6, text.length - start)));
	});
	return kind;
}

describe.each(seeds)('whatever happens on the way, all have the same text, seed %i', (seed) => {
	test('after edits, broken connections, reloads and second tabs', { timeout: 60_000 }, async () => {
		const random = seeded(seed);
		const { document } = await freshPlan(one);
		const running = lives.slice(0, 1 + random.below(2));
		const steps: string[] = [];
		const options = (index: number) => ({
			url: random.pick(running).url,
			token: tokens[index % tokens.length]!,
			document,
			transports: [random.below(6) === 0 ? ('polling' as const) : ('websocket' as const)]
		});
		const writers: Writer[] = [];
		const open = 2 + random.below(5);
		for (let index = 0; index < open; index++) writers.push(await writer(options(index)));
		let words = 0;
		try {
			for (let step = 0; step < stepsPerSeed; step++) {
				const index = random.below(writers.length);
				const who = writers[index]!;
				const what = random.below(20);
				let done: string;
				if (what === 0) done = `drops ${random.pick(['cut', 'closed'] as const)}`;
				else if (what === 1) done = 'connects';
				else if (what === 2) done = random.below(3) === 0 ? 'opens a second tab' : 'reloads';
				else if (what === 3) done = 'reads what others wrote';
				else if (what === 4) done = who.deaf ? 'hears again' : 'hears nothing';
				else done = edit(who.doc, random, `${letter(++words)} and `);
				steps.push(`${index} ${done}`);
				if (done.startsWith('drops')) who.drop(done === 'drops cut' ? 'cut' : 'closed');
				if (done === 'connects') await who.connect({ url: random.pick(running).url });
				if (done === 'opens a second tab' && writers.length < 8)
					// The copy of the device is shared, and so is what it has not sent: both tabs send it.
					writers.push(await writer({ ...options(index), token: who.token!, copyOf: who }));
				if (done === 'reloads') {
					who.drop('cut');
					writers[index] = await writer({ ...options(index), token: who.token!, copyOf: who });
				}
				if (done === 'reads what others wrote' && who.joined && !who.deaf) {
					const before = who.seq;
					await until('something came', () => who.seq > before || who.settled);
				}
				if (done.startsWith('hears')) who.deaf = !who.deaf;
			}
			for (const who of writers) {
				who.deaf = false;
				await who.connect({ url: random.pick(running).url });
			}
			await allSettled(outside, writers, 20_000);

			const texts = writers.map((who) => who.words);
			expect(new Set(texts).size).toBe(1);
			const fresh = await writer({ url: lives[1]!.url, token: tokens[0]!, document });
			expect(fresh.words).toBe(texts[0]);
			expect(await replayed(outside, document)).toBe(texts[0]);
			// Nothing came in twice, whatever was sent again.
			const seen = texts[0]!.match(/[\u4e00-\u9fff]/g) ?? [];
			expect(new Set(seen).size).toBe(seen.length);
			const log = await logOf(outside, document);
			expect(new Set(log.map((row) => row.message)).size).toBe(log.length);
			expect(log.map((row) => row.seq)).toEqual(log.map((_, index) => index + 1));
			expect(writers.flatMap((who) => who.refused)).toEqual([]);
			for (const who of [...writers, fresh]) who.tab?.close();
		} catch (fault) {
			console.error(`LIVE_SEEDS=${seed} with ${writers.length} writers: ${steps.join(', ')}`);
			throw fault;
		}
	});
});

test('nothing of all this was a fault', () => {
	expect([...one.faults, ...two.faults]).toEqual([]);
});
