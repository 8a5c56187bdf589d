import { z } from 'zod';
import { issuesOf, type Parsed } from '../basics/issue.ts';

/** Limits of a sign-in by mail (ASVS 6.5, 6.6). */
export const signInLimits = {
	lifeMs: 10 * 60_000,
	/** Wrong codes until the sign-in is dead, wherever they come from. */
	tries: 5,
	/** Mails one address gets in an hour. */
	mailsAnHour: 6
} as const;

/**
 * An address, brought into the one form we keep: normalised before it is checked, so that look-alike signs cannot
 * pass as an "@" afterwards.
 */
export const emailSchema = z
	.string()
	.max(254)
	.transform((text) => text.normalize('NFKC').trim().toLowerCase())
	.pipe(z.email().max(254));

export function parseEmail(raw: unknown): Parsed<string> {
	const found = z.object({ email: emailSchema }).safeParse({ email: raw === '' || raw === null ? undefined : raw });
	return found.success ? { ok: true, value: found.data.email } : { ok: false, issues: issuesOf(found.error) };
}

/** The code as a person types it, spaces and dashes allowed. */
export function parseCode(raw: unknown): Parsed<string> {
	const digits = typeof raw === 'string' ? raw.replace(/[\s-]/g, '') : '';
	if (digits === '') return { ok: false, issues: [{ field: 'code', code: 'missing' }] };
	return /^\d{8}$/.test(digits)
		? { ok: true, value: digits }
		: { ok: false, issues: [{ field: 'code', code: 'wrong-code' }] };
}
