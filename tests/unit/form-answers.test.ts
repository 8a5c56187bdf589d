import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerLimits, type Answers, type Form, maxLength, type Question } from '#domain/basics/form.ts';
import { parseAnswers } from '#domain/basics/form-answers.ts';
import { type Issue, issueCodes } from '#domain/basics/issue.ts';
import { defaultForms } from '#server/basics/form-templates.ts';

const forms = await defaultForms();

function question(more: Partial<Question> & Pick<Question, 'kind'>): Question {
	return { id: 'it', label: 'It', help: '', required: false, auto: false, visibility: 'form', ...more };
}
function formWith(...questions: Question[]): Form {
	return { code: 'X1', title: '', filledBy: '', visibility: '', note: '', questions };
}
/** What is found wrong with one answer to one question. */
function issuesOf(asked: Question, answer: unknown, as: 'draft' | 'sent' = 'sent'): Issue[] {
	const parsed = parseAnswers(formWith(asked), { it: answer }, as);
	return parsed.ok ? [] : parsed.issues;
}
function valueOf(asked: Question, answer: unknown): unknown {
	const parsed = parseAnswers(formWith(asked), { it: answer }, 'sent');
	return parsed.ok ? parsed.value.it : parsed.issues;
}

const column = (id: string, kind: Question['kind'], more: Partial<Question> = {}) => question({ kind, id, ...more });
const id = '0192f0c1-2222-4333-8444-555566667777';

