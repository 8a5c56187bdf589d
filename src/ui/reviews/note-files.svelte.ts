import type { RefusalCode } from '#domain/basics/refusal.ts';
import type { FileShelf } from '#ui/basics/form/draft.ts';
import { refusalText } from '#ui/basics/issue-text.ts';
import { m } from '#messages/compiled/messages.js';

interface ShownFile {
	id: string;
	name: string;
	bytes: number;
}

/** The files of one note: sent one by one; a refusal is said beside the button and nothing else is lost. */
export class NoteFiles implements FileShelf {
	readonly #paths: { note: string; file: (id: string) => string };
	readonly #changed: (ids: string[]) => void;
	#files = $state.raw<ShownFile[]>([]);
	#problem = $state('');
	#busy = $state(false);

	constructor(
		paths: { note: string; file: (id: string) => string },
		files: ShownFile[],
		changed: (ids: string[]) => void
	) {
		this.#paths = paths;
		this.#files = files;
		this.#changed = changed;
	}
	get files(): ShownFile[] {
		return this.#files;
	}
	get problem(): string {
		return this.#problem;
	}
	get busy(): boolean {
		return this.#busy;
	}
	href(id: string): string {
		return this.#paths.file(id);
	}

	async add(file: File): Promise<void> {
		await this.#ask(async () => {
			const answer = await fetch(this.#paths.note, {
				method: 'POST',
				body: file,
				headers: { 'x-file-name': encodeURIComponent(file.name), 'content-type': 'application/octet-stream' }
			});
			if (!answer.ok) return this.#refuse(answer);
			this.#set([...this.#files, (await answer.json()) as ShownFile]);
		});
	}
	async remove(id: string): Promise<void> {
		await this.#ask(async () => {
			const answer = await fetch(`${this.#paths.note}?file=${id}`, { method: 'DELETE' });
			if (!answer.ok) return this.#refuse(answer);
			this.#set(this.#files.filter((file) => file.id !== id));
		});
	}

	#set(files: ShownFile[]): void {
		this.#files = files;
		this.#changed(files.map((file) => file.id));
	}
	async #ask(act: () => Promise<void>): Promise<void> {
		this.#problem = '';
		this.#busy = true;
		try {
			await act();
		} catch {
			this.#problem = m.basics_file_no_network();
		} finally {
			this.#busy = false;
		}
	}
	async #refuse(answer: Response): Promise<void> {
		const said = (await answer.json().catch(() => ({}))) as { code?: RefusalCode };
		this.#problem = refusalText(said.code ?? 'not-ready');
	}
}
