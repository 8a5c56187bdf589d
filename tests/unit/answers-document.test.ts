import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Form, Question } from '#domain/basics/form.ts';
import {
	answersMap,
	answersOf,
	isWritten,
	writeAnswer,
	writtenAnswer
} from '#domain/collaboration/answers-document.ts';

function question(more: Partial<Question> & Pick<Question, 'id' | 'kind'>): Question {
	return { label: '', help: '', required: false, auto: false, visibility: 'form', ...more };
}
const seen = question({ id: 'seen', kind: 'long' });
const title = question({ id: 'title', kind: 'text' });
const sure = question({ id: 'sure', kind: 'choice', options: ['one', 'several'] });
const quotes = question({ id: 'quotes', kind: 'table' });
const form: Form = {
	code: 'F9',
	title: '',
	filledBy: '',
	visibility: '',
	note: '',
	questions: [title, seen, sure, quotes]
};

const write = (doc: Y.Doc, asked: Question, answer: Parameters<typeof writeAnswer>[2]) =>
	writeAnswer(doc, asked, answer, null);
/** A device with a copy of the document as it is. */
function copyOf(doc: Y.Doc): Y.Doc {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
}
/** Both devices are on the network again. */
function meet(one: Y.Doc, other: Y.Doc): void {
	const [mine, theirs] = [Y.encodeStateAsUpdate(one), Y.encodeStateAsUpdate(other)];
	Y.applyUpdate(one, theirs);
	Y.applyUpdate(other, mine);
}
function draftWith(words: string): Y.Doc {
	const doc = new Y.Doc();
	write(doc, seen, words);
	return doc;
}

describe('a draft on two devices', () => {
	test('begun offline on both keeps the words of both', () => {
		const [phone, laptop] = [new Y.Doc(), new Y.Doc()];
		write(phone, seen, 'I saw a queue. ');
		write(laptop, seen, 'Three of five said so. ');
		write(laptop, title, 'Job centre');
		meet(phone, laptop);
		const answers = answersOf(phone, form);
		expect(answers.seen).toContain('I saw a queue. ');
		expect(answers.seen).toContain('Three of five said so. ');
		expect(answers.title).toBe('Job centre');
		expect(answersOf(laptop, form)).toEqual(answers);
	});
	test('written in at two places of one answer keeps both changes, letter by letter', () => {
		const phone = draftWith('We met the director and two users.');
		const laptop = copyOf(phone);
		write(phone, seen, 'We met the new director and two users.');
		write(laptop, seen, 'We met the director and three users.');
		meet(phone, laptop);
		expect(answersOf(phone, form).seen).toBe('We met the new director and three users.');
		expect(answersOf(laptop, form)).toEqual(answersOf(phone, form));
	});
	test('cleared on one and added to on the other keeps what was added', () => {
		const phone = draftWith('Old words.');
		const laptop = copyOf(phone);
		write(phone, seen, '');
		write(laptop, seen, 'Old words. New ones.');
		meet(phone, laptop);
		expect(answersOf(phone, form).seen).toBe(' New ones.');
	});
	test('with a choice made on both keeps one of the two, the same on both', () => {
		const [phone, laptop] = [new Y.Doc(), new Y.Doc()];
		write(phone, sure, 'one');
		write(laptop, sure, 'several');
		meet(phone, laptop);
		expect(['one', 'several']).toContain(answersOf(phone, form).sure);
		expect(answersOf(laptop, form)).toEqual(answersOf(phone, form));
	});
});

