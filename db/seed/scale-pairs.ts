import { addDays, dayIn, momentOf } from './day.ts';
import type { Rows } from './demo.sql.ts';
import { seedId } from './id.ts';
import { cityName, type Place, type ScaleBlock, scaleProgramme, scaleZone } from './scale-block.ts';
import type { PlanVariant } from './scale-texts.ts';

/** The mentor's two people and the mentee's two people of each pair. */
const pairsABlock: { mentor: Place[]; mentee: Place[] }[] = [
	{ mentor: peopleOf(1, 2, 3), mentee: peopleOf(2, 9, 10) },
	{ mentor: peopleOf(1, 4, 5), mentee: peopleOf(3, 9, 10) },
	{ mentor: peopleOf(1, 6, 7), mentee: peopleOf(4, 9, 10) },
	{ mentor: peopleOf(5, 9, 10), mentee: peopleOf(6, 9, 10) }
];

function peopleOf(city: number, ...people: number[]): Place[] {
	return people.map((person) => [city, person]);
}

/** Four pairs of a block, each with an action plan and its live document. */
export function pairRowsOf(block: ScaleBlock, variants: PlanVariant[]): Rows {
	const since = addDays(dayIn(block.today, scaleZone), -700);
	const all = pairsABlock.map((pair, index) => {
		const slug = block.name('pair', index + 1);
		const variant = variants[(block.no * pairsABlock.length + index) % variants.length];
		const [mentor] = pair.mentor;
		const [writer] = pair.mentee;
		if (!variant || !mentor || !writer) throw new Error('A pair of the block lacks a plan or people.');
		return {
			...pair,
			slug,
			variant,
			mentorCity: block.city(mentor[0]),
			menteeCity: block.city(writer[0]),
			writer: block.person(writer),
			id: seedId('pair', slug),
			plan: seedId('plan', slug),
			document: seedId('document', 'plan', slug)
		};
	});
	const scheme = seedId('scheme', block.name());
	return {
		'mentoring.schemes': [
			{
				id: scheme,
				programme_id: scaleProgramme,
				no: block.no,
				name: `Scheme ${block.no}`,
				theme: 'Learning from each other',
				source: 'invented for the demo'
			}
		],
		'mentoring.pairs': all.map(({ id, mentorCity, menteeCity }) => ({
			id,
			scheme_id: scheme,
			programme_id: scaleProgramme,
			name: `${cityName(mentorCity)} – ${cityName(menteeCity)}`,
			since,
			until: null
		})),
		'mentoring.seats': all.flatMap(({ id, slug, mentorCity, menteeCity }) =>
			[
				['mentor', mentorCity],
				['mentee', menteeCity],
				['facilitator', 'migrationwork']
			].map(([seat = '', organisation = '']) => ({
				id: seedId('seat', slug, seat, organisation),
				pair_id: id,
				seat,
				organisation_id: seedId('organisation', organisation),
				since,
				until: null,
				reason: null
			}))
		),
		'mentoring.plans': all.map(({ id, plan, menteeCity }) => ({
			id: plan,
			pair_id: id,
			owner_id: seedId('organisation', menteeCity),
			title: `Action plan of ${cityName(menteeCity)}`,
			language: 'en',
			created_at: momentOf(since, '09:00', scaleZone)
		})),
		'mentoring.plan_sections': all.flatMap(({ plan, variant }) =>
			variant.sections.map(({ heading, words }, index) => ({ plan_id: plan, no: index + 1, heading, words }))
		),
		'collaboration.documents': all.map(({ slug, plan, document, variant }) => ({
			id: document,
			kind: 'action-plan',
			subject_id: plan,
			epoch: seedId('epoch', 'plan', slug),
			head_seq: 1,
			projected_seq: 1,
			dirty_at: null,
			bytes: variant.data.length,
			created_at: momentOf(since, '09:00', scaleZone),
			frozen_at: null
		})),
		'collaboration.updates': all.map(({ slug, document, writer, variant }) => ({
			document_id: document,
			seq: 1,
			message_id: seedId('message', 'plan', slug, '1'),
			person_id: writer,
			at: momentOf(since, '12:00', scaleZone),
			data: Buffer.from(variant.data)
		})),
		'collaboration.client_ids': all.map(({ document, writer, variant }) => ({
			document_id: document,
			client_id: variant.clientId,
			person_id: writer
		})),
		'network.roles': all.flatMap(({ id, mentor, mentee }) => [
			...mentor.map((place) => block.role(place, 'mentor', 'pair', id, since)),
			...mentee.map((place) => block.role(place, 'mentee', 'pair', id, since))
		])
	};
}
