import { covers, type Day } from '../basics/day.ts';

/** The kinds of place a role can be held in. */
export const scopeKinds = ['network', 'observatory', 'programme', 'review', 'pair'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** Which role is held in which kind of place. */
export const rolePlaces = {
	admin: ['network'],
	'observatory-editor': ['observatory'],
	'project-lead': ['programme'],
	facilitator: ['pair', 'review'],
	'review-lead': ['review'],
	'visiting-expert': ['review'],
	'host-lead': ['review'],
	mentor: ['pair'],
	mentee: ['pair'],
	association: ['pair'],
	guest: ['programme', 'review', 'pair']
} as const satisfies Record<string, readonly ScopeKind[]>;

export type Role = keyof typeof rolePlaces;
export const roles = Object.keys(rolePlaces) as Role[];

export function isRole(text: unknown): text is Role {
	return typeof text === 'string' && Object.hasOwn(rolePlaces, text);
}

export function canBeHeldIn(role: Role, kind: string): kind is ScopeKind {
	return (rolePlaces[role] as readonly string[]).includes(kind);
}

/** One role of one person in one place, from a day to a day. */
export interface Assignment {
	role: Role;
	scopeKind: ScopeKind;
	scopeId: string;
	organisationId: string | null;
	since: Day;
	until: Day | null;
}

/** Who asks: a signed-in person with the roles they hold, as they stood when it was looked up. */
export interface Actor {
	personId: string;
	name: string;
	language: string;
	timeZone: string;
	sessionId: string;
	assignments: Assignment[];
	/** The day the question is asked, in the person's own time zone. */
	today: Day;
}

/** The roles that count today. */
export function activeAssignments(actor: Pick<Actor, 'assignments' | 'today'>): Assignment[] {
	return actor.assignments.filter((held) => covers(held, actor.today));
}

/** A guest sees only what they were invited to: no directory, no lists of cities. */
export function isOnlyGuest(actor: Pick<Actor, 'assignments' | 'today'>): boolean {
	const active = activeAssignments(actor);
	return active.length === 0 || active.every((held) => held.role === 'guest');
}
