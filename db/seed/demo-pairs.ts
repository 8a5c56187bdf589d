import { organisationId, organisationOf, zoneOf } from './demo-cities.ts';
import { roleId, roleRow } from './demo-people.ts';
import { programmeId } from './demo-programmes.ts';
import type { Row, Rows } from './demo.sql.ts';
import { seedId } from './id.ts';

// The four schemes of IncluCities (I2, I3), each with one pair, its associations on both sides, and its visits.

type Visit = [host: string, mode: 'online' | 'on-site' | 'hybrid', from: string, to: string, source: string];

interface Pair {
	slug: string;
	mentor: string;
	mentorAssociation: string;
	mentee: string;
	menteeAssociation: string;
	scheme: string;
	theme: string;
	/** The first of needs, the second to refine the plan, the third to review it. */
	visits: [Visit, Visit, Visit];
}

const kickOff = '2020-06-01';
const lastOfPartinico = '2021-03-31';
const firstOfCapaci = '2021-04-01';
const may = 'I1: May 2021, online; days invented for the demo';
const autumn = 'I1: October or November 2021, on site; days and host invented for the demo';
const spring = 'I1: April or May 2022; days, place and mode invented for the demo';

const pairs: Pair[] = [
	{
		slug: 'brussels-saint-jean-de-la-ruelle',
		mentor: 'brussels',
		mentorAssociation: 'brulocalis',
		mentee: 'saint-jean-de-la-ruelle',
		menteeAssociation: 'afccre',
		scheme: 'Needs of migrant residents',
		theme: 'Strategic, gender-aware assessment of migrant residents’ needs and a response',
		visits: [
			['saint-jean-de-la-ruelle', 'online', '2021-05-26', '2021-05-28', may],
			['brussels', 'on-site', '2021-11-16', '2021-11-18', autumn],
			['saint-jean-de-la-ruelle', 'on-site', '2022-05-10', '2022-05-12', spring]
		]
	},
	{
		slug: 'mechelen-capaci',
		mentor: 'mechelen',
		mentorAssociation: 'vvsg',
		mentee: 'capaci',
		menteeAssociation: 'aiccre',
		scheme: 'A city for all',
		theme: 'Vision of a «city for all», with a buddy scheme',
		visits: [
			['capaci', 'online', '2021-05-05', '2021-05-07', may],
			['capaci', 'on-site', '2021-10-04', '2021-10-06', 'I6'],
			['capaci', 'on-site', '2022-04-26', '2022-04-28', spring]
		]
	},
	{
		slug: 'fuenlabrada-levadia',
		mentor: 'fuenlabrada',
		mentorAssociation: 'femp',
		mentee: 'levadia',
		menteeAssociation: 'kede',
		scheme: 'Decent work and enterprise',
		theme: 'Decent work and enterprise for migrants and refugees',
		visits: [
			['levadia', 'online', '2021-05-18', '2021-05-21', 'I5: three half-days, 18, 19 and 21 May 2021'],
			['fuenlabrada', 'on-site', '2021-11-03', '2021-11-05', autumn],
			['levadia', 'on-site', '2022-05-17', '2022-05-19', spring]
		]
	},
	{
		slug: 'schaerbeek-jelgava',
		mentor: 'schaerbeek',
		mentorAssociation: 'brulocalis',
		mentee: 'jelgava',
		menteeAssociation: 'lps',
		scheme: 'Learning the language',
		theme: 'Formal and informal language learning',
		visits: [
			['jelgava', 'online', '2021-05-12', '2021-05-14', 'I4: 12 and 14 May 2021'],
			[
				'schaerbeek',
				'hybrid',
				'2021-10-19',
				'2021-10-20',
				'I7: day 1 on 19 October 2021, day 2 online; the date of day 2 is the demo’s'
			],
			['jelgava', 'on-site', '2022-04-05', '2022-04-07', spring]
		]
	}
];

const visitAims = ['needs, start of the plan', 'refine the plan', 'review of the plan'];

export function pairId(slug: string): string {
	return seedId('pair', slug);
}

