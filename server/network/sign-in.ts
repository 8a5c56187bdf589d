import type { Issue } from '#domain/basics/issue.ts';
import { Refusal } from '#domain/basics/refusal.ts';
import { isId } from '#domain/basics/id.ts';
import { parseCode, parseEmail, signInLimits } from '#domain/network/sign-in.ts';
import { m } from '#messages/compiled/messages.js';
import { hashed, isSame } from '../basics/chance.ts';
import type { Tx } from '../basics/database.ts';
import type { Parts } from '../basics/parts.ts';
import { audited } from './audit.ts';
import { startSession, type NewSession } from './sessions.ts';
import { addSignIn, countMails, lockAddress, personByEmail, signInByLink, tryCode, useSignIn } from './sign-in.sql.ts';
import { mailLanguage } from './mail-language.ts';

export interface AskedSignIn {
	/** What the asking browser keeps as a cookie: `id.secret`. */
	browserToken: string;
	expiresAt: Date;
}

/**
 * Sends a link and a code, if the address is known; the answer is the same if it is not, and if it has had too many.
 */
export async function askSignIn(parts: Parts, input: { email: unknown }): Promise<AskedSignIn | { issues: Issue[] }> {
	const email = parseEmail(input.email);
	if (!email.ok) return { issues: email.issues };
	const { chance } = parts;
	const now = parts.now();
	const [id, browser, code, link] = [chance.id(), chance.secret(), chance.code(), chance.secret()];
	const expiresAt = new Date(now.getTime() + signInLimits.lifeMs);
	await parts.sql.begin(async (tx) => {
		await lockAddress(tx, email.value);
		const person = await personByEmail(tx, email.value);
		const tooMany =
			(await countMails(tx, email.value, new Date(now.getTime() - 3_600_000))) >= signInLimits.mailsAnHour;
		await addSignIn(tx, {
			id,
			email: email.value,
			personId: person?.id ?? null,
			browserHash: hashed(browser),
			codeHash: hashed(id + code),
			linkHash: hashed(link),
			at: now,
			// Without a mail nobody can know its code: it is over at once, and does not count as a mail.
			expiresAt: tooMany ? now : expiresAt
		});
		if (!person || tooMany) return;
		const locale = mailLanguage(person.language);
		const spaced = `${code.slice(0, 4)} ${code.slice(4)}`;
		await parts.mailer.post(tx, {
			to: email.value,
			language: locale,
			subject: m.network_mail_sign_in_subject({ code: spaced }, { locale }),
			body: m.network_mail_sign_in_body(
				{
					name: person.name,
					code: spaced,
					link: `${parts.env.origin}/sign-in/link/${link}`,
					minutes: signInLimits.lifeMs / 60_000
				},
				{ locale }
			)
		});
	});
	return { browserToken: `${id}.${browser}`, expiresAt };
}

/** Signs in with the typed code, in the browser that asked. Each wrong one counts, and five end it. */
export async function signInWithCode(
	parts: Parts,
	input: { browserToken: string | undefined; code: unknown; userAgent: string | null }
): Promise<NewSession | { issues: Issue[] }> {
	const code = parseCode(input.code);
	if (!code.ok) return { issues: code.issues };
	const asked = readBrowserToken(input.browserToken);
	// Counted before it is compared, outside the transaction that would undo it; two tries at once count as two.
	const row = asked && (await tryCode(parts.sql, asked.id, hashed(asked.secret), signInLimits.tries, parts.now()));
	if (!asked || !row || !isSame(row.codeHash, hashed(asked.id + code.value)) || !row.personId) return wrong('code');
	return parts.sql.begin((tx) => finish(parts, tx, asked.id, input.userAgent));
}

/** What the page behind a link shows; looking never uses it, because mail scanners look too. */
export async function lookAtLink(
	parts: Parts,
	input: { link: string; browserToken: string | undefined }
): Promise<{ here: boolean }> {
	const row = await signInByLink(parts.sql, hashed(input.link), signInLimits.tries, parts.now());
	if (!row) throw new Refusal('gone');
	return { here: isAskedHere(row, input.browserToken) };
}

/** Signs in with the link, when the button is pressed in the browser that asked. */
export async function signInWithLink(
	parts: Parts,
	input: { link: string; browserToken: string | undefined; userAgent: string | null }
): Promise<NewSession> {
	return parts.sql.begin(async (tx) => {
		const row = await signInByLink(tx, hashed(input.link), signInLimits.tries, parts.now());
		if (!row?.personId || !isAskedHere(row, input.browserToken)) throw new Refusal('gone');
		const done = await finish(parts, tx, row.id, input.userAgent);
		if ('issues' in done) throw new Refusal('gone');
		return done;
	});
}

async function finish(
	parts: Parts,
	tx: Tx,
	id: string,
	userAgent: string | null
): Promise<NewSession | { issues: Issue[] }> {
	// Of fifty presses at once exactly one gets a row back.
	const personId = await useSignIn(tx, id, parts.now());
	if (!personId) return wrong('code');
	await audited(parts, tx, { person: personId, act: 'sign-in', subject: { kind: 'person', id: personId } });
	return startSession(parts, tx, personId, userAgent);
}

function wrong(field: string): { issues: Issue[] } {
	return { issues: [{ field, code: 'wrong-code' }] };
}

function readBrowserToken(token: string | undefined): { id: string; secret: string } | undefined {
	const [id, secret] = (token ?? '').split('.');
	return isId(id) && secret ? { id, secret } : undefined;
}

function isAskedHere(row: { id: string; browserHash: Buffer }, token: string | undefined): boolean {
	const asked = readBrowserToken(token);
	return asked?.id === row.id && isSame(row.browserHash, hashed(asked.secret));
}
