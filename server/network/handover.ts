import { addDays } from '#domain/basics/day.ts';
import { isId } from '#domain/basics/id.ts';
import type { Issue } from '#domain/basics/issue.ts';
import { Refusal } from '#domain/basics/refusal.ts';
import { may, placesFor } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Parts } from '../basics/parts.ts';
import { audited } from './audit.ts';
import { addHandover, colleagues, endRole, isPerson, lockLeaver, noteHeir, openRoles } from './handover.sql.ts';
import { addRole } from './invitations.sql.ts';
import type { Places } from './places.ts';
import { endAllSessions } from './sessions.ts';

type Handing = Parts & { places: Places };

/** What would go over, and to whom it could: the roles held now, and the colleagues of the same organisations. */
export async function handoverForm(parts: Handing, actor: Actor, input: { from: string }) {
	const mine = await rolesToHand(parts, actor, input.from);
	return { roles: mine, colleagues: await colleagues(parts.sql, input.from) };
}

/**
 * Hands everything open of one person over to another in one step: roles, drafts, seats. Roles are ended and given
 * again, so history keeps both names; the words to the right hear of it and move what is theirs.
 */
export async function handOver(
	parts: Handing,
	actor: Actor,
	input: { from: string; to: unknown }
): Promise<{ moved: number } | { issues: Issue[] }> {
	const roles = await rolesToHand(parts, actor, input.from);
	if (!isId(input.to) || input.to === input.from) return { issues: [{ field: 'to', code: 'unknown-person' }] };
	const to = input.to;
	// Only to a colleague of the same organisation: a seat belongs to the city, not to whoever is named.
	if (!(await colleagues(parts.sql, input.from)).some((one) => one.id === to))
		return { issues: [{ field: 'to', code: 'unknown-person' }] };
	const now = parts.now();
	const today = actor.today;
	return parts.sql.begin(async (tx) => {
		await lockLeaver(tx, input.from);
		const moved: typeof roles = [];
		for (const role of roles) {
			// The last day of the leaver is yesterday, or the day the role begins: from today the colleague answers.
			const last = role.since < today ? addDays(today, -1) : role.since;
			if (!(await endRole(tx, role.id, last))) continue;
			await addRole(tx, {
				...role,
				id: parts.chance.id(),
				personId: to,
				since: role.since < today ? today : role.since,
				grantedBy: actor.personId,
				at: now
			});
			await noteHeir(tx, role.id, to, role.until);
			moved.push(role);
		}
		// Somebody handed it over a moment ago: everything has gone to whom they named.
		if (roles.length > 0 && moved.length === 0) return { moved: 0 };
		await parts.events.announce(tx, 'network.handed-over', {
			from: input.from,
			to,
			by: actor.personId,
			day: today,
			at: now,
			programmes: isEverything(actor, input.from) ? 'all' : placesFor(actor, 'people.hand-over', 'programme')
		});
		await addHandover(tx, {
			id: parts.chance.id(),
			from: input.from,
			to,
			by: actor.personId,
			at: now,
			items: moved.map((role) => `${role.role} ${role.scopeKind} ${role.scopeId}`)
		});
		await audited(parts, tx, {
			person: actor.personId,
			act: 'people.hand-over',
			subject: { kind: 'person', id: input.from },
			detail: { to }
		});
		// Who hands over one programme's people leaves them signed in for what they do elsewhere.
		if (input.from !== actor.personId && isEverything(actor, input.from)) await endAllSessions(parts, tx, input.from);
		await parts.bus.tell(tx, { about: 'rights', people: [input.from, to] });
		return { moved: moved.length };
	});
}

/** The open roles of a person that this actor may move: all of one's own; a project lead those in their programmes. */
async function rolesToHand(parts: Handing, actor: Actor, from: string) {
	if (!isId(from)) throw new Refusal('not-found');
	const open = await openRoles(parts.sql, from, actor.today);
	const allowed = [];
	for (const role of open) {
		const place = await parts.places.find(parts.sql, role.scopeKind, role.scopeId);
		if (place && may(actor, 'people.hand-over', { ...place.standing, holder: from }))
			allowed.push({ ...role, place: place.name });
	}
	// Drafts may be left where no role is: who may hand over everything may hand over those, too.
	if (allowed.length === 0 && !(isEverything(actor, from) && (await isPerson(parts.sql, from))))
		throw new Refusal('not-found');
	return allowed;
}

/** Oneself, or an admin: then all goes over, wherever it is. A project lead reaches no further than their programmes. */
function isEverything(actor: Actor, from: string): boolean {
	return may(actor, 'people.hand-over', { holder: from });
}
