import { isDay } from './day.ts';
import { type Answer, type Answers, answerLimits, type Form, isEmpty, maxLength, type Question } from './form.ts';
import { isId } from './id.ts';
import type { Issue, Parsed } from './issue.ts';
import { storable } from './words.ts';

/**
 * Reads what a person (or a hostile packet) gave as answers to a form.
 * A draft may be incomplete, so what is missing is asked for only when it is sent; a wrong kind is never let through.
 * Answers to questions that the form does not ask, and columns it does not have, are left out before anything is judged.
 */
export function parseAnswers(form: Form, raw: unknown, as: 'draft' | 'sent'): Parsed<Answers> {
	const given = isRecord(raw) ? raw : {};
	const issues: Issue[] = [];
	const value: Answers = {};
	for (const question of form.questions) {
		const answer = cleaned(question, Object.hasOwn(given, question.id) ? given[question.id] : undefined);
		if (isEmpty(answer)) {
			// A box that must be ticked is not ticked by leaving it.
			if (as === 'sent' && question.required) issues.push({ field: question.id, code: 'missing' });
			continue;
		}
		const found = issuesOfAnswer(question, answer, question.id, as);
		if (found.length > 0) issues.push(...found);
		else value[question.id] = answer as Answer;
	}
	return issues.length > 0 ? { ok: false, issues } : { ok: true, value };
}

function issuesOfAnswer(question: Question, answer: unknown, field: string, as: 'draft' | 'sent'): Issue[] {
	const wrong: Issue[] = [{ field, code: 'wrong-kind' }];
	switch (question.kind) {
		case 'text':
		case 'long':
		case 'link':
		case 'signature':
		case 'person':
		case 'city':
		case 'organisation':
			if (typeof answer !== 'string') return wrong;
			return answer.length > maxLength(question) ? [{ field, code: 'too-long', limit: maxLength(question) }] : [];
		case 'reference':
		case 'file':
			return typeof answer === 'string' && answer.length <= answerLimits.text ? [] : wrong;
		case 'number':
			if (typeof answer !== 'number' || !Number.isFinite(answer)) return [{ field, code: 'not-a-number' }];
			if (question.min !== undefined && answer < question.min) return [{ field, code: 'too-few', limit: question.min }];
			if (question.max !== undefined && answer > question.max)
				return [{ field, code: 'too-many', limit: question.max }];
			return [];
		case 'date':
			return isDay(answer) ? [] : [{ field, code: 'not-a-date' }];
		case 'datetime':
			return isMoment(answer) ? [] : [{ field, code: 'not-a-date' }];
		case 'date-range':
			if (!isRecord(answer) || !isDay(answer.from) || !isDay(answer.to)) return [{ field, code: 'not-a-date' }];
			return answer.to < answer.from ? [{ field, code: 'too-early' }] : [];
		case 'yes':
			return typeof answer === 'boolean' ? [] : wrong;
		case 'choice':
			return issuesOfOption(question, answer, field);
		case 'multi':
		case 'people':
		case 'organisations':
		case 'references':
		case 'files':
		case 'signatures':
			if (!Array.isArray(answer)) return wrong;
			if (answer.length > answerLimits.options) return [{ field, code: 'too-many', limit: answerLimits.options }];
			if (question.kind === 'files' && !answer.every(isId)) return [{ field, code: 'file-unknown' }];
			return answer.flatMap((one) => issuesOfOption(question, one, field)).slice(0, 1);
		case 'table':
		case 'sections':
			return issuesOfRows(question, answer, field, as);
		case 'money':
			if (!isRecord(answer) || typeof answer.amount !== 'number' || !Number.isFinite(answer.amount))
				return [{ field, code: 'not-a-number' }];
			return typeof answer.currency === 'string' && /^[A-Z]{3}$/.test(answer.currency) ? [] : wrong;
		case 'parts':
			if (!isRecord(answer)) return wrong;
			return (question.columns ?? []).flatMap((part) =>
				isEmpty(answer[part.id]) ? [] : issuesOfAnswer(part, answer[part.id], `${field}.${part.id}`, as)
			);
	}
}

function isMoment(answer: unknown): boolean {
	return (
		typeof answer === 'string' &&
		/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/.test(answer) &&
		isDay(answer.slice(0, 'YYYY-MM-DD'.length))
	);
}

function issuesOfOption(question: Question, answer: unknown, field: string): Issue[] {
	if (typeof answer !== 'string') return [{ field, code: 'wrong-kind' }];
	if (question.options && !question.options.includes(answer)) return [{ field, code: 'not-an-option' }];
	return answer.length > answerLimits.option ? [{ field, code: 'too-long', limit: answerLimits.option }] : [];
}

function issuesOfRows(question: Question, answer: unknown, field: string, as: 'draft' | 'sent'): Issue[] {
	if (!Array.isArray(answer)) return [{ field, code: 'wrong-kind' }];
	const most = question.maxRows ?? answerLimits.rows;
	if (answer.length > most) return [{ field, code: 'too-many', limit: most }];
	// A draft may still be on its way to enough rows.
	if (as === 'sent' && question.minRows !== undefined && answer.length < question.minRows)
		return [{ field, code: 'too-few', limit: question.minRows }];
	return answer.flatMap((row, index) => {
		if (!isRecord(row)) return [{ field: `${field}.${index}`, code: 'wrong-kind' as const }];
		return (question.columns ?? []).flatMap((column) =>
			isEmpty(row[column.id]) ? [] : issuesOfAnswer(column, row[column.id], `${field}.${index}.${column.id}`, as)
		);
	});
}

/** The members that an answer of a kind may have; everything else is dropped. */
const members: Partial<Record<Question['kind'], readonly string[]>> = {
	'date-range': ['from', 'to'],
	money: ['amount', 'currency']
};

/** Only what was asked for: columns that the form does not have go first, then rows that have nothing left. */
function cleaned(question: Question, answer: unknown): unknown {
	if (typeof answer === 'string') return storable(answer);
	if (question.kind === 'table' || question.kind === 'sections') {
		if (!Array.isArray(answer)) return answer;
		return answer
			.map((row: unknown) => (isRecord(row) ? onlyColumns(question.columns ?? [], row) : row))
			.filter((row) => !isEmpty(row));
	}
	if (Array.isArray(answer)) return answer.map((one: unknown) => (typeof one === 'string' ? storable(one) : one));
	if (!isRecord(answer)) return answer;
	if (question.kind === 'parts') return onlyColumns(question.columns ?? [], answer);
	const allowed = members[question.kind];
	return allowed
		? Object.fromEntries(allowed.filter((name) => Object.hasOwn(answer, name)).map((name) => [name, answer[name]]))
		: answer;
}

function onlyColumns(columns: Question[], row: Record<string, unknown>): Record<string, unknown> {
	const kept: Record<string, unknown> = {};
	for (const column of columns) {
		const value = cleaned(column, Object.hasOwn(row, column.id) ? row[column.id] : undefined);
		if (!isEmpty(value)) kept[column.id] = value;
	}
	return kept;
}

function isRecord(thing: unknown): thing is Record<string, unknown> {
	return typeof thing === 'object' && thing !== null && !Array.isArray(thing);
}
