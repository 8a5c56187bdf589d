import type { Day } from './day.ts';

/**
 * A form as data: what is asked, in which kind, for whom to see. Read from the default templates (JSON) or built by a
 * secretariat; nothing in the code knows a particular form.
 */
export interface Form {
	code: string;
	title: string;
	filledBy: string;
	/** Who sees the answers unless a question says otherwise, in the words of the template. */
	visibility: string;
	note: string;
	questions: Question[];
}

export type QuestionKind =
	| 'text'
	| 'long'
	| 'number'
	| 'date'
	| 'datetime'
	| 'date-range'
	| 'yes'
	| 'choice'
	| 'multi'
	| 'table'
	| 'sections'
	| 'person'
	| 'people'
	| 'city'
	| 'organisation'
	| 'organisations'
	| 'reference'
	| 'references'
	| 'file'
	| 'files'
	| 'money'
	| 'link'
	| 'signature'
	| 'signatures'
	| 'parts';

export interface Question {
	id: string;
	label: string;
	help: string;
	kind: QuestionKind;
	required: boolean;
	/** A condition in the words of the template, such as `state>=endorsed`; read by the word that owns the form. */
	requiredWhen?: string;
	/** Filled in by the product from where the form was opened; the person may change it. */
	auto: boolean;
	/** `author`: only who wrote it ever sees it. */
	visibility: 'form' | 'author' | 'lead';
	/** The options of a choice. A choice without options takes words of the person's own. */
	options?: string[];
	/** What a reference points to, such as `session`. */
	to?: string;
	/** Columns of a table, parts of a compound answer. */
	columns?: Question[];
	/** Longer texts get an editor with formatting where one is there. */
	formatted?: boolean;
	minRows?: number;
	maxRows?: number;
	max?: number;
	min?: number;
}

interface DateRange {
	from: Day;
	to: Day;
}

interface Money {
	amount: number;
	currency: string;
}

export type Answer =
	| string
	| number
	| boolean
	| string[]
	| DateRange
	| Money
	| { [part: string]: Answer | undefined }
	| { [column: string]: Answer | undefined }[];

export type Answers = Record<string, Answer | undefined>;

/** Limits of one answer, stated beside the field when passed. */
export const answerLimits = {
	text: 300,
	long: 20_000,
	formatted: 100_000,
	rows: 100,
	options: 60,
	option: 200,
	depth: 8
} as const;

export function maxLength(question: Question): number {
	if (question.kind === 'long')
		return question.max ?? (question.formatted ? answerLimits.formatted : answerLimits.long);
	return question.max ?? answerLimits.text;
}

/** Whether a person left this answer empty: nothing, blank words, no rows with words in them, an unticked box. */
export function isEmpty(answer: unknown, depth = 0): boolean {
	// No form nests deeper; a packet that does is not empty, and is refused for its kind.
	if (depth > answerLimits.depth) return false;
	if (answer === undefined || answer === null || answer === false) return true;
	if (typeof answer === 'string') return answer.trim() === '';
	if (Array.isArray(answer)) return answer.every((one) => isEmpty(one, depth + 1));
	if (typeof answer === 'object') return Object.values(answer).every((one) => isEmpty(one, depth + 1));
	return false;
}