describe('B1 an answer of a wrong kind is never let through', () => {
	const good: [Partial<Question> & Pick<Question, 'kind'>, unknown][] = [
		[{ kind: 'text' }, 'some words'],
		[{ kind: 'long' }, 'some\nwords'],
		[{ kind: 'link' }, 'https://example.org'],
		[{ kind: 'signature' }, 'A. Person'],
		[{ kind: 'person' }, 'A. Person'],
		[{ kind: 'city' }, 'Munich'],
		[{ kind: 'organisation' }, 'Eurocities'],
		[{ kind: 'reference' }, 'Interview 3'],
		[{ kind: 'file' }, id],
		[{ kind: 'number' }, 0],
		[{ kind: 'number' }, -12.5],
		[{ kind: 'date' }, '2028-02-29'],
		[{ kind: 'datetime' }, '2026-11-22T09:30'],
		[{ kind: 'date-range' }, { from: '2026-11-21', to: '2026-11-23' }],
		[{ kind: 'date-range' }, { from: '2026-11-21', to: '2026-11-21' }],
		[{ kind: 'yes' }, true],
		[{ kind: 'choice' }, 'words of my own'],
		[{ kind: 'choice', options: ['a', 'b'] }, 'b'],
		[{ kind: 'multi' }, ['one', 'other']],
		[{ kind: 'multi', options: ['a', 'b'] }, ['b', 'a']],
		[{ kind: 'people' }, ['A', 'B']],
		[{ kind: 'organisations' }, ['A']],
		[{ kind: 'references' }, ['a', 'b']],
		[{ kind: 'files' }, [id]],
		[{ kind: 'signatures' }, ['A']],
		[{ kind: 'money' }, { amount: 12.5, currency: 'EUR' }],
		[{ kind: 'table', columns: [column('a', 'text')] }, [{ a: 'x' }]],
		[{ kind: 'sections', columns: [column('a', 'long')] }, [{ a: 'x' }]],
		[
			{ kind: 'parts', columns: [column('text', 'text'), column('date', 'date')] },
			{ text: 'x', date: '2026-01-31' }
		]
	];
	test.each(good.map(([asked, answer]) => ({ kind: asked.kind, asked, answer })))(
		'$kind takes what it asks for, and keeps it as it is',
		({ asked, answer }) => {
			expect(issuesOf(question(asked), answer, 'draft')).toEqual([]);
			expect(valueOf(question(asked), answer)).toEqual(answer);
		}
	);

	/** One answer of each shape that JSON has, and a few that it has not. */
	const shapes = {
		words: 'words',
		number: 1,
		tick: true,
		list: ['words'],
		deepList: [[['words']]],
		record: { a: 'words' },
		rows: [{ a: 'words' }],
		mixedRows: [{ a: 'words' }, 'words', 7],
		notANumber: Number.NaN,
		endless: Number.POSITIVE_INFINITY,
		big: 10n,
		symbol: Symbol('words'),
		deed: () => 'words'
	};
	const words = ['words'];
	const list = ['list'];
	const fits: Record<Question['kind'], string[]> = {
		text: words,
		long: words,
		link: words,
		signature: words,
		person: words,
		city: words,
		organisation: words,
		reference: words,
		file: words,
		choice: words,
		number: ['number'],
		yes: ['tick'],
		multi: list,
		people: list,
		organisations: list,
		references: list,
		signatures: list,
		files: [],
		date: [],
		datetime: [],
		// Of these only known members count, so an object without them is left out, as if nothing had come (B3).
		'date-range': ['record'],
		money: ['record'],
		table: ['rows'],
		sections: ['rows'],
		parts: ['record']
	};

	test.each(Object.entries(fits))('%s refuses every other shape, in a draft too', (kind, fitting) => {
		const asked = question({ kind: kind as Question['kind'], columns: [column('a', 'text')] });
		for (const as of ['draft', 'sent'] as const) {
			const through = Object.entries(shapes).filter(([, answer]) => issuesOf(asked, answer, as).length === 0);
			expect(through.map(([shape]) => shape)).toEqual(fitting);
		}
	});

	test('a day that is not in the calendar is no date', () => {
		for (const day of ['2026-02-30', '2027-02-29', '2026-13-01', '2026-1-1', '22.11.2026', '2026-11-22T00:00'])
			expect(issuesOf(question({ kind: 'date' }), day)).toEqual([{ field: 'it', code: 'not-a-date' }]);
		expect(issuesOf(question({ kind: 'datetime' }), '2026-02-30T10:00')).toEqual([{ field: 'it', code: 'not-a-date' }]);
	});
	test('a span of days has both ends, in their order', () => {
		const asked = question({ kind: 'date-range' });
		expect(issuesOf(asked, { from: '2026-11-23', to: '2026-11-22' })).toEqual([{ field: 'it', code: 'too-early' }]);
		for (const half of [{ from: '2026-11-23' }, { to: '2026-11-23' }, { from: '2026-11-23', to: 'later' }])
			expect(issuesOf(asked, half)).toEqual([{ field: 'it', code: 'not-a-date' }]);
	});
	test('an option that is not offered is refused, whatever words it has', () => {
		const asked = question({ kind: 'choice', options: ['a', 'b'] });
		for (const wrong of ['c', 'A', 'a ', 'constructor', '__proto__'])
			expect(issuesOf(asked, wrong)).toEqual([{ field: 'it', code: 'not-an-option' }]);
		const several = question({ kind: 'multi', options: ['a', 'b'] });
		expect(issuesOf(several, ['a', 'c', 'd'])).toEqual([{ field: 'it', code: 'not-an-option' }]);
	});
	test('a file that was never uploaded is refused', () => {
		expect(issuesOf(question({ kind: 'files' }), ['../../etc/passwd'])).toEqual([
			{ field: 'it', code: 'file-unknown' }
		]);
	});
	test('money is an amount and a currency', () => {
		const asked = question({ kind: 'money' });
		expect(issuesOf(asked, { amount: 12, currency: 'euro' })).toEqual([{ field: 'it', code: 'wrong-kind' }]);
		expect(issuesOf(asked, { amount: '12', currency: 'EUR' })).toEqual([{ field: 'it', code: 'not-a-number' }]);
		expect(issuesOf(asked, { currency: 'EUR' })).toEqual([{ field: 'it', code: 'not-a-number' }]);
	});
	test('rows of a table name their row and column', () => {
		const asked = question({ kind: 'table', columns: [column('who', 'text'), column('by', 'date')] });
		expect(
			issuesOf(asked, [
				{ who: 'A', by: '2026-01-31' },
				{ who: 7, by: 'soon' }
			])
		).toEqual([
			{ field: 'it.1.who', code: 'wrong-kind' },
			{ field: 'it.1.by', code: 'not-a-date' }
		]);
		expect(issuesOf(asked, [{ who: 'A' }, 'B'])).toEqual([{ field: 'it.1', code: 'wrong-kind' }]);
	});
	test('parts of an answer name their part', () => {
		const asked = question({ kind: 'parts', columns: [column('text', 'text'), column('date', 'date')] });
		expect(issuesOf(asked, { text: 'x', date: 'soon' })).toEqual([{ field: 'it.date', code: 'not-a-date' }]);
	});
});

