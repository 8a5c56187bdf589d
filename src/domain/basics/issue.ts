import type { z } from 'zod';

/** What is not good yet about an input: shown beside the field; what was typed is kept. */
export interface Issue {
	/** The field's name, or a path such as `quotes.2.quote`; empty for the whole form. */
	field: string;
	code: IssueCode;
	/** Numbers the sentence needs, such as the limit that was passed. */
	limit?: number;
}

export const issueCodes = [
	'missing',
	'too-long',
	'too-short',
	'too-many',
	'too-few',
	'not-a-number',
	'not-a-date',
	'not-an-option',
	'not-an-email',
	'wrong-kind',
	'wrong-code',
	'too-early',
	'unknown-person',
	'file-unknown'
] as const;
type IssueCode = (typeof issueCodes)[number];

export type Parsed<T> = { ok: true; value: T } | { ok: false; issues: Issue[] };

/** Zod's findings in our words; the first one for each field is enough for a person. */
export function issuesOf(error: z.ZodError): Issue[] {
	const byField = new Map<string, Issue>();
	for (const found of error.issues) {
		const field = found.path.join('.');
		if (!byField.has(field)) byField.set(field, { field, ...codeOf(found) });
	}
	return [...byField.values()];
}

function codeOf(found: z.core.$ZodIssue): Pick<Issue, 'code' | 'limit'> {
	if (found.code === 'too_big')
		return { code: found.origin === 'string' ? 'too-long' : 'too-many', limit: Number(found.maximum) };
	if (found.code === 'too_small')
		return found.minimum === 1 ? { code: 'missing' } : { code: 'too-short', limit: Number(found.minimum) };
	if (found.code === 'invalid_format') return { code: found.format === 'email' ? 'not-an-email' : 'wrong-kind' };
	if (found.code === 'invalid_value') return { code: 'not-an-option' };
	// Zod says what it saw only when it is asked to (reportInput); without, "undefined" stands in its sentence.
	if (found.code === 'invalid_type' && (found.input === undefined ? /received undefined/.test(found.message) : false))
		return { code: 'missing' };
	return { code: 'wrong-kind' };
}
