import type { Rows } from './demo.sql.ts';
import { seedId } from './id.ts';

// The city administrations, associations and experts of the demo network. `source` names the page of domain.md §14
// that states their part in a network; populations are round numbers of general knowledge and say so in their row.

interface Organisation {
	slug: string;
	kind: 'city' | 'association' | 'secretariat' | 'expert-partner';
	name: string;
	shortName?: string;
	country: string;
	languages: string[];
	/** People and the year they were counted. */
	population?: [people: number, year: number];
	about?: string;
	source: string;
}

export const timeZones: Record<string, string> = {
	BE: 'Europe/Brussels',
	BG: 'Europe/Sofia',
	CZ: 'Europe/Prague',
	DE: 'Europe/Berlin',
	DK: 'Europe/Copenhagen',
	ES: 'Europe/Madrid',
	FI: 'Europe/Helsinki',
	FR: 'Europe/Paris',
	GB: 'Europe/London',
	GR: 'Europe/Athens',
	IT: 'Europe/Rome',
	LV: 'Europe/Riga',
	NL: 'Europe/Amsterdam',
	PL: 'Europe/Warsaw',
	RO: 'Europe/Bucharest',
	SE: 'Europe/Stockholm'
};

function city(
	slug: string,
	name: string,
	country: string,
	languages: string[],
	population: [people: number, year: number],
	source: string,
	about?: string
): Organisation {
	return { slug, kind: 'city', name, country, languages, population, source, about };
}

