import { z } from 'zod';
import { isId } from '../basics/id.ts';
import { issuesOf, type Parsed } from '../basics/issue.ts';
import { storable } from '../basics/words.ts';
import { interfaceLanguages } from '../basics/language.ts';
import { canBeHeldIn, isRole, type Role, type ScopeKind, scopeKinds } from './role.ts';
import { emailSchema } from './sign-in.ts';

export const invitationLifeMs = 14 * 86_400_000;

export interface InvitationInput {
	email: string;
	name: string;
	language: (typeof interfaceLanguages)[number];
	role: Role;
	scopeKind: ScopeKind;
	scopeId: string;
	organisationId: string | null;
}

const schema = z.object({
	email: emailSchema,
	name: z.string().transform(storable).pipe(z.string().trim().min(1).max(200)),
	language: z.enum(interfaceLanguages),
	role: z.custom<Role>(isRole),
	scopeKind: z.enum(scopeKinds),
	scopeId: z.custom<string>(isId),
	organisationId: z.custom<string>(isId).nullable()
});

export function parseInvitation(raw: unknown): Parsed<InvitationInput> {
	const found = schema.safeParse(raw);
	if (!found.success) return { ok: false, issues: issuesOf(found.error) };
	// A role that cannot be held in that kind of place is no typing mistake: the form never offers it.
	if (!canBeHeldIn(found.data.role, found.data.scopeKind))
		return { ok: false, issues: [{ field: 'role', code: 'not-an-option' }] };
	return { ok: true, value: found.data };
}
