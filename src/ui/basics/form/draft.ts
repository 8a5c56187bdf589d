import type { Answer, Question } from '#domain/basics/form.ts';

/** What a question's input needs of the draft it writes into; the form knows nothing of documents or sockets. */
export interface Draft {
	answer(question: Question): Answer | undefined;
	write(question: Question, answer: Answer | undefined): void;
}

/** Files of the form, where it can hold some. */
export interface FileShelf {
	files: { id: string; name: string; bytes: number }[];
	add(file: File): Promise<void>;
	remove(id: string): Promise<void>;
	href(id: string): string;
	problem: string;
	busy: boolean;
}
