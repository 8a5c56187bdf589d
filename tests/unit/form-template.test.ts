import { describe, expect, test } from 'vitest';
import templates from '#db/seed/default-templates.json' with { type: 'json' };
import type { Form, Question, QuestionKind } from '#domain/basics/form.ts';
import { type RawForm, readTemplate } from '#domain/basics/form-template.ts';
import { contentLanguages } from '#domain/basics/language.ts';
import { defaultForms } from '#server/basics/form-templates.ts';

const forms = await defaultForms();
const formOf = (code: string): Form => forms.find((form) => form.code === code)!;
const questionOf = (code: string, id: string): Question =>
	formOf(code).questions.find((question) => question.id === id)!;

/** Every kind there is; the compiler says when one is missing here. */
const kinds: Record<QuestionKind, true> = {
	text: true,
	long: true,
	number: true,
	date: true,
	datetime: true,
	'date-range': true,
	yes: true,
	choice: true,
	multi: true,
	table: true,
	sections: true,
	person: true,
	people: true,
	city: true,
	organisation: true,
	organisations: true,
	reference: true,
	references: true,
	file: true,
	files: true,
	money: true,
	link: true,
	signature: true,
	signatures: true,
	parts: true
};

/** A question with those inside it: columns of tables, parts of compound answers. */
const withInner = (question: Question): Question[] => [question, ...(question.columns ?? []).flatMap(withInner)];

const raw = (field: Partial<RawForm['fields'][number]>, code = 'X1'): RawForm => ({
	code,
	title: 'A form',
	filled_by: 'anyone',
	visibility: 'all',
	basis: '',
	note: '',
	fields: [{ id: 'it', label: 'It', help: '', type: 'text', required: false, ...field }]
});
const lists = { scale4: ['1', '2', '3', '4'], agree5: ['no', 'yes'], principles: ['1 Education', '2 Equality'] };
const readOne = (field: Partial<RawForm['fields'][number]>): Question => readTemplate(raw(field), lists).questions[0]!;

describe('the default templates', () => {
	test('B5 all forty forms are read, with their 426 questions, each once', () => {
		expect(forms).toHaveLength(40);
		expect(new Set(forms.map((form) => form.code)).size).toBe(40);
		expect(forms.flatMap((form) => form.questions)).toHaveLength(426);
		for (const { code, questions } of forms)
			expect(new Set(questions.map((question) => question.id)).size, code).toBe(questions.length);
	});

	test('every question, column and part has a kind that the product can ask', () => {
		for (const form of forms)
			for (const question of form.questions.flatMap(withInner))
				expect(kinds, `${form.code} ${question.id} ${question.kind}`).toHaveProperty(question.kind);
	});

	test('every type the file uses is read in a question of its own', () => {
		const types = new Set(templates.forms.flatMap((form) => form.fields.map((field) => field.type)));
		expect(types.size).toBe(52);
		const all = {
			...lists,
			languages: [...contentLanguages]
		};
		for (const type of types) expect(readTemplate(raw({ type }), all).questions[0]!.kind, type).toMatch(/^[a-z-]+$/);
	});

	test('no table has two columns of one name, and no column is without one', () => {
		for (const form of forms)
			for (const question of form.questions.flatMap(withInner)) {
				const ids = (question.columns ?? []).map((column) => column.id);
				expect(new Set(ids).size, `${form.code} ${question.id}`).toBe(ids.length);
				for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
			}
	});

	test('tables and compound answers have something inside them, other questions have not', () => {
		for (const form of forms)
			for (const question of form.questions.flatMap(withInner)) {
				const isOuter = ['table', 'sections', 'parts'].includes(question.kind);
				expect((question.columns ?? []).length > 0, `${form.code} ${question.id}`).toBe(isOuter);
			}
	});

	test('what the product knows by itself is asked with a mark, what only the author sees too', () => {
		const marked = (isMarked: (question: Question) => boolean) =>
			forms.flatMap((form) => form.questions.filter(isMarked).map((question) => `${form.code} ${question.id}`));
		expect(marked((question) => question.visibility === 'author')).toEqual(['F9 take']);
		expect(marked((question) => question.visibility === 'lead')).toEqual([
			'F3 needs',
			'F4 sensitive',
			'F8 team_note',
			'GF1 contact',
			'PF1 contact'
		]);
		expect(marked((question) => question.requiredWhen !== undefined)).toEqual([
			'AF1 endorsed',
			'PF1 signed_on',
			'PF1 signed_file'
		]);
	});
});

