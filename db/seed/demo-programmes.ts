import { organisationId, organisationOf } from './demo-cities.ts';
import type { Rows } from './demo.sql.ts';
import { seedId } from './id.ts';

// Observatories with the dates of their membership, and the two programmes of the demo with what happened in them.

interface Membership {
	city: string;
	since: string;
	until: string | null;
	source: string;
}

const pilot = 'O3: pilot March 2009 to August 2010';
const nine = 'seed 000: the nine of 2010-11; month of the start not stated, the one after the pilot is the demo’s';
const open = 'end not stated';

/** One row a city and unbroken membership; who was in the pilot and stayed has one row from 2009. */
const memberships: Membership[] = [
	{ city: 'bologna', since: '2009-03-01', until: null, source: `${pilot}; seed 000; ${open}` },
	{ city: 'prague', since: '2009-03-01', until: '2010-08-31', source: pilot },
	{ city: 'rotterdam', since: '2009-03-01', until: null, source: `${pilot}; seed 000; ${open}` },
	{ city: 'southampton', since: '2009-03-01', until: '2010-08-31', source: pilot },
	{ city: 'turku', since: '2009-03-01', until: '2010-08-31', source: pilot },
	{ city: 'birmingham', since: '2010-09-01', until: null, source: `${nine}; ${open}` },
	{ city: 'brno', since: '2010-09-01', until: null, source: `${nine}; ${open}` },
	{ city: 'copenhagen', since: '2010-09-01', until: null, source: `${nine}; ${open}` },
	{
		city: 'cracow',
		since: '2010-09-01',
		until: '2012-12-31',
		source: `${nine}; seed 001: gone by 2013, day not stated`
	},
	{ city: 'lille-roubaix', since: '2010-09-01', until: null, source: `${nine}; ${open}` },
	{ city: 'sofia', since: '2010-09-01', until: null, source: `${nine}; ${open}` },
	{ city: 'stockholm', since: '2010-09-01', until: null, source: `${nine}; ${open}` },
	{
		city: 'barcelona',
		since: '2013-01-01',
		until: null,
		source: `seed 001: 2013, in place of Cracow; day not stated; ${open}`
	}
];

interface Programme {
	slug: string;
	name: string;
	aim: string;
	funder: string;
	statement: string;
	ledBy: string;
	since: string;
	until: string | null;
	source: string;
	events: [from: string, to: string, title: string, source: string][];
}

const programmes: Programme[] = [
	{
		slug: 'inclucities',
		name: 'IncluCities',
		aim: 'Scale up good practice in the inclusion of migrants by city-to-city mentoring, link it to EU decisions, and end in concrete action plans.',
		funder: 'AMIF',
		statement: 'This project has received funding from the European Union’s Asylum, Migration and Integration Fund.',
		ledBy: 'cemr',
		since: '2020-06-01',
		until: '2023-03-31',
		source:
			'seed 004, I1, I10; days of start and end are the demo’s (stated: June 2020, March 2023); wording of the funder statement invented for the demo',
		events: [
			['2020-06-01', '2020-06-30', 'Kick-off: pairing and scope', 'I1'],
			['2020-10-01', '2020-10-31', 'Benchmarks, key factors, local support networks', 'I1'],
			['2020-12-01', '2020-12-31', 'Online training of mentors', 'I1'],
			['2021-03-01', '2021-03-31', 'Steering committee', 'I1'],
			['2021-05-01', '2021-05-31', 'Four online study visits: needs, start of the action plans', 'I1'],
			['2021-06-01', '2021-06-30', 'Refugee-week campaign', 'I1'],
			['2021-10-01', '2021-10-31', 'Steering committee', 'I1'],
			['2021-10-01', '2021-11-30', 'Second visits on site: plans consolidated', 'I1'],
			['2022-02-01', '2022-02-28', 'Transversal workshops', 'I1'],
			['2022-04-01', '2022-05-31', 'Third visits: review of all plans', 'I1'],
			['2022-06-01', '2022-06-30', 'Refugee week', 'I1'],
			['2022-11-10', '2022-11-11', 'Training academy in Madrid', 'I1, I9'],
			['2022-12-07', '2022-12-08', 'Training academy in Brussels', 'I1, I9'],
			['2022-12-15', '2022-12-15', 'Training academy in Mechelen', 'I1, I9'],
			['2023-03-01', '2023-03-31', 'Final conference', 'I1, I10']
		]
	},
	{
		slug: 'working-groups',
		name: 'EUROCITIES working groups: critical friend reviews',
		aim: 'Cities look at each other’s strategies, measures, projects and practices as critical friends, and the host improves by their feedback.',
		funder: 'EaSI',
		statement:
			'This activity received support from the European Union Programme for Employment and Social Innovation (EaSI).',
		ledBy: 'eurocities',
		since: '2016-01-01',
		until: null,
		source:
			'seed 002, C1, C2 (critical friend reviews from 2016; day not stated); wording of the funder statement and the open end invented for the demo',
		events: [
			['2017-11-08', '2017-11-10', 'Critical friend review in Munich, as it really took place', 'C3'],
			['2018-06-12', '2018-06-14', 'Critical friend review in Timișoara: Roma inclusion', 'C5'],
			['2018-10-01', '2018-10-31', 'Handbook on critical friend reviews published', 'seed 002, C1'],
			['2019-02-21', '2019-02-21', 'City pledges launched in the European Parliament, with 21 cities', 'P2'],
			[
				'2019-04-09',
				'2019-04-10',
				'Policy transfer in Toulouse: Roma access to adequate housing',
				'C7 (days), C8 (year)'
			],
			['2019-10-01', '2019-10-31', 'Eleven more pledges at the Social Affairs Forum in Warsaw', 'P1, P5']
		]
	}
];

export function programmeId(slug: string): string {
	return seedId('programme', slug);
}

export function programmeRows(): Rows {
	return {
		'network.observatories': memberships.map(({ city, since, until, source }) => ({
			id: seedId('observatory', city),
			slug: city,
			name: `${organisationOf(city).name} observatory`,
			organisation_id: organisationId(city),
			country: organisationOf(city).country,
			languages: organisationOf(city).languages,
			since,
			until,
			source
		})),
		'network.programmes': programmes.map((programme) => ({
			id: programmeId(programme.slug),
			slug: programme.slug,
			name: programme.name,
			aim: programme.aim,
			funder: programme.funder,
			funder_statement: programme.statement,
			led_by: organisationId(programme.ledBy),
			language: 'en',
			since: programme.since,
			until: programme.until,
			source: programme.source
		})),
		'network.programme_events': programmes.flatMap((programme) =>
			programme.events.map(([from, to, title, source]) => ({
				id: seedId('programme-event', programme.slug, from, title),
				programme_id: programmeId(programme.slug),
				starts_on: from,
				ends_on: to,
				title,
				source
			}))
		)
	};
}
