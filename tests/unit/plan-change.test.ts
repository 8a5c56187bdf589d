import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesBetween, excerptLength } from '#domain/mentoring/plan-change.ts';
import type { PlanSection } from '#domain/mentoring/plan-text.ts';

const section = (heading: string, words = ''): PlanSection => ({ heading, words });
/** What became of one section's words. */
const changeOf = (before: string, after: string) =>
	changesBetween([section('Aim', before)], [section('Aim', after)])[0];

describe('what changed in a plan', () => {
	test('nothing, when nothing did', () => {
		const plan = [section('', 'intro'), section('A', 'words'), section('A', 'words'), section('B')];
		expect(changesBetween(plan, plan)).toEqual([]);
		expect(changesBetween([], [])).toEqual([]);
	});
	test('is told for each section by itself, in the order of the new plan', () => {
		const before = [section('A', 'one two three'), section('B', 'four'), section('C', 'five six seven')];
		const after = [section('C', 'five new seven'), section('A', 'one old three'), section('B', 'four')];
		expect(changesBetween(before, after)).toEqual([
			{ heading: 'C', wordsAdded: 1, wordsRemoved: 1, excerpt: 'new' },
			{ heading: 'A', wordsAdded: 1, wordsRemoved: 1, excerpt: 'old' }
		]);
	});
	test('counts words that came and words that went', () => {
		expect(changeOf('We will meet in May.', 'We will meet in June and July.')).toMatchObject({
			wordsAdded: 3,
			wordsRemoved: 1,
			excerpt: 'June and July.'
		});
	});
	test('counts a word as often as it stands', () => {
		expect(changeOf('yes', 'yes yes yes')).toMatchObject({ wordsAdded: 2, wordsRemoved: 0 });
	});
	test('is nothing for a sentence that only moved, or for other spaces between words', () => {
		expect(changeOf('First. Then second.', 'Then second. First.')).toBeUndefined();
		expect(changeOf('one two\nthree', 'one  two three\n')).toBeUndefined();
	});
	test('is told for a new heading without words, and for one that is gone', () => {
		const told = (heading: string) => ({ heading, wordsAdded: 0, wordsRemoved: 0, excerpt: '' });
		expect(changesBetween([], [section('Risks')])).toEqual([told('Risks')]);
		expect(changesBetween([section('Risks')], [])).toEqual([told('Risks')]);
		expect(changesBetween([], [section('')])).toEqual([]);
	});
	test('is told for a section that is gone with its words', () => {
		expect(changesBetween([section('A', 'one two'), section('B')], [section('B')])).toEqual([
			{ heading: 'A', wordsAdded: 0, wordsRemoved: 2, excerpt: 'one two' }
		]);
	});
	test('of two sections with one heading, the second is compared with the second', () => {
		const before = [section('Action', 'one'), section('Action', 'two')];
		const after = [section('Action', 'one'), section('Action', 'three')];
		expect(changesBetween(before, after)).toEqual([
			{ heading: 'Action', wordsAdded: 1, wordsRemoved: 1, excerpt: 'three' }
		]);
		expect(changesBetween(before, [section('Action', 'one')])).toEqual([
			{ heading: 'Action', wordsAdded: 0, wordsRemoved: 1, excerpt: 'two' }
		]);
	});
	test('of a heading that was renamed is told twice: one went, one came', () => {
		expect(changesBetween([section('Aim', 'one')], [section('Aims', 'one')]).map(({ heading }) => heading)).toEqual([
			'Aims',
			'Aim'
		]);
	});
});

describe('the excerpt of a change', () => {
	test('is just the words that came, wherever they came', () => {
		expect(changeOf('one two.', 'one two. Three.')?.excerpt).toBe('Three.');
		expect(changeOf('two three', 'one two three')?.excerpt).toBe('one');
		expect(changeOf('one three', 'one two three')?.excerpt).toBe('two');
		expect(changeOf('keep this and that', 'keep this')?.excerpt).toBe('and that');
	});

	test('is cut at words, also where the change is inside one', () => {
		expect(changeOf('the river flows', 'the rivers flow')?.excerpt).toBe('rivers flow');
		expect(changeOf('a b c', 'a x c')?.excerpt).toBe('x');
	});
	test('is what is gone, when nothing is new', () => {
		expect(changeOf('all of this', '')?.excerpt).toBe('all of this');
		expect(changeOf('one two one', 'one')?.excerpt).toContain('two');
	});
	test('is one line, at most so long, and shows that there is more', () => {
		const long = 'word '.repeat(200);
		const excerpt = changeOf('', `first\nline ${long}`)!.excerpt;
		expect(excerpt.startsWith('first line word')).toBe(true);
		expect([...excerpt]).toHaveLength(excerptLength);
		expect(excerpt.endsWith('…')).toBe(true);
		expect(changeOf('', 'x'.repeat(excerptLength))!.excerpt).toBe('x'.repeat(excerptLength));
	});
	test('never cuts a letter of two units in half', () => {
		const excerpt = changeOf('', '😀'.repeat(400))!.excerpt;
		expect(excerpt.isWellFormed()).toBe(true);
		expect([...excerpt]).toHaveLength(excerptLength);
		expect(changeOf('a 😀 b', 'a 😁 b')!.excerpt).toBe('😁');
	});
});

describe('for any two plans', () => {
	const plan = fc.array(
		fc.record({
			heading: fc.constantFrom('', 'A', 'B', 'C'),
			words: fc.string({ unit: fc.constantFrom('a', 'b', 'cd', ' ', '\n', '😀', '😁'), maxLength: 20 })
		}),
		{ maxLength: 5 }
	);
	const words = (sections: PlanSection[]) => sections.flatMap((one) => one.words.split(/\s+/).filter(Boolean)).length;

	test('words that came less words that went is how much longer the plan became', () => {
		fc.assert(
			fc.property(plan, plan, (before, after) => {
				const changes = changesBetween(before, after);
				const grown = changes.reduce((sum, one) => sum + one.wordsAdded - one.wordsRemoved, 0);
				expect(grown).toBe(words(after) - words(before));
			}),
			{ numRuns: 1_000, seed: 20261122 }
		);
	});
	test('the way back takes away what the way there added', () => {
		fc.assert(
			fc.property(plan, plan, (before, after) => {
				const tell = (changes: ReturnType<typeof changesBetween>, forwards: boolean) =>
					changes
						.map((one) =>
							[
								one.heading,
								...(forwards ? [one.wordsAdded, one.wordsRemoved] : [one.wordsRemoved, one.wordsAdded])
							].join()
						)
						.sort();
				expect(tell(changesBetween(before, after), true)).toEqual(tell(changesBetween(after, before), false));
			}),
			{ numRuns: 1_000, seed: 20261122 }
		);
	});
	test('an excerpt is well formed, short, and stands in one of the two', () => {
		const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
		fc.assert(
			fc.property(plan, plan, (before, after) => {
				for (const { excerpt, heading } of changesBetween(before, after)) {
					expect(excerpt.isWellFormed()).toBe(true);
					const texts = [...before, ...after].filter((one) => one.heading === heading).map((one) => flat(one.words));
					expect(texts.some((text) => text.includes(excerpt))).toBe(true);
				}
			}),
			{ numRuns: 1_000, seed: 20261122 }
		);
	});
});
