import type { Answers, Form } from '../basics/form.ts';

/** Who of those that may read the note sees which answer: the group only what the whole form's readers may. */
export function answersFor(form: Form, answers: Answers, reader: { isHolder: boolean }): Answers {
	const seen: Answers = {};
	for (const question of form.questions)
		if (reader.isHolder || question.visibility === 'form') seen[question.id] = answers[question.id];
	return seen;
}

/**
 * The answers with those that the product knows from where the form was opened: the session of a visit, the language of
 * what was written. What the person wrote instead counts more.
 */
export function withKnown(form: Form, answers: Answers, note: { session: string | null; language: string }): Answers {
	const filled = { ...answers };
	for (const question of form.questions) {
		if (!question.auto || filled[question.id] !== undefined) continue;
		if (question.to === 'session' && note.session) filled[question.id] = note.session;
		// A choice that fills itself and has no options asks for the language.
		else if (question.kind === 'choice' && !question.options) filled[question.id] = note.language;
	}
	return filled;
}
