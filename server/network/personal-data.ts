import type { Tx } from '../basics/database.ts';

/** Rows about one person that a word keeps, for the person's own file. */
type PersonalSource = (tx: Tx, personId: string) => Promise<readonly Record<string, unknown>[]>;

export interface PersonalSources {
	/** The word that keeps something about people says how it is found. */
	register(name: string, source: PersonalSource): void;
	collect(tx: Tx, personId: string): Promise<Record<string, unknown>>;
}

export function makePersonalSources(): PersonalSources {
	const sources = new Map<string, PersonalSource>();
	return {
		register: (name, source) => void sources.set(name, source),
		async collect(tx, personId) {
			const found: Record<string, unknown> = {};
			for (const [name, source] of sources) found[name] = await source(tx, personId);
			return found;
		}
	};
}
