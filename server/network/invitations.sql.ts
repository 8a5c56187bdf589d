import type { Role, ScopeKind } from '#domain/network/role.ts';
import type { InvitationInput } from '#domain/network/invitation.ts';
import type { Db, Tx } from '../basics/database.ts';

export const addInvitation = (
	tx: Tx,
	given: InvitationInput & { id: string; tokenHash: Buffer; invitedBy: string; at: Date; expiresAt: Date }
) => tx`
	insert into network.invitations (id, token_hash, email, name, language, role, scope_kind, scope_id, organisation_id,
		invited_by, created_at, expires_at)
	values (${given.id}, ${given.tokenHash}, ${given.email}, ${given.name}, ${given.language}, ${given.role},
		${given.scopeKind}, ${given.scopeId}, ${given.organisationId}, ${given.invitedBy}, ${given.at}, ${given.expiresAt})`;

interface InvitationRow {
	id: string;
	email: string;
	name: string;
	language: string;
	role: Role;
	scopeKind: ScopeKind;
	scopeId: string;
	organisationId: string | null;
	invitedBy: string;
	inviter: string;
}

export const invitationByToken = async (db: Db, tokenHash: Buffer, now: Date): Promise<InvitationRow | undefined> => {
	const [row] = await db<InvitationRow[]>`
		select i.id, i.email, i.name, i.language, i.role, i.scope_kind as "scopeKind", i.scope_id as "scopeId",
			i.organisation_id as "organisationId", i.invited_by as "invitedBy", p.name as inviter
		from network.invitations i join network.people p on p.id = i.invited_by
		where i.token_hash = ${tokenHash} and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > ${now}`;
	return row;
};

/** Once: the condition is in the statement, so of two at the same time one gets nothing. */
export const acceptInvitation = async (tx: Tx, id: string, personId: string, at: Date): Promise<boolean> => {
	const rows = await tx`
		update network.invitations set accepted_at = ${at}, accepted_by = ${personId}
		where id = ${id} and accepted_at is null and withdrawn_at is null returning id`;
	return rows.length > 0;
};

export const openInvitations = (db: Db, scopeId: string, now: Date) => db<
	{ id: string; name: string; role: Role; createdAt: Date }[]
>`
	select id, name, role, created_at as "createdAt" from network.invitations
	where scope_id = ${scopeId} and accepted_at is null and withdrawn_at is null and expires_at > ${now}
	order by created_at desc limit 100`;

export const isOrganisation = async (db: Db, id: string): Promise<boolean> =>
	(await db`select from network.organisations where id = ${id}`).length > 0;

/**
 * Makes a person; an address that came in at the same moment keeps the first one. Nothing for somebody who was
 * deactivated: that is not undone on the way.
 */
export const addPerson = async (
	tx: Tx,
	person: { id: string; email: string; name: string; language: string; timeZone: string; at: Date }
): Promise<string | undefined> => {
	const [row] = await tx<{ id: string }[]>`
		insert into network.people (id, name, email, language, time_zone, created_at)
		values (${person.id}, ${person.name}, ${person.email}, ${person.language}, ${person.timeZone}, ${person.at})
		on conflict (email) do update set email = excluded.email where people.deactivated_at is null returning id`;
	return row?.id;
};

export const addAffiliation = (
	tx: Tx,
	held: { personId: string; organisationId: string; function: string; since: string }
) => tx`
	insert into network.affiliations (person_id, organisation_id, function, since)
	values (${held.personId}, ${held.organisationId}, ${held.function}, ${held.since})
	on conflict do nothing`;

/** A role that is held already stays as it is: the unique index says so, not a look before the leap. */
export const addRole = async (
	tx: Tx,
	role: {
		id: string;
		personId: string;
		role: Role;
		scopeKind: ScopeKind;
		scopeId: string;
		organisationId: string | null;
		since: string;
		until: string | null;
		grantedBy: string | null;
		at: Date;
	}
): Promise<boolean> => {
	const rows = await tx`
		insert into network.roles (id, person_id, role, scope_kind, scope_id, organisation_id, since, until, granted_by, granted_at)
		values (${role.id}, ${role.personId}, ${role.role}, ${role.scopeKind}, ${role.scopeId}, ${role.organisationId},
			${role.since}, ${role.until}, ${role.grantedBy}, ${role.at})
		on conflict do nothing returning id`;
	return rows.length > 0;
};
