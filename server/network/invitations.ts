import { dayIn } from '#domain/basics/day.ts';
import { isId } from '#domain/basics/id.ts';
import type { Issue } from '#domain/basics/issue.ts';
import { known, Refusal } from '#domain/basics/refusal.ts';
import { invitationLifeMs, parseInvitation } from '#domain/network/invitation.ts';
import { may, whyNot } from '#domain/network/policy.ts';
import { canBeHeldIn, type Actor, type Role, roles } from '#domain/network/role.ts';
import { m } from '#messages/compiled/messages.js';
import { hashed } from '../basics/chance.ts';
import type { Parts } from '../basics/parts.ts';
import { audited } from './audit.ts';
import {
	acceptInvitation,
	addInvitation,
	addPerson,
	addRole,
	addAffiliation,
	invitationByToken,
	isOrganisation,
	openInvitations
} from './invitations.sql.ts';
import { mailLanguage } from './mail-language.ts';
import type { Places } from './places.ts';
import { startSession, type NewSession } from './sessions.ts';
import { personByEmail } from './sign-in.sql.ts';

type Inviting = Parts & { places: Places };

/** What the invitation form needs: the place's name, and the roles that can be held there. */
export async function invitationForm(parts: Inviting, actor: Actor, input: { scopeKind: string; scopeId: string }) {
	const place = await placeToInviteTo(parts, actor, input.scopeKind, input.scopeId);
	const today = await openInvitations(parts.sql, input.scopeId, parts.now());
	return { place: place.name, path: place.path, roles: rolesToGive(actor, input.scopeKind), waiting: today };
}

/** Invites an address to a role in a place; the mail holds the only copy of the link. */
export async function invite(
	parts: Inviting,
	actor: Actor,
	input: unknown
): Promise<{ id: string } | { issues: Issue[] }> {
	const parsed = parseInvitation(input);
	if (!parsed.ok) return { issues: parsed.issues };
	const wanted = parsed.value;
	const place = await placeToInviteTo(parts, actor, wanted.scopeKind, wanted.scopeId);
	if (!rolesToGive(actor, wanted.scopeKind).includes(wanted.role))
		return { issues: [{ field: 'role', code: 'not-an-option' }] };
	if (wanted.organisationId && !(await isOrganisation(parts.sql, wanted.organisationId)))
		return { issues: [{ field: 'organisationId', code: 'not-an-option' }] };
	const [id, token, now] = [parts.chance.id(), parts.chance.secret(), parts.now()];
	const locale = mailLanguage(wanted.language);
	await parts.sql.begin(async (tx) => {
		await addInvitation(tx, {
			...wanted,
			id,
			tokenHash: hashed(token),
			invitedBy: actor.personId,
			at: now,
			expiresAt: new Date(now.getTime() + invitationLifeMs)
		});
		await audited(parts, tx, {
			person: actor.personId,
			act: 'invite',
			subject: { kind: wanted.scopeKind, id: wanted.scopeId },
			detail: { role: wanted.role }
		});
		await parts.mailer.post(tx, {
			to: wanted.email,
			language: locale,
			subject: m.network_mail_invitation_subject({ place: place.name }, { locale }),
			body: m.network_mail_invitation_body(
				{
					name: wanted.name,
					inviter: actor.name,
					place: place.name,
					link: `${parts.env.origin}/invitation/${token}`,
					days: invitationLifeMs / 86_400_000
				},
				{ locale }
			)
		});
	});
	return { id };
}

/** What the page behind an invitation shows; looking changes nothing. */
export async function lookAtInvitation(parts: Inviting, actor: Actor | undefined, input: { token: string }) {
	const found = await invitationByToken(parts.sql, hashed(input.token), parts.now());
	if (!found) throw new Refusal('gone');
	const place = known(await parts.places.find(parts.sql, found.scopeKind, found.scopeId));
	const other = actor !== undefined && (await personByEmail(parts.sql, found.email))?.id !== actor.personId;
	return {
		name: found.name,
		inviter: found.inviter,
		place: place.name,
		role: found.role,
		language: found.language,
		signedInAsOther: other
	};
}

/**
 * Accepts an invitation: holding the link proves the address, so the person is made if new, gets the role, and is
 * signed in. @throws Refusal gone when it was used, withdrawn or is over; conflict when somebody else is signed in
 */
export async function accept(
	parts: Inviting,
	actor: Actor | undefined,
	input: { token: string; userAgent: string | null; timeZone: string }
): Promise<NewSession & { path: string }> {
	return parts.sql.begin(async (tx) => {
		const found = await invitationByToken(tx, hashed(input.token), parts.now());
		if (!found) throw new Refusal('gone');
		const held = await personByEmail(tx, found.email);
		if (actor && held?.id !== actor.personId) throw new Refusal('conflict');
		const now = parts.now();
		const personId =
			held?.id ??
			(await addPerson(tx, {
				id: parts.chance.id(),
				email: found.email,
				name: found.name,
				language: found.language,
				timeZone: input.timeZone,
				at: now
			}));
		if (!personId) throw new Refusal('gone');
		// Two presses at once: the second finds it accepted, and adds nothing.
		if (!(await acceptInvitation(tx, found.id, personId, now))) throw new Refusal('gone');
		const today = dayIn(now, input.timeZone);
		if (found.organisationId)
			await addAffiliation(tx, { personId, organisationId: found.organisationId, function: '', since: today });
		await addRole(tx, {
			id: parts.chance.id(),
			personId,
			role: found.role,
			scopeKind: found.scopeKind,
			scopeId: found.scopeId,
			organisationId: found.organisationId,
			since: today,
			until: null,
			grantedBy: found.invitedBy,
			at: now
		});
		await audited(parts, tx, {
			person: personId,
			act: 'invitation.accept',
			subject: { kind: found.scopeKind, id: found.scopeId },
			detail: { role: found.role }
		});
		await parts.events.announce(tx, 'network.role-changed', { personIds: [personId], by: found.invitedBy });
		await parts.bus.tell(tx, { about: 'rights', people: [personId] });
		const place = known(await parts.places.find(tx, found.scopeKind, found.scopeId));
		// The page of a programme is its leads'; its guests begin where their own list stands.
		const path = found.role === 'guest' && found.scopeKind === 'programme' ? '/progress' : place.path;
		return { ...(await startSession(parts, tx, personId, input.userAgent)), path };
	});
}

async function placeToInviteTo(parts: Inviting, actor: Actor, scopeKind: string, scopeId: string) {
	if (!isId(scopeId)) throw new Refusal('not-found');
	const place = known(await parts.places.find(parts.sql, scopeKind as never, scopeId));
	const refusal = whyNot(actor, 'role.invite', place.standing);
	if (refusal) throw new Refusal(refusal);
	return place;
}

/** Nobody gives a role that is wider than their own: only an admin makes admins and project leads. */
function rolesToGive(actor: Actor, scopeKind: string): Role[] {
	const wide: Role[] = ['admin', 'project-lead', 'observatory-editor'];
	const isAdmin = may(actor, 'audit.read', {});
	return roles.filter((role) => canBeHeldIn(role, scopeKind) && (isAdmin || !wide.includes(role)));
}
