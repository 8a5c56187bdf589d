import { dayIn } from '#domain/basics/day.ts';
import type { Issue } from '#domain/basics/issue.ts';
import { storable } from '#domain/basics/words.ts';
import { Refusal } from '#domain/basics/refusal.ts';
import { parseEmail } from '#domain/network/sign-in.ts';
import { hashed, isSame } from '../basics/chance.ts';
import type { Parts } from '../basics/parts.ts';
import { readSetting, removeSetting, writeSetting } from '../basics/settings.sql.ts';
import { audited } from './audit.ts';
import { hasAdmin } from './first-admin.sql.ts';
import { addPerson, addRole } from './invitations.sql.ts';
import { startSession, type NewSession } from './sessions.ts';

const setting = 'first-admin-secret-hash';

/**
 * A one-time secret for the first admin, made at a start where nobody is admin; only its hash is kept, so a later start
 * makes a new one. @returns the secret to print on the console, or `undefined` when there is an admin
 */
export async function offerFirstAdmin(parts: Parts): Promise<string | undefined> {
	if (await hasAdmin(parts.sql, dayIn(parts.now(), 'UTC'))) {
		// One that was printed before somebody became admin in another way must not be good for ever.
		await removeSetting(parts.sql, setting);
		return undefined;
	}
	const secret = parts.chance.secret();
	await writeSetting(parts.sql, setting, hashed(secret).toString('hex'));
	return secret;
}

export async function isFirstAdminOpen(parts: Parts): Promise<boolean> {
	return (await readSetting(parts.sql, setting)) !== undefined;
}

/**
 * Makes the first admin of somebody who can read the console. Works once.
 * @throws Refusal gone afterwards, and where somebody is admin already; conflict for somebody who was deactivated
 */
export async function becomeFirstAdmin(
	parts: Parts,
	input: { secret: unknown; email: unknown; name: unknown; userAgent: string | null; timeZone: string }
): Promise<NewSession | { issues: Issue[] }> {
	const email = parseEmail(input.email);
	const name = typeof input.name === 'string' ? storable(input.name).trim().slice(0, 200) : '';
	const issues: Issue[] = [
		...(email.ok ? [] : email.issues),
		...(name ? [] : [{ field: 'name', code: 'missing' as const }])
	];
	const stored = await readSetting<string>(parts.sql, setting);
	if (stored === undefined) throw new Refusal('gone');
	const given = hashed(typeof input.secret === 'string' ? input.secret.trim() : '');
	if (!isSame(given, Buffer.from(stored, 'hex'))) issues.push({ field: 'secret', code: 'wrong-code' });
	if (!email.ok || issues.length > 0) return { issues };
	return parts.sql.begin(async (tx) => {
		// Whoever takes the row away first is the first admin.
		if (!(await removeSetting(tx, setting))) throw new Refusal('gone');
		const now = parts.now();
		if (await hasAdmin(tx, dayIn(now, 'UTC'))) throw new Refusal('gone');
		const personId = await addPerson(tx, {
			id: parts.chance.id(),
			email: email.value,
			name,
			language: 'en',
			timeZone: input.timeZone,
			at: now
		});
		if (!personId) throw new Refusal('conflict');
		await addRole(tx, {
			id: parts.chance.id(),
			personId,
			role: 'admin',
			scopeKind: 'network',
			scopeId: networkId,
			organisationId: null,
			since: dayIn(now, input.timeZone),
			until: null,
			grantedBy: null,
			at: now
		});
		await audited(parts, tx, { person: personId, act: 'first-admin', subject: { kind: 'person', id: personId } });
		return startSession(parts, tx, personId, input.userAgent);
	});
}

/** One installation is one network; its id is the same everywhere, so that a backup fits any place. */
const networkId = '00000000-0000-8000-8000-000000000001';
