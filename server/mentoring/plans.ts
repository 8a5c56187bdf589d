import { known, Refusal } from '#domain/basics/refusal.ts';
import { changesBetween } from '#domain/mentoring/plan-change.ts';
import { type PlanSection, sectionsOf } from '#domain/mentoring/plan-text.ts';
import { may, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Parts } from '../basics/parts.ts';
import { documentFor } from '../collaboration/documents.ts';
import type { DocumentKind } from '../collaboration/kinds.ts';
import {
	addPlanChange,
	openChange,
	planById,
	recentChanges,
	replaceSections,
	sectionRows,
	widenChange
} from './plans.sql.ts';

export const planDocument = 'action-plan';

/** Changes of one section this close together are one line on the programme page. */
const sittingMs = 10 * 60_000;

/** A plan to read or write: its facts, its document, and its text as rows for those whose browser shows no editor. */
export async function plan(parts: Parts, actor: Actor, input: { planId: string }) {
	const held = known(await planById(parts.sql, input.planId));
	const standing = { pair: held.pairId, programme: held.programmeId };
	const refusal = whyNot(actor, 'plan.read', standing);
	if (refusal) throw new Refusal(refusal);
	const document = await documentFor(parts.sql, planDocument, held.id);
	return {
		plan: held,
		documentId: document.id,
		mayWrite: may(actor, 'plan.write', standing),
		sections: await sectionRows(parts.sql, held.id),
		changes: await recentChanges(parts.sql, held.id, 10)
	};
}

/** The action plan as a live document; its sections become rows, and what changed is told. */
export function planDocumentKind(parts: Pick<Parts, 'events' | 'chance'>): DocumentKind {
	return {
		kind: planDocument,
		read: 'plan.read',
		write: 'plan.write',
		async standing(db, subjectId) {
			const held = await planById(db, subjectId);
			return held && { pair: held.pairId, programme: held.programmeId };
		},
		async project(tx, { subjectId, doc, fromSeq, uptoSeq, people, lastAt }) {
			const held = known(await planById(tx, subjectId));
			const before: PlanSection[] = await sectionRows(tx, subjectId);
			const after = sectionsOf(doc);
			await replaceSections(tx, subjectId, after);
			const changeIds: string[] = [];
			for (const change of changesBetween(before, after)) {
				// Somebody who types for half an hour is one line, not two hundred.
				const open = await openChange(tx, subjectId, change.heading, new Date(lastAt.getTime() - sittingMs));
				const fresh = { ...change, people, fromSeq, uptoSeq, at: lastAt };
				if (open) {
					await widenChange(tx, open.id, fresh);
					changeIds.push(open.id);
				} else {
					const id = parts.chance.id();
					await addPlanChange(tx, { id, planId: subjectId, programmeId: held.programmeId, ...fresh });
					changeIds.push(id);
				}
			}
			if (changeIds.length > 0)
				await parts.events.announce(tx, 'mentoring.plan-changed', {
					planId: subjectId,
					programmeId: held.programmeId,
					changeIds
				});
		}
	};
}