describe('limits', () => {
	test.each([
		['text', answerLimits.text],
		['long', answerLimits.long],
		['link', answerLimits.text]
	] as const)('%s takes %i letters and not one more', (kind, limit) => {
		expect(issuesOf(question({ kind }), 'x'.repeat(limit))).toEqual([]);
		expect(issuesOf(question({ kind }), 'x'.repeat(limit + 1))).toEqual([{ field: 'it', code: 'too-long', limit }]);
	});
	test('the limit of the question itself counts more', () => {
		expect(issuesOf(question({ kind: 'text', max: 5 }), 'xxxxxx')).toEqual([
			{ field: 'it', code: 'too-long', limit: 5 }
		]);
		expect(maxLength(question({ kind: 'long', formatted: true }))).toBe(answerLimits.formatted);
		expect(maxLength(question({ kind: 'long', formatted: true, max: 9 }))).toBe(9);
	});
	test('a number stays between its ends', () => {
		const asked = question({ kind: 'number', min: 1, max: 3 });
		expect(issuesOf(asked, 0)).toEqual([{ field: 'it', code: 'too-few', limit: 1 }]);
		expect(issuesOf(asked, 4)).toEqual([{ field: 'it', code: 'too-many', limit: 3 }]);
		expect(issuesOf(asked, 1)).toEqual([]);
		expect(issuesOf(asked, 3)).toEqual([]);
	});
	test('a list and its options have an end', () => {
		const asked = question({ kind: 'multi' });
		const { options, option } = answerLimits;
		expect(issuesOf(asked, Array(options).fill('x'))).toEqual([]);
		expect(issuesOf(asked, Array(options + 1).fill('x'))).toEqual([{ field: 'it', code: 'too-many', limit: options }]);
		expect(issuesOf(asked, ['x'.repeat(option + 1)])).toEqual([{ field: 'it', code: 'too-long', limit: option }]);
	});
	test('a table has between its fewest and its most rows, counting those with words in them', () => {
		const asked = question({ kind: 'table', columns: [column('a', 'text')], minRows: 2, maxRows: 3 });
		const rows = (...words: string[]) => words.map((a) => ({ a }));
		expect(issuesOf(asked, rows('x'))).toEqual([{ field: 'it', code: 'too-few', limit: 2 }]);
		expect(issuesOf(asked, rows('x', ' '))).toEqual([{ field: 'it', code: 'too-few', limit: 2 }]);
		expect(issuesOf(asked, rows('x', 'y'))).toEqual([]);
		expect(issuesOf(asked, rows('x', 'y', '', 'z', ''))).toEqual([]);
		expect(issuesOf(asked, rows('x', 'y', 'z', 'w'))).toEqual([{ field: 'it', code: 'too-many', limit: 3 }]);
	});
	test('a table without a limit of its own still ends; rows without words do not count', () => {
		const asked = question({ kind: 'table', columns: [column('a', 'text')] });
		const { rows } = answerLimits;
		expect(issuesOf(asked, Array(rows).fill({ a: 'x' }))).toEqual([]);
		expect(issuesOf(asked, Array(rows + 1).fill({ a: 'x' }))).toEqual([{ field: 'it', code: 'too-many', limit: rows }]);
		const mostlyEmpty = [{ a: 'x' }, ...Array(rows).fill({ a: '' })];
		expect(issuesOf(asked, mostlyEmpty)).toEqual([]);
	});
});