describe('an answer', () => {
	test('of words is a text of its own at the top of the document, of another kind a value in the map', () => {
		expect([title, seen, sure, quotes].map(isWritten)).toEqual([true, true, false, false]);
		const doc = new Y.Doc();
		write(doc, seen, 'words');
		write(doc, quotes, [{ quote: 'x' }]);
		expect(writtenAnswer(doc, seen).toString()).toBe('words');
		expect(answersMap(doc).toJSON()).toEqual({ quotes: [{ quote: 'x' }] });
	});
	test('taken away is no answer any more', () => {
		const doc = draftWith('words');
		write(doc, sure, 'one');
		write(doc, seen, undefined);
		write(doc, sure, undefined);
		expect(answersOf(doc, form)).toEqual({});
		expect(answersMap(doc).size).toBe(0);
	});
	test('to a question that the form does not ask is not shown', () => {
		const doc = new Y.Doc();
		answersMap(doc).set('other', 'x');
		answersMap(doc).set('seen', 'not the text');
		doc.getText('words:other').insert(0, 'x');
		expect(answersOf(doc, form)).toEqual({});
	});
	test('written again as it is changes nothing, and one letter more sends one letter', () => {
		const doc = draftWith('a long answer '.repeat(500));
		const sent: Uint8Array[] = [];
		doc.on('update', (update: Uint8Array) => sent.push(update));
		write(doc, seen, 'a long answer '.repeat(500));
		expect(sent).toEqual([]);
		write(doc, seen, `${'a long answer '.repeat(250)}x${'a long answer '.repeat(250)}`);
		expect(sent).toHaveLength(1);
		expect(sent[0]!.byteLength).toBeLessThan(40);
	});
	test('is one change with the origin it was given', () => {
		const doc = draftWith('old words');
		const origins: unknown[] = [];
		doc.on('update', (_update: Uint8Array, origin: unknown) => origins.push(origin));
		writeAnswer(doc, seen, 'new words', 'here');
		expect(origins).toEqual(['here']);
	});
});

/** Letters of one and of two units, some of which share a half: 😀 and 🈀 the second, 😀 and 🐀 the first. */
const letters = fc.string({
	unit: fc.constantFrom('a', 'b', ' ', 'é', '😀', '😁', '🈀', '🐀', '👩‍💻', '\n'),
	maxLength: 12
});

describe('letters of two units', () => {
	test.each([
		['😀', '😁'],
		['😀', '🈀'],
		['a😀b', 'a🐀b'],
		['😀😀', '😀'],
		['😀', '😀😀'],
		['🈀😀', '😀🈀'],
		['x😀', '😀x'],
		['😀🐀', '🐀']
	])('%s becomes %s without a half of either on the way', (before, after) => {
		const doc = draftWith(before);
		const inserted: string[] = [];
		writtenAnswer(doc, seen).observe((event) => {
			for (const part of event.delta) if (typeof part.insert === 'string') inserted.push(part.insert);
		});
		write(doc, seen, after);
		expect(answersOf(doc, form).seen).toBe(after);
		for (const part of inserted) expect(part.isWellFormed(), JSON.stringify(part)).toBe(true);
		expect(copyOf(doc).getText('words:seen').toString()).toBe(after);
	});
	test('are never cut, however two devices change the same words', () => {
		fc.assert(
			fc.property(letters, letters, letters, (start, onPhone, onLaptop) => {
				const phone = draftWith(start);
				const laptop = copyOf(phone);
				write(phone, seen, onPhone);
				write(laptop, seen, onLaptop);
				meet(phone, laptop);
				const merged = writtenAnswer(phone, seen).toString();
				expect(merged.isWellFormed(), JSON.stringify(merged)).toBe(true);
				expect(merged).not.toContain('\ufffd');
				expect(writtenAnswer(laptop, seen).toString()).toBe(merged);
			}),
			{ numRuns: 500, seed: 20261122 }
		);
	});
});

test('what is written is read, whatever stood there before, here and on another device', () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 1, maxLength: 6 }), (drafts) => {
			const doc = new Y.Doc();
			for (const words of drafts) write(doc, seen, words);
			const last = drafts.at(-1)!;
			expect(answersOf(doc, form).seen).toBe(last === '' ? undefined : last);
			expect(answersOf(copyOf(doc), form)).toEqual(answersOf(doc, form));
		}),
		{ numRuns: 300, seed: 20261122 }
	);
});
test('any other answer is read as it was written, here and on another device', () => {
	const table = fc.array(fc.dictionary(fc.constantFrom('quote', 'who'), fc.string({ unit: 'binary' })), {
		maxLength: 4
	});
	fc.assert(
		fc.property(table, (rows) => {
			const doc = new Y.Doc();
			write(doc, quotes, rows);
			expect(answersOf(copyOf(doc), form)).toEqual(JSON.parse(JSON.stringify({ quotes: rows })));
		}),
		{ numRuns: 300, seed: 20261122 }
	);
});
