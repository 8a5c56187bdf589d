import * as Y from 'yjs';
import type { Answer, Answers, Form, Question } from '../basics/form.ts';

/**
 * A form being filled in, as a live document. The words of a written answer are a Y.Text of their own at the top of the
 * document, so that two devices (or two people) merge letter by letter, also when both began offline: a text inside a
 * map would be set twice there, and one of the two would be lost. Everything else is one plain value a question in the
 * map `answers`; the last one counts.
 */
export function answersOf(doc: Y.Doc, form: Form): Answers {
	const answers: Answers = {};
	for (const question of form.questions) {
		const answer = isWritten(question) ? writtenAnswer(doc, question).toString() : answersMap(doc).get(question.id);
		if (answer !== undefined && answer !== '') answers[question.id] = answer as Answer;
	}
	return answers;
}

export function answersMap(doc: Y.Doc): Y.Map<unknown> {
	return doc.getMap('answers');
}

export function writtenAnswer(doc: Y.Doc, question: Pick<Question, 'id'>): Y.Text {
	return doc.getText(`words:${question.id}`);
}

/** Whether the words of this answer are merged letter by letter. */
export function isWritten(question: Question): boolean {
	return question.kind === 'text' || question.kind === 'long';
}

/** Puts an answer in place; words as the smallest change that makes the old text the new one. */
export function writeAnswer(doc: Y.Doc, question: Question, answer: Answer | undefined, origin: unknown): void {
	doc.transact(() => {
		if (isWritten(question)) replaceText(writtenAnswer(doc, question), typeof answer === 'string' ? answer : '');
		else if (answer === undefined) answersMap(doc).delete(question.id);
		else answersMap(doc).set(question.id, answer);
	}, origin);
}

function replaceText(text: Y.Text, wanted: string): void {
	const held = text.toString();
	let start = 0;
	while (start < held.length && start < wanted.length && held[start] === wanted[start]) start++;
	let end = 0;
	while (
		end < held.length - start &&
		end < wanted.length - start &&
		held[held.length - 1 - end] === wanted[wanted.length - 1 - end]
	)
		end++;
	// Never cut a surrogate pair in two: the halves would be two unreadable letters for everybody.
	if (start > 0 && isHighSurrogate(held, start - 1)) start--;
	if (end > 0 && isHighSurrogate(held, held.length - end - 1)) end--;
	const removed = held.length - start - end;
	if (removed > 0) text.delete(start, removed);
	const added = wanted.slice(start, wanted.length - end);
	if (added) text.insert(start, added);
}

function isHighSurrogate(text: string, at: number): boolean {
	const code = text.charCodeAt(at);
	return code >= 0xd800 && code <= 0xdbff;
}