describe('B2 what is missing is asked for only when the form is sent', () => {
	const asked = question({ kind: 'text', required: true });
	test.each([undefined, null, '', '  \n', [], {}, false, [''], [{ a: '' }], { a: { b: null } }])(
		'%j is missing',
		(nothing) => {
			expect(issuesOf(asked, nothing, 'draft')).toEqual([]);
			expect(issuesOf(asked, nothing, 'sent')).toEqual([{ field: 'it', code: 'missing' }]);
		}
	);
	test('what need not be answered is not missing', () => {
		expect(issuesOf(question({ kind: 'text' }), '')).toEqual([]);
	});
	test('nothing at all is an empty draft, and a sent form with everything missing', () => {
		for (const nothing of [undefined, null, 'text', 7, [], new Map()]) {
			expect(parseAnswers(formWith(asked), nothing, 'draft')).toEqual({ ok: true, value: {} });
			expect(parseAnswers(formWith(asked), nothing, 'sent')).toEqual({
				ok: false,
				issues: [{ field: 'it', code: 'missing' }]
			});
		}
	});
	test('a box that must be ticked is missing while it is not', () => {
		expect(issuesOf(question({ kind: 'yes', required: true }), false)).toEqual([{ field: 'it', code: 'missing' }]);
		expect(issuesOf(question({ kind: 'yes', required: true }), true)).toEqual([]);
	});
	test('nought is an answer', () => {
		expect(valueOf(question({ kind: 'number', required: true }), 0)).toBe(0);
	});
	test('every required question of every form is asked for at once', () => {
		for (const form of forms) {
			const parsed = parseAnswers(form, {}, 'sent');
			const wanted = form.questions.filter((one) => one.required).map((one) => ({ field: one.id, code: 'missing' }));
			expect(parsed.ok ? [] : parsed.issues, form.code).toEqual(wanted);
			expect(parseAnswers(form, {}, 'draft'), form.code).toEqual({ ok: true, value: {} });
		}
	});
});

describe('B3 what the form does not ask is left out', () => {
	test('questions it does not have, also under names every object has', () => {
		const raw = JSON.parse('{"it":"x","other":"y","__proto__":{"it":"z"},"constructor":"c"}') as unknown;
		const parsed = parseAnswers(formWith(question({ kind: 'text' })), raw, 'sent');
		expect(parsed).toEqual({ ok: true, value: { it: 'x' } });
		expect(Object.keys((parsed as { value: Answers }).value)).toEqual(['it']);
	});
	test('an answer that is only inherited is none', () => {
		const raw = Object.create({ it: 'inherited' }) as unknown;
		expect(parseAnswers(formWith(question({ kind: 'text' })), raw, 'sent')).toEqual({ ok: true, value: {} });
	});
	test('columns and parts it does not have, and rows without words', () => {
		const table = question({ kind: 'table', columns: [column('a', 'text'), column('b', 'yes')] });
		expect(valueOf(table, [{ a: 'x', b: false, evil: 'y' }, { a: ' ' }, { b: true }])).toEqual([
			{ a: 'x' },
			{ b: true }
		]);
		const parts = question({ kind: 'parts', columns: [column('text', 'text'), column('date', 'date')] });
		expect(valueOf(parts, { text: 'x', date: '', evil: 'y' })).toEqual({ text: 'x' });
	});
	test('also in a table inside a table', () => {
		const inner = column('inner', 'table', { columns: [column('a', 'text')] });
		const outer = question({ kind: 'sections', columns: [column('title', 'text'), inner] });
		expect(valueOf(outer, [{ title: 't', inner: [{ a: 'x', evil: 1 }, { a: '' }], evil: 2 }])).toEqual([
			{ title: 't', inner: [{ a: 'x' }] }
		]);
		expect(issuesOf(outer, [{ title: 't', inner: [{ a: 'x' }, { a: 5 }] }])).toEqual([
			{ field: 'it.0.inner.1.a', code: 'wrong-kind' }
		]);
	});
	test('what is missing or wrong in one question does not hide what is wrong in another', () => {
		const form = formWith(
			question({ kind: 'text', id: 'a', required: true }),
			question({ kind: 'number', id: 'b' }),
			question({ kind: 'text', id: 'c' })
		);
		expect(parseAnswers(form, { b: 'x', c: 'fine' }, 'sent')).toEqual({
			ok: false,
			issues: [
				{ field: 'a', code: 'missing' },
				{ field: 'b', code: 'not-a-number' }
			]
		});
	});
});

