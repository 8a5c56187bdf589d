import type { Act } from './policy.ts';

/**
 * Every door of the product: which pages, form actions, endpoints and socket events there are, who may knock, and which
 * acts are asked inside. Hooks refuse a route that has no row; a test compares the table with the files, so a new door
 * without a row fails.
 */
export interface RouteDoor {
	kind: 'page' | 'endpoint';
	who: 'anyone' | 'signed-in';
	/** What is asked before anything is shown; empty where only the person's own things are. */
	asks: readonly Act[];
	/** Form actions of a page, and methods of an endpoint, with what each asks. */
	actions?: Readonly<Record<string, readonly Act[]>>;
}

export const routeDoors: Record<string, RouteDoor> = {
	'/(public)': { kind: 'page', who: 'anyone', asks: [] },
	'/(public)/language': { kind: 'endpoint', who: 'anyone', asks: [], actions: { POST: [] } },
	'/(account)/sign-in': { kind: 'page', who: 'anyone', asks: [], actions: { default: [] } },
	'/(account)/sign-in/code': { kind: 'page', who: 'anyone', asks: [], actions: { default: [] } },
	'/(account)/sign-in/link/[link]': { kind: 'page', who: 'anyone', asks: [], actions: { default: [] } },
	'/(account)/invitation/[token]': { kind: 'page', who: 'anyone', asks: [], actions: { default: [] } },
	'/(account)/first-admin': { kind: 'page', who: 'anyone', asks: [], actions: { default: [] } },
	/** Outside production only; the use case refuses otherwise. */
	'/(account)/mailbox': { kind: 'page', who: 'anyone', asks: [] },
	'/(account)/account': {
		kind: 'page',
		who: 'signed-in',
		asks: ['account.own'],
		actions: { signOut: ['account.own'], endSession: ['account.own'] }
	},
	'/(account)/account/data': { kind: 'endpoint', who: 'signed-in', asks: [], actions: { POST: ['account.own'] } },

	'/(app)/progress': { kind: 'page', who: 'signed-in', asks: ['programme.read', 'review.read', 'pair.read'] },
	'/(app)/progress/search': { kind: 'page', who: 'signed-in', asks: ['search.use'] },
	'/(app)/progress/programmes/[programme]': { kind: 'page', who: 'signed-in', asks: ['programme.read'] },
	'/(app)/progress/programmes/[programme]/export': {
		kind: 'endpoint',
		who: 'signed-in',
		asks: [],
		actions: { POST: ['programme.export'] }
	},
	'/(app)/network/cities': { kind: 'page', who: 'signed-in', asks: ['directory.read'] },
	'/(app)/network/organisations/[slug]': { kind: 'page', who: 'signed-in', asks: ['organisation.read'] },
	'/(app)/network/people': { kind: 'page', who: 'signed-in', asks: ['directory.read'] },
	'/(app)/network/invitations/[kind]/[id]': {
		kind: 'page',
		who: 'signed-in',
		asks: ['role.invite'],
		actions: { default: ['role.invite'] }
	},
	'/(app)/network/hand-over/[person]': {
		kind: 'page',
		who: 'signed-in',
		asks: ['people.hand-over'],
		actions: { default: ['people.hand-over'] }
	},
	'/(app)/network/audit': { kind: 'page', who: 'signed-in', asks: ['audit.read'] },
	'/(app)/reviews/[review]': {
		kind: 'page',
		who: 'signed-in',
		asks: ['review.read', 'review.notes', 'note.start'],
		actions: { start: ['note.start'] }
	},
	'/(app)/reviews/notes/[note]': {
		kind: 'page',
		who: 'signed-in',
		asks: ['note.read'],
		actions: { send: ['note.write'] }
	},
	'/(app)/reviews/notes/[note]/files': {
		kind: 'endpoint',
		who: 'signed-in',
		asks: [],
		actions: { POST: ['note.write'], DELETE: ['note.write'] }
	},
	'/(app)/reviews/files/[file]': { kind: 'endpoint', who: 'signed-in', asks: [], actions: { GET: ['note.read'] } },
	'/(app)/mentoring/pairs/[pair]': { kind: 'page', who: 'signed-in', asks: ['pair.read'] },
	'/(app)/mentoring/plans/[plan]': { kind: 'page', who: 'signed-in', asks: ['plan.read'] }
};

/** Socket events and what each asks; for documents the acts are those of the document's kind. */
export const socketDoors = {
	'document:join': ['plan.read', 'note.write'],
	'document:update': ['plan.write', 'note.write'],
	'document:presence': ['plan.read', 'note.write'],
	'document:leave': [],
	'topic:join': ['programme.read'],
	'topic:leave': []
} as const satisfies Record<string, readonly Act[]>;