describe('F9, the interview or site note', () => {
	const plain = { help: '', required: false, auto: false, visibility: 'form' };
	const long = { ...plain, kind: 'long' };
	const text = { ...plain, kind: 'text' };

	test('is read question by question', () => {
		expect(formOf('F9')).toEqual({
			code: 'F9',
			title: 'Interview or site note',
			filledBy: 'note-taker and any expert',
			visibility: 'my group',
			note: 'Works offline; autosave',
			questions: [
				{ ...plain, id: 'session', label: 'Session', kind: 'reference', to: 'session', required: true, auto: true },
				{
					...plain,
					id: 'present',
					label: 'Who was there',
					help: 'Functions only for service users',
					kind: 'multi',
					required: true
				},
				{
					...plain,
					id: 'opening',
					label: 'Said at the start',
					kind: 'multi',
					required: true,
					options: [
						'who we are',
						'why we ask',
						'no names in our report',
						'you may refuse a question',
						'what happens next'
					]
				},
				{
					...plain,
					id: 'answers',
					label: 'Answers to our questions',
					help: 'Key points in any language',
					kind: 'table',
					columns: [
						{ ...plain, id: 'question', label: 'question', kind: 'reference' },
						{ ...long, id: 'answer', label: 'answer' },
						{ ...text, id: 'quote', label: 'quote' },
						{ ...plain, id: 'evidence', label: 'evidence', kind: 'choice', options: ['one', 'several', 'document'] }
					]
				},
				{
					...long,
					id: 'seen',
					label: 'What I saw and heard',
					help: 'Facts: «I saw …», «three of five said …»',
					required: true
				},
				{ ...long, id: 'works', label: 'What works well' },
				{ ...long, id: 'wonder', label: 'What I wonder about', help: 'Write it as a question' },
				{ ...long, id: 'contradict', label: 'Differs from what we read or heard' },
				{
					...plain,
					id: 'quotes',
					label: 'Telling quotes',
					help: 'No names',
					kind: 'table',
					columns: [
						{ ...text, id: 'quote', label: 'quote' },
						{ ...plain, id: 'kind_of_person', label: 'kind of person', kind: 'choice' },
						{ ...plain, id: 'may_be_published', label: 'may be published', kind: 'yes' }
					]
				},
				{ ...long, id: 'ideas', label: 'Idea from elsewhere that could help' },
				{
					...long,
					id: 'take',
					label: 'Something for my own city',
					help: 'Only you see it; goes to F15',
					visibility: 'author'
				},
				{
					...plain,
					id: 'check',
					label: 'Still to check',
					kind: 'table',
					columns: [
						{ ...text, id: 'what', label: 'what' },
						{ ...plain, id: 'who', label: 'who', kind: 'person' }
					]
				},
				{
					...plain,
					id: 'confidence',
					label: 'How sure are we',
					kind: 'choice',
					required: true,
					options: ['one person said it', 'several said it', 'seen ourselves', 'in documents']
				},
				{ ...plain, id: 'files', label: 'Pictures and papers', help: 'Photo rule is shown', kind: 'files' },
				{ ...plain, id: 'language', label: 'Language of this note', kind: 'choice', required: true, auto: true }
			]
		});
	});
});