export function pairRows(): Rows {
	return {
		'mentoring.schemes': pairs.map((pair, index) => ({
			id: seedId('scheme', pair.slug),
			programme_id: programmeId('inclucities'),
			no: index + 1,
			name: pair.scheme,
			theme: pair.theme,
			source: 'I2, I3; short name invented for the demo'
		})),
		'mentoring.pairs': pairs.map((pair) => ({
			id: pairId(pair.slug),
			scheme_id: seedId('scheme', pair.slug),
			programme_id: programmeId('inclucities'),
			name: nameOf(pair),
			since: kickOff,
			until: null
		})),
		'mentoring.seats': pairs.flatMap(seatsOf),
		'visits.visits': pairs.flatMap((pair) =>
			pair.visits.map(([host, mode, from, to, source], index) => ({
				id: visitId(pair, index),
				programme_id: programmeId('inclucities'),
				host_id: organisationId(host),
				title: `${nameOf(pair)}, visit ${index + 1}: ${visitAims[index]}`,
				kind: 'mentoring-visit',
				mode,
				starts_on: from,
				ends_on: to,
				time_zone: zoneOf(host),
				source
			}))
		),
		'visits.visiting_cities': pairs.flatMap((pair) =>
			pair.visits.map(([host], index) => ({
				visit_id: visitId(pair, index),
				organisation_id: organisationId(host === pair.mentor ? pair.mentee : pair.mentor)
			}))
		),
		'mentoring.pair_visits': pairs.flatMap((pair) =>
			pair.visits.map((_, index) => ({ pair_id: pairId(pair.slug), no: index + 1, visit_id: visitId(pair, index) }))
		),
		'network.roles': pairs.flatMap(rolesOf)
	};
}

function nameOf(pair: Pair): string {
	return `${organisationOf(pair.mentor).name} – ${organisationOf(pair.mentee).name}`;
}

function visitId(pair: Pair, index: number): string {
	return seedId('visit', pair.slug, `${index + 1}`);
}

function seatsOf(pair: Pair): Row[] {
	const mentee =
		pair.mentee === 'capaci'
			? [
					seatRow(
						pair,
						'mentee',
						'partinico',
						kickOff,
						lastOfPartinico,
						'First mentee of the pair; replaced by Capaci (I3). Neither cause nor day is stated: 31 March 2021 is the demo’s.'
					),
					seatRow(
						pair,
						'mentee',
						'capaci',
						firstOfCapaci,
						null,
						'In place of Partinico (I3). The day is not stated: 1 April 2021 is the demo’s.'
					)
				]
			: [seatRow(pair, 'mentee', pair.mentee)];
	return [
		seatRow(pair, 'mentor', pair.mentor),
		...mentee,
		seatRow(pair, 'mentor-association', pair.mentorAssociation),
		seatRow(pair, 'mentee-association', pair.menteeAssociation),
		seatRow(pair, 'facilitator', 'migrationwork')
	];
}

function seatRow(
	pair: Pair,
	seat: string,
	organisation: string,
	since = kickOff,
	until: string | null = null,
	reason: string | null = null
): Row {
	return {
		id: seedId('seat', pair.slug, seat, organisation),
		pair_id: pairId(pair.slug),
		seat,
		organisation_id: organisationId(organisation),
		since,
		until,
		reason
	};
}

function rolesOf(pair: Pair): Row[] {
	const place: [string, string] = ['pair', pair.slug];
	const isCapaci = pair.mentee === 'capaci';
	const menteesSince = isCapaci ? firstOfCapaci : kickOff;
	const roles = [
		roleRow('facilitator@migrationwork.example', 'facilitator', place, kickOff),
		roleRow(`association@${pair.mentorAssociation}.example`, 'association', place, kickOff),
		roleRow(`association@${pair.menteeAssociation}.example`, 'association', place, kickOff),
		roleRow(`mentor@${pair.mentor}.example`, 'mentor', place, kickOff),
		roleRow(`deputy@${pair.mentor}.example`, 'mentor', place, kickOff),
		roleRow(`mentee@${pair.mentee}.example`, 'mentee', place, menteesSince),
		roleRow(`deputy@${pair.mentee}.example`, 'mentee', place, menteesSince)
	];
	if (!isCapaci) return roles;
	const successor = roleId('mentee@capaci.example', 'mentee', place);
	return [
		...roles,
		roleRow('mentee@partinico.example', 'mentee', place, kickOff, lastOfPartinico, successor),
		roleRow('guest@ngo.example', 'guest', place, '2021-10-04')
	];
}
