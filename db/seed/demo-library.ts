import { organisationId } from './demo-cities.ts';
import type { Rows } from './demo.sql.ts';
import { seedId } from './id.ts';

// Pledges whose principles are stated (domain.md §9.2), and practices that the programmes name. Turku, Leeds, Malmö,
// Lyon, Ghent, Glasgow and Athens signed pledges too, but their principles are not stated: they have no row.

/** One promise of a pledge. `amountIs` keeps apart what must never be added up. */
interface Measure {
	measure: string;
	target: number | null;
	unit: string | null;
	byWhen: string | null;
	amount: number | null;
	currency: string | null;
	amountIs: 'per-year' | 'in-all' | 'for-a-period' | 'none';
	period: string | null;
}

interface Pledge {
	no: number;
	city: string;
	title: string;
	principles: number[];
	signedOn: string | null;
	signatory: string | null;
	measures: Measure[];
	source: string;
}

const unnumbered = 'number invented for the demo';
const nothingSaid = {
	target: null,
	unit: null,
	byWhen: null,
	amount: null,
	currency: null,
	amountIs: 'none',
	period: null
} as const;

const pledges: Pledge[] = [
	{
		no: 9001,
		city: 'madrid',
		title: 'Reach more long-term unemployed people and open more nurseries',
		principles: [4, 11],
		signedOn: '2018-09-27',
		signatory: 'First deputy mayor',
		measures: [
			{
				...nothingSaid,
				measure: 'Reach more long-term unemployed people',
				target: 3000,
				unit: 'people more',
				amount: 20_000_000,
				currency: 'EUR',
				amountIs: 'in-all'
			},
			{ ...nothingSaid, measure: 'More nurseries', target: 13, unit: 'nurseries more', byWhen: '2019' },
			{ ...nothingSaid, measure: 'More nursery places', target: 10, unit: '% more places', byWhen: '2020' }
		],
		source: `P8; ${unnumbered}; whether the 20 million are in all or a year is not stated`
	},
	{
		no: 9002,
		city: 'stuttgart',
		title: 'Inclusion of people with disabilities',
		principles: [17],
		signedOn: null,
		signatory: null,
		measures: [
			{
				...nothingSaid,
				measure: 'Inclusion of people with disabilities',
				amount: 3_000_000,
				currency: 'EUR',
				amountIs: 'per-year'
			}
		],
		source: `seed 003; ${unnumbered}; day and signatory not stated`
	},
	{
		no: 9003,
		city: 'birmingham',
		title: 'Housing and assistance for the homeless',
		principles: [19],
		signedOn: null,
		signatory: null,
		measures: [
			{
				...nothingSaid,
				measure: 'Housing and assistance for the homeless',
				amount: 9_600_000,
				amountIs: 'for-a-period',
				period: 'two years'
			}
		],
		source: `P5; ${unnumbered}; currency, day and signatory not stated`
	},
	{
		no: 9004,
		city: 'utrecht',
		title: 'Health care',
		principles: [16],
		signedOn: null,
		signatory: null,
		measures: [{ ...nothingSaid, measure: 'Health care' }],
		source: `P5: no amount named; ${unnumbered}; day and signatory not stated`
	}
];

interface Practice {
	slug: string;
	city: string;
	title: string;
	line: string;
	theme: string;
	/** By field of form GF1; only what is known. */
	content: Record<string, string>;
	source: string;
}

const practices: Practice[] = [
	{
		slug: 'camim-schaerbeek',
		city: 'schaerbeek',
		title: 'CAMIM: learning the language, formally and informally',
		line: 'Schaerbeek’s practice of formal and informal language learning.',
		theme: 'Language learning',
		content: {
			what: 'Formal and informal language learning for newcomers, side by side.',
			transfer: 'Jelgava learned from it in IncluCities.'
		},
		source: 'I3'
	},
	{
		slug: 'buddy-scheme-mechelen',
		city: 'mechelen',
		title: 'Buddy scheme',
		line: 'Residents and newcomers as buddies, part of the vision of a «city for all».',
		theme: 'City for all',
		content: {
			what: 'A buddy scheme within the vision of a «city for all».',
			transfer: 'Capaci takes it up under a local name, starting with the easiest target group.',
			advice: 'Promotion offline matters most.'
		},
		source: 'I3, I6'
	},
	{
		slug: 'needs-assessment-brussels',
		city: 'brussels',
		title: 'Gender-aware assessment of migrant residents’ needs',
		line: 'A strategic assessment of what migrant residents need, women and men, and a response to it.',
		theme: 'Needs assessment',
		content: { what: 'Strategic, gender-aware assessment of migrant residents’ needs, and a response.' },
		source: 'I3'
	},
	{
		slug: 'coexistence-board-fuenlabrada',
		city: 'fuenlabrada',
		title: 'Coexistence board',
		line: 'A board on living together; Levadia took up the idea.',
		theme: 'Participation',
		content: { what: 'A board on living together.', transfer: 'Levadia took the idea from Fuenlabrada.' },
		source: 'I9'
	},
	{
		slug: 'decent-work-fuenlabrada',
		city: 'fuenlabrada',
		title: 'Decent work and enterprise for migrants and refugees',
		line: 'Participation tools, programmes with the employment agency, vocational training, events.',
		theme: 'Work and enterprise',
		content: {
			what: 'Participation tools, special programmes with the national employment agency, vocational training, and events.'
		},
		source: 'I3'
	},
	{
		slug: 'language-learning-levadia',
		city: 'levadia',
		title: 'Language learning with HELIOS and ESTIA',
		line: 'Language learning and support; Fuenlabrada took ideas home.',
		theme: 'Language learning',
		content: {
			transfer: 'The mentor learned too: Fuenlabrada took language-learning and HELIOS/ESTIA ideas from Levadia.'
		},
		source: 'I9'
	},
	{
		slug: 'roma-housing-toulouse',
		city: 'toulouse',
		title: 'Access of Roma to adequate housing',
		line: 'The practice that other cities came to Toulouse to transfer.',
		theme: 'Housing',
		content: { what: 'Roma access to adequate housing.' },
		source: 'C7, C8'
	}
];

export function libraryRows(today: Date): Rows {
	return {
		'library.practices': practices.map(({ slug, city, title, line, theme, content, source }) => ({
			id: seedId('practice', slug),
			slug,
			organisation_id: organisationId(city),
			title,
			one_line: line,
			theme,
			principles: [],
			state: 'published',
			language: 'en',
			content,
			published_at: today,
			source: `${source}; principles not stated; day of publication is the demo’s`
		})),
		'library.pledges': pledges.map((pledge) => ({
			id: seedId('pledge', `${pledge.no}`),
			no: pledge.no,
			organisation_id: organisationId(pledge.city),
			title: pledge.title,
			principles: pledge.principles,
			signed_on: pledge.signedOn,
			signatory_function: pledge.signatory,
			language: 'en',
			measures: pledge.measures,
			source: pledge.source
		}))
	};
}
