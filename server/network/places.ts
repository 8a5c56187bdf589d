import type { Standing } from '#domain/network/policy.ts';
import type { ScopeKind } from '#domain/network/role.ts';
import type { Db } from '../basics/database.ts';
import { observatoryPlace, programmePlace } from './places.sql.ts';

/** A place that roles are held in: its name, where it stands for the policy, and its page. */
export interface Place {
	name: string;
	standing: Standing;
	path: string;
}

type Finder = (db: Db, id: string) => Promise<Place | undefined>;

export interface Places {
	/** The word that owns a kind of place says how one is found. */
	register(kind: ScopeKind, finder: Finder): void;
	find(db: Db, kind: ScopeKind, id: string): Promise<Place | undefined>;
}

export function makePlaces(): Places {
	const finders = new Map<ScopeKind, Finder>([
		['network', (_db, id) => Promise.resolve({ name: 'CityPeers', standing: { network: id }, path: '/progress' })],
		['observatory', observatoryPlace],
		['programme', programmePlace]
	]);
	return {
		register: (kind, finder) => void finders.set(kind, finder),
		find: async (db, kind, id) => finders.get(kind)?.(db, id)
	};
}
