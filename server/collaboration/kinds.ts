import type * as Y from 'yjs';
import type { Act, Standing } from '#domain/network/policy.ts';
import type { Db, Tx } from '../basics/database.ts';

/**
 * A kind of live document. The word that owns it registers: where such a document stands for the policy, which acts
 * read and write it, and how its state becomes rows.
 */
export interface DocumentKind {
	kind: string;
	read: Act;
	write: Act;
	/** Where the document's subject stands; `undefined` when it is not there. */
	standing(db: Db, subjectId: string): Promise<Standing | undefined>;
	/**
	 * Writes the document's state into rows. Runs in one transaction with the mark that says so, once for each state;
	 * `people` wrote since the last time.
	 */
	project(
		tx: Tx,
		state: { subjectId: string; doc: Y.Doc; fromSeq: number; uptoSeq: number; people: string[]; lastAt: Date }
	): Promise<void>;
}

export interface DocumentKinds {
	register(kind: DocumentKind): void;
	/** @throws when no word registered this kind: a document that nobody answers for is not opened */
	get(kind: string): DocumentKind;
}

export function makeDocumentKinds(): DocumentKinds {
	const kinds = new Map<string, DocumentKind>();
	return {
		register: (kind) => void kinds.set(kind.kind, kind),
		get(kind) {
			const found = kinds.get(kind);
			if (!found) throw new Error(`No word registered the document kind "${kind}".`);
			return found;
		}
	};
}
