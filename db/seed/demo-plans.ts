import { organisationId } from './demo-cities.ts';
import { pairId } from './demo-pairs.ts';
import { personId } from './demo-people.ts';
import { type DemoPlan, plans } from './demo-plan-texts.ts';
import type { Rows } from './demo.sql.ts';
import templates from './default-templates.json' with { type: 'json' };
import { seedId } from './id.ts';
import { type WrittenPlan, writePlan } from './plan-document.ts';

/** Two sections of the action plan that are no fields of form AF1: the actions (AF2) and the thread of comments. */
const sectionsBesideForm = ['F Actions', 'N Comments of mentor, other pairs and association'];

/** The headings of an action plan, A to P, as form AF1 words them. */
export const planHeadings: string[] = (templates.forms.find((form) => form.code === 'AF1')?.fields ?? [])
	.map((field) => field.label)
	.filter((label) => /^[A-P] /.test(label))
	.concat(sectionsBesideForm)
	.toSorted();

/** The client ids of a plan's authors are 101, 102 … in the first plan, 201 … in the second. */
const clientIdsAPlan = 100;

export function planRows(): Rows {
	const written = plans.map((plan, index) => ({ plan, ...write(plan, (index + 1) * clientIdsAPlan) }));
	return {
		'mentoring.plans': plans.map((plan) => ({
			id: planId(plan.pair),
			pair_id: pairId(plan.pair),
			owner_id: organisationId(plan.owner),
			title: plan.title,
			language: 'en',
			created_at: new Date(plan.startedAt)
		})),
		'mentoring.plan_sections': written.flatMap(({ plan, sections }) =>
			sections.map(({ heading, words }, index) => ({ plan_id: planId(plan.pair), no: index + 1, heading, words }))
		),
		'collaboration.documents': written.map(({ plan, updates }) => ({
			id: documentId(plan.pair),
			kind: 'action-plan',
			subject_id: planId(plan.pair),
			epoch: seedId('epoch', 'plan', plan.pair),
			head_seq: updates.length,
			projected_seq: updates.length,
			dirty_at: null,
			bytes: updates.reduce((sum, { data }) => sum + data.length, 0),
			created_at: new Date(plan.startedAt),
			frozen_at: null
		})),
		'collaboration.updates': written.flatMap(({ plan, updates }) =>
			updates.map(({ author, at, data }, index) => ({
				document_id: documentId(plan.pair),
				seq: index + 1,
				message_id: seedId('message', 'plan', plan.pair, `${index + 1}`),
				person_id: personId(plan.authors[author] ?? ''),
				at,
				data: Buffer.from(data)
			}))
		),
		'collaboration.client_ids': written.flatMap(({ plan, clientIds }) =>
			clientIds.map((clientId, author) => ({
				document_id: documentId(plan.pair),
				client_id: clientId,
				person_id: personId(plan.authors[author] ?? '')
			}))
		)
	};
}

function planId(pair: string): string {
	return seedId('plan', pair);
}

function documentId(pair: string): string {
	return seedId('document', 'plan', pair);
}

function write(plan: DemoPlan, base: number): WrittenPlan {
	const clientIds = plan.authors.map((_, author) => base + author + 1);
	const entries = plan.texts.map(([letter, author, at, passages]) => ({
		heading: headingOf(letter),
		author,
		at: new Date(at),
		passages
	}));
	return writePlan(planHeadings, clientIds, new Date(plan.startedAt), entries);
}

function headingOf(letter: string): string {
	const heading = planHeadings.find((known) => known.startsWith(`${letter} `));
	if (!heading) throw new Error(`The action plan has no section ${letter}.`);
	return heading;
}
