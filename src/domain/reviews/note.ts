import type { Answers, Form } from '../basics/form.ts';

/** A form filled in by a visiting expert: a draft until it is sent, then as it was, for ever. */
export interface NoteHead {
	id: string;
	reviewId: string;
	sessionId: string | null;
	formCode: string;
	formTitle: string;
	authorId: string;
	holderId: string;
	startedAt: Date;
	changedAt: Date;
	sentAt: Date | null;
}

/** Who of those that may read the note sees which answer. */
export function answersFor(form: Form, answers: Answers, reader: { isHolder: boolean }): Answers {
	const seen: Answers = {};
	for (const question of form.questions)
		if (reader.isHolder || question.visibility !== 'author') seen[question.id] = answers[question.id];
	return seen;
}