describe('a type is a small language', () => {
	test('lists are named, not spelled out', () => {
		expect(readOne({ type: 'scale4' })).toMatchObject({ kind: 'choice', options: lists.scale4 });
		expect(readOne({ type: 'scale:agree5' })).toMatchObject({ kind: 'choice', options: lists.agree5 });
		expect(readOne({ type: 'multi:principles' })).toMatchObject({ kind: 'multi', options: lists.principles });
		expect(readOne({ type: 'choice 1-3' })).toMatchObject({ kind: 'choice', options: ['1', '2', '3'] });
		expect(readOne({ type: 'choice A1-C2' }).options).toEqual(['A1', 'A2', 'B1', 'B2', 'C1', 'C2']);
		expect(readOne({ type: 'choice secured/asked/open' }).options).toEqual(['secured', 'asked', 'open']);
	});
	test('the options of the field itself count more than those of its type', () => {
		expect(readOne({ type: 'choice', options: ['a', 'b'] }).options).toEqual(['a', 'b']);
		expect(readOne({ type: 'scale:agree5', options: ['a', 'b'] }).options).toEqual(['a', 'b']);
	});
	test('a reference says what it points to, where the template does', () => {
		expect(readOne({ type: 'ref:session' })).toMatchObject({ kind: 'reference', to: 'session' });
		expect(readOne({ type: 'ref[]:card' })).toMatchObject({ kind: 'references', to: 'card' });
		expect(readOne({ type: 'ref' })).not.toHaveProperty('to');
	});
	test('parts are joined with a plus', () => {
		expect(readOne({ type: 'text+date+file' }).columns?.map(({ id, kind }) => [id, kind])).toEqual([
			['text', 'text'],
			['date', 'date'],
			['file', 'file']
		]);
		expect(questionOf('F3', 'approval').columns?.map(({ kind }) => kind)).toEqual(['person', 'date']);
	});
	test('a table may stand in a column of another', () => {
		const suggestions = forms
			.flatMap((form) => form.questions.flatMap((question) => question.columns ?? []))
			.filter((column) => column.kind === 'table');
		expect(suggestions.map(({ id }) => id)).toEqual(['suggestions']);
		expect(suggestions[0]?.columns?.map(({ id, kind, options }) => [id, kind, options])).toEqual([
			['no', 'text', undefined],
			['text', 'text', undefined],
			['why', 'text', undefined],
			['example', 'text', undefined],
			['horizon', 'choice', ['quick', 'medium', 'long']],
			['who_could_act', 'text', undefined]
		]);
	});
	test('limits are carried over, and a key that says nothing is left out', () => {
		expect(questionOf('F2', 'guiding_questions')).toMatchObject({ minRows: 1, maxRows: 3, required: true });
		expect(questionOf('GF1', 'title')).toMatchObject({ max: 100 });
		expect(Object.keys(readOne({ type: 'text' })).sort()).toEqual(
			['auto', 'help', 'id', 'kind', 'label', 'required', 'visibility'].sort()
		);
	});
	test('formatted words are long words with an editor', () => {
		expect(readOne({ type: 'rich' })).toMatchObject({ kind: 'long', formatted: true });
	});
});

describe('B5 a template that cannot be read stops the start', () => {
	test.each([
		['an unknown type', { type: 'telepathy' }, 'Form X1, field it: the type "telepathy" is not known'],
		['an empty type', { type: '' }, 'Form X1, field it: the type "" is not known'],
		['an unknown list', { type: 'scale:mood' }, 'Form X1, field it: the list "mood" is not known'],
		['an unknown list to tick', { type: 'multi:moods' }, 'Form X1, field it: the list "moods" is not known'],
		[
			'an unknown type in a column',
			{ type: 'table', columns: ['a:aura'] },
			'Form X1, field it: the type "aura" is not'
		],
		['an unknown type in a part', { type: 'text+aura' }, 'Form X1, field it: the type "aura" is not known'],
		['an unknown type in a nested table', { type: 'table(a:aura)' }, 'Form X1, field it: the type "aura" is not known']
	])('%s names the form and the field', (_what, field, sentence) => {
		expect(() => readOne(field)).toThrow(sentence);
	});
	test('one bad field is enough, however many good ones stand before it', () => {
		const form = raw({});
		form.fields.push({ ...form.fields[0]!, id: 'odd', type: 'odd' });
		expect(() => readTemplate(form, lists)).toThrow('field odd');
	});
});
