import { whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import { Refusal } from '#domain/basics/refusal.ts';
import type { Db } from '../basics/database.ts';
import type { Parts } from '../basics/parts.ts';
import { addAudit, auditRows } from './audit.sql.ts';

export interface Deed {
	person: string | null;
	act: string;
	subject: { kind: string; id: string };
	result?: 'done' | 'refused';
	detail?: Record<string, unknown>;
}

/** One row in the audit trail; in the transaction of the deed, so that there is none without the other. */
export function audited(parts: Pick<Parts, 'now'>, db: Db, deed: Deed): Promise<unknown> {
	return addAudit(db, { at: parts.now(), result: 'done', detail: {}, ...deed });
}

const pageSize = 50;

/** The audit trail, newest first. @throws Refusal for everybody but admins */
export async function readAudit(parts: Parts, actor: Actor, input: { before?: number }) {
	const refusal = whyNot(actor, 'audit.read', {});
	if (refusal) throw new Refusal(refusal);
	const rows = await auditRows(parts.sql, input.before ?? null, pageSize + 1);
	return { rows: rows.slice(0, pageSize), next: rows.length > pageSize ? rows[pageSize - 1]!.id : null };
}

/**
 * Leaves a row when somebody who is signed in was refused at a page, action or endpoint. Whether the thing is there is
 * not looked up: guessing ids is what the operator wants to see, too.
 */
export async function noteRefusal(
	parts: Parts,
	actor: Actor,
	input: { useCase: string; subject: string }
): Promise<void> {
	await audited(parts, parts.sql, {
		person: actor.personId,
		act: input.useCase,
		subject: { kind: 'refused', id: input.subject.slice(0, 100) },
		result: 'refused'
	});
}
