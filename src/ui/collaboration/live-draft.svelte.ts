import type * as Y from 'yjs';
import type { Answer, Answers, Form, Question } from '#domain/basics/form.ts';
import { answersOf, writeAnswer } from '#domain/collaboration/answers-document.ts';
import type { LiveDocument } from '#live/document.svelte.ts';
import type { Draft } from '#ui/basics/form/draft.ts';

/** A form's draft in a live document: what is typed here or on another device shows at once. */
export class LiveDraft implements Draft {
	readonly #live: LiveDocument;
	readonly #form: Form;
	#answers = $state.raw<Answers>({});

	constructor(live: LiveDocument, form: Form) {
		this.#live = live;
		this.#form = form;
		this.#read();
		live.doc.on('afterTransaction', this.#changed);
	}

	get answers(): Answers {
		return this.#answers;
	}
	answer(question: Question): Answer | undefined {
		return this.#answers[question.id];
	}
	write(question: Question, answer: Answer | undefined): void {
		// Plain data only: a proxy of Svelte's would not survive the way into the document.
		writeAnswer(
			this.#live.doc,
			question,
			answer === undefined ? undefined : ($state.snapshot(answer) as Answer),
			'form'
		);
	}
	close(): void {
		this.#live.doc.off('afterTransaction', this.#changed);
	}

	readonly #changed = (transaction: Y.Transaction): void => {
		if (transaction.changed.size > 0) this.#read();
	};
	#read(): void {
		this.#answers = answersOf(this.#live.doc, this.#form);
	}
}
