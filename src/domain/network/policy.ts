import type { RefusalCode } from '../basics/refusal.ts';
import { type Actor, activeAssignments, isOnlyGuest, type Role, type ScopeKind } from './role.ts';

/**
 * Where a thing stands: the places whose roles count for it, and the people it belongs to. A word that asks for a
 * thing's rights says where it stands; what follows from that stands in one table, here.
 */
export interface Standing {
	network?: string;
	observatory?: string;
	programme?: string;
	review?: string;
	pair?: string;
	/** Who holds it: the author of a note, the owner of a session. */
	holder?: string;
	/** The people in the same group of a visit. */
	group?: readonly string[];
	/** Sent, released, published: what makes it visible beyond its holder. */
	released?: boolean;
}

/** One way to be allowed: a role in one of the thing's places, or a relation to the thing itself. */
type Grant = Role | 'holder' | 'group-when-released' | 'member' | 'signed-in';

/**
 * May this person do this to that. One row an act; a person may when one of the grants fits. Deny is the default: an
 * act without a row does not exist. `secret` says whether a refusal may admit that the thing is there.
 */
export const policy = {
	/** Lists of people and cities: everybody but guests. */
	'directory.read': { grants: ['member'], secret: false },
	'search.use': { grants: ['signed-in'], secret: false },
	'organisation.read': { grants: ['member'], secret: true },
	'account.own': { grants: ['holder'], secret: true },
	'audit.read': { grants: ['admin'], secret: true },
	'people.hand-over': { grants: ['holder', 'admin', 'project-lead'], secret: true },
	'role.invite': { grants: ['admin', 'project-lead', 'review-lead'], secret: true },

	'programme.read': { grants: ['admin', 'project-lead'], secret: true },
	'programme.export': { grants: ['admin', 'project-lead'], secret: true },

	'review.read': {
		grants: ['admin', 'project-lead', 'facilitator', 'review-lead', 'visiting-expert', 'host-lead', 'guest'],
		secret: true
	},
	/** The list of notes and who wrote them: the team, never the host. */
	'review.notes': { grants: ['review-lead', 'visiting-expert', 'facilitator'], secret: true },
	'note.start': { grants: ['review-lead', 'visiting-expert'], secret: true },
	'note.read': { grants: ['holder', 'group-when-released'], secret: true },
	'note.write': { grants: ['holder'], secret: true },

	'pair.read': {
		grants: ['admin', 'project-lead', 'facilitator', 'mentor', 'mentee', 'association', 'guest'],
		secret: true
	},
	'plan.read': {
		grants: ['admin', 'project-lead', 'facilitator', 'mentor', 'mentee', 'association', 'guest'],
		secret: true
	},
	'plan.write': { grants: ['mentor', 'mentee'], secret: true }
} as const satisfies Record<string, { grants: readonly Grant[]; secret: boolean }>;

export type Act = keyof typeof policy;
export const acts = Object.keys(policy) as Act[];

/** May this person do this to that. */
export function may(actor: Actor | undefined, act: Act, standing: Standing): boolean {
	return whyNot(actor, act, standing) === undefined;
}

/**
 * Why this person may not do this to that, or `undefined` when they may. The same function serves the server's
 * refusal, the hidden or disabled button and the test. Not there and not yours answer alike.
 */
export function whyNot(actor: Actor | undefined, act: Act, standing: Standing): RefusalCode | undefined {
	if (!actor) return 'sign-in-needed';
	const { grants, secret } = policy[act];
	for (const grant of grants) if (holds(actor, grant, standing)) return undefined;
	return secret ? 'not-found' : 'forbidden';
}

function holds(actor: Actor, grant: Grant, standing: Standing): boolean {
	switch (grant) {
		case 'signed-in':
			return true;
		case 'member':
			return !isOnlyGuest(actor);
		case 'holder':
			return standing.holder === actor.personId;
		case 'group-when-released':
			return standing.released === true && (standing.group?.includes(actor.personId) ?? false);
		default:
			return activeAssignments(actor).some(
				(held) => held.role === grant && (held.role === 'admin' || standing[held.scopeKind] === held.scopeId)
			);
	}
}

/** The places of one kind in which this person holds a role that allows an act: what a list may show. */
export function placesFor(actor: Actor, act: Act, kind: ScopeKind): string[] | 'all' {
	const grants = policy[act].grants as readonly Grant[];
	const active = activeAssignments(actor).filter((held) => grants.includes(held.role));
	if (active.some((held) => held.role === 'admin')) return 'all';
	return [...new Set(active.filter((held) => held.scopeKind === kind).map((held) => held.scopeId))];
}