describe('whatever comes in', () => {
	const leaves = fc.oneof(
		fc.constantFrom('2026-02-30', '2026-11-22', '2026-11-22T10:00', id, 'EUR', 'does not apply', '', ' '),
		fc.string({ unit: 'binary', maxLength: 20 }),
		fc.double().map((number) => number + 0),
		fc.integer({ min: -5, max: 5 }),
		fc.boolean(),
		fc.constantFrom(null, undefined)
	);
	const anything = (names: string[]) =>
		fc.letrec((tie) => ({
			any: fc.oneof(
				{ depthSize: 'small', withCrossShrink: true },
				leaves,
				fc.array(tie('any'), { maxLength: 4 }),
				fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), tie('any'), { maxKeys: 5 })
			)
		})).any;
	/** Answers to the questions of a form, by their real names, so that the deep places are reached too. */
	const hostile = (form: Form) => {
		const inner = form.questions.flatMap((one) => (one.columns ?? []).map((each) => each.id));
		const any = anything([...inner, 'from', 'to', 'amount', 'currency', '__proto__', 'constructor']);
		const record = fc.record(Object.fromEntries(form.questions.map((one) => [one.id, any])), { requiredKeys: [] });
		return fc.oneof({ weight: 9, arbitrary: record }, { weight: 1, arbitrary: any });
	};
	const given = fc.constantFrom(...forms).chain((form) => fc.tuple(fc.constant(form), hostile(form)));
	const codes = new Set<string>(issueCodes);

	test('nothing throws: it is answers or issues, and issues name a question of the form', () => {
		fc.assert(
			fc.property(given, fc.constantFrom('draft' as const, 'sent' as const), ([form, raw], as) => {
				const parsed = parseAnswers(form, raw, as);
				const ids = form.questions.map((one) => one.id);
				if (parsed.ok) return void expect(ids).toEqual(expect.arrayContaining(Object.keys(parsed.value)));
				expect(parsed.issues).not.toEqual([]);
				expect(ids).toEqual(expect.arrayContaining(parsed.issues.map((one) => one.field.split('.')[0]!)));
				expect(parsed.issues.filter((one) => !codes.has(one.code))).toEqual([]);
			}),
			{ numRuns: 1_000, seed: 20261122 }
		);
	});

	test('what was let through comes back from JSON as it was', () => {
		fc.assert(
			fc.property(given, ([form, raw]) => {
				// Each question alone: of many hostile answers one would nearly always be refused, and with it all.
				for (const one of form.questions) {
					const parsed = parseAnswers({ ...form, questions: [one] }, raw, 'draft');
					if (parsed.ok) expect(JSON.parse(JSON.stringify(parsed.value))).toEqual(parsed.value);
				}
			}),
			{ numRuns: 1_000, seed: 20261122 }
		);
	});

	test('what was let through is let through again, unchanged', () => {
		fc.assert(
			fc.property(given, ([form, raw]) => {
				// Each question alone: of many hostile answers one would nearly always be refused, and with it all.
				for (const one of form.questions) {
					const alone = { ...form, questions: [one] };
					const once = parseAnswers(alone, raw, 'draft');
					if (once.ok) expect(parseAnswers(alone, once.value, 'draft')).toEqual(once);
				}
			}),
			{ numRuns: 1_500, seed: 20261122 }
		);
	});

	test('signs the database cannot keep, and nests no form has, never get through', () => {
		const asked = {
			...forms[0]!,
			questions: [
				question({ kind: 'text' }),
				{ ...question({ kind: 'parts', columns: [column('a', 'text')] }), id: 'deep' }
			]
		};
		let nest: unknown = 'x';
		for (let depth = 0; depth < 5_000; depth++) nest = { a: nest };
		const parsed = parseAnswers(asked, { it: 'a\u0000b\ud800c', deep: nest }, 'draft');
		expect(parsed).toEqual({ ok: false, issues: [{ field: 'deep.a', code: 'wrong-kind' }] });
		expect(parseAnswers(asked, { it: 'a\u0000b\ud800c' }, 'draft')).toEqual({ ok: true, value: { it: 'ab\ufffdc' } });
	});
});