const organisations: Organisation[] = [
	{
		slug: 'eurocities',
		kind: 'secretariat',
		name: 'EUROCITIES',
		country: 'BE',
		languages: ['en'],
		about: 'Network of cities; coordinated the observatories and runs the working groups.',
		source: 'seed 000, seed 002; country: general knowledge'
	},
	{
		slug: 'cemr',
		kind: 'association',
		name: 'Council of European Municipalities and Regions',
		shortName: 'CEMR',
		country: 'BE',
		languages: ['en', 'fr'],
		about: 'Led IncluCities.',
		source: 'seed 004, I10; full name and country: general knowledge'
	},
	{
		slug: 'migrationwork',
		kind: 'expert-partner',
		name: 'MigrationWork',
		country: 'GB',
		languages: ['en'],
		about: 'Facilitates mentoring and supports plans with stakeholders.',
		source: 'I2; country: general knowledge'
	},
	association(
		'brulocalis',
		'Association de la Ville et des Communes de la Région de Bruxelles-Capitale',
		'Brulocalis',
		'BE',
		['fr', 'nl']
	),
	association('afccre', 'Association française du Conseil des communes et régions d’Europe', 'AFCCRE', 'FR', ['fr']),
	association('vvsg', 'Vereniging van Vlaamse Steden en Gemeenten', 'VVSG', 'BE', ['nl']),
	association('aiccre', 'Associazione italiana per il Consiglio dei Comuni e delle Regioni d’Europa', 'AICCRE', 'IT', [
		'it'
	]),
	association('femp', 'Federación Española de Municipios y Provincias', 'FEMP', 'ES', ['es']),
	association('kede', 'Central Union of Municipalities of Greece', 'KEDE', 'GR', ['el']),
	association('lps', 'Latvijas Pašvaldību savienība', 'LPS', 'LV', ['lv']),

	// Cities with an observatory, at one time or another.
	city('birmingham', 'Birmingham', 'GB', ['en'], [1_140_000, 2019], 'seed 000, P5'),
	city('bologna', 'Bologna', 'IT', ['it'], [390_000, 2020], 'O3, seed 000'),
	city('brno', 'Brno', 'CZ', ['cs'], [380_000, 2020], 'seed 000'),
	city('copenhagen', 'Copenhagen', 'DK', ['da'], [630_000, 2020], 'seed 000'),
	city('cracow', 'Cracow', 'PL', ['pl'], [780_000, 2020], 'seed 000'),
	city(
		'lille-roubaix',
		'Lille-Roubaix',
		'FR',
		['fr'],
		[330_000, 2018],
		'seed 000',
		'Lille and Roubaix, with one observatory together.'
	),
	city('rotterdam', 'Rotterdam', 'NL', ['nl'], [650_000, 2020], 'O3, seed 000'),
	city('sofia', 'Sofia', 'BG', ['bg'], [1_240_000, 2020], 'seed 000'),
	city('stockholm', 'Stockholm', 'SE', ['sv'], [975_000, 2020], 'seed 000'),
	city('barcelona', 'Barcelona', 'ES', ['ca', 'es'], [1_640_000, 2019], 'seed 001'),
	city('prague', 'Prague', 'CZ', ['cs'], [1_320_000, 2020], 'O3'),
	city('southampton', 'Southampton', 'GB', ['en'], [250_000, 2019], 'O3'),
	city('turku', 'Turku', 'FI', ['fi', 'sv'], [193_000, 2020], 'O3, P4'),

	// Mentors and mentees of IncluCities.
	city('brussels', 'City of Brussels', 'BE', ['fr', 'nl'], [185_000, 2020], 'I2, I3'),
	city('saint-jean-de-la-ruelle', 'Saint-Jean-de-la-Ruelle', 'FR', ['fr'], [16_000, 2018], 'I2, I3'),
	city('mechelen', 'Mechelen', 'BE', ['nl'], [86_000, 2020], 'I2, I3'),
	city('capaci', 'Capaci', 'IT', ['it'], [11_000, 2020], 'I3, I6'),
	city('partinico', 'Partinico', 'IT', ['it'], [32_000, 2020], 'I3'),
	city('fuenlabrada', 'Fuenlabrada', 'ES', ['es'], [193_000, 2019], 'I2, I3'),
	city('levadia', 'Levadia', 'GR', ['el'], [31_000, 2011], 'I2, I3, I5', 'Also written Livadia.'),
	city('schaerbeek', 'Schaerbeek', 'BE', ['fr', 'nl'], [133_000, 2020], 'I2, I3'),
	city('jelgava', 'Jelgava', 'LV', ['lv'], [55_000, 2020], 'I2, I3, I4'),

	// Hosts of visits, and cities with a pledge.
	city('munich', 'Munich', 'DE', ['de'], [1_480_000, 2020], 'C3'),
	city('timisoara', 'Timișoara', 'RO', ['ro'], [320_000, 2011], 'C5'),
	city('toulouse', 'Toulouse', 'FR', ['fr'], [490_000, 2019], 'C7'),
	city('madrid', 'Madrid', 'ES', ['es'], [3_300_000, 2019], 'P8'),
	city('stuttgart', 'Stuttgart', 'DE', ['de'], [630_000, 2020], 'seed 003'),
	city('utrecht', 'Utrecht', 'NL', ['nl'], [357_000, 2020], 'P5'),
	city('leeds', 'Leeds', 'GB', ['en'], [790_000, 2019], 'P4'),
	city('malmo', 'Malmö', 'SE', ['sv'], [345_000, 2020], 'P4'),
	city('lyon', 'Lyon', 'FR', ['fr'], [520_000, 2019], 'P4'),
	city('ghent', 'Ghent', 'BE', ['nl'], [263_000, 2020], 'P4'),
	city('glasgow', 'Glasgow', 'GB', ['en'], [630_000, 2019], 'P4'),
	city('athens', 'Athens', 'GR', ['el'], [660_000, 2011], 'P4')
];

function association(
	slug: string,
	name: string,
	shortName: string,
	country: string,
	languages: string[]
): Organisation {
	return {
		slug,
		kind: 'association',
		name,
		shortName,
		country,
		languages,
		source: 'I2, I3; full name: general knowledge'
	};
}

/** @throws Error for a slug that is not in the demo: a wrong word in the data must not become a wrong row. */
export function organisationOf(slug: string): Organisation {
	const found = organisations.find((organisation) => organisation.slug === slug);
	if (!found) throw new Error(`No organisation "${slug}" in the demo.`);
	return found;
}

export function organisationId(slug: string): string {
	return seedId('organisation', organisationOf(slug).slug);
}

export function zoneOf(slug: string): string {
	return timeZones[organisationOf(slug).country] ?? 'Europe/Brussels';
}

export function organisationRows(today: Date): Rows {
	return {
		'network.organisations': organisations.map((organisation, index) => ({
			id: seedId('organisation', organisation.slug),
			slug: organisation.slug,
			kind: organisation.kind,
			name: organisation.name,
			short_name: organisation.shortName ?? null,
			country: organisation.country,
			languages: organisation.languages,
			population: organisation.population?.[0] ?? null,
			population_year: organisation.population?.[1] ?? null,
			population_source: organisation.population ? 'rounded, general knowledge' : null,
			colour: index % 12,
			about: organisation.about ?? null,
			source: organisation.source,
			created_at: today
		}))
	};
}
