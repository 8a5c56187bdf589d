import { organisationId, organisationOf, zoneOf } from './demo-cities.ts';
import { addDays } from './day.ts';
import type { Row, Rows } from './demo.sql.ts';
import { seedId } from './id.ts';

// All people of the demo are invented; no page names them. Their addresses end in .example and reach nobody.

type Person = [email: string, name: string, organisation: string | null, function: string];

const network: Person[] = [
	['admin@eurocities.example', 'Saskia Mertens', 'eurocities', 'Network coordinator'],
	['lead@eurocities.example', 'Tomás Oliveira', 'eurocities', 'Working groups, policy officer'],
	['lead@cemr.example', 'Nathalie Garnier', 'cemr', 'Project manager'],
	['guest@ngo.example', 'Rosa Cangialosi', null, ''],
	['stranger@turku.example', 'Sanna Koivisto', 'turku', 'Cultural services'],
	['editor@birmingham.example', 'Janet Osborne', 'birmingham', 'Observatory researcher'],
	['editor@bologna.example', 'Davide Montanari', 'bologna', 'Observatory researcher'],
	['editor@brno.example', 'Zuzana Horáková', 'brno', 'Observatory researcher'],
	['editor@copenhagen.example', 'Rasmus Toft', 'copenhagen', 'Observatory researcher'],
	['editor@cracow.example', 'Marta Zawadzka', 'cracow', 'Observatory researcher'],
	['editor@lille-roubaix.example', 'Aurélie Lemaire', 'lille-roubaix', 'Observatory researcher'],
	['editor@rotterdam.example', 'Joost Hendriks', 'rotterdam', 'Observatory researcher'],
	['editor@sofia.example', 'Desislava Ruseva', 'sofia', 'Observatory researcher'],
	['editor@stockholm.example', 'Oskar Sandell', 'stockholm', 'Observatory researcher'],
	['editor@barcelona.example', 'Mireia Solé', 'barcelona', 'Observatory researcher']
];

const munich: Person[] = [
	['host@munich.example', 'Monika Huber', 'munich', 'Education department, head of equal opportunities'],
	['review-lead@stockholm.example', 'Karin Nyström', 'stockholm', 'Education administration, strategist'],
	['expert@bologna.example', 'Giulia Ferretti', 'bologna', 'Schools and integration'],
	['colleague@bologna.example', 'Marco Zanetti', 'bologna', 'Youth policies'],
	['friend@rotterdam.example', 'Femke van Dijk', 'rotterdam', 'Programme manager, early years'],
	['colleague@rotterdam.example', 'Youssef Amrani', 'rotterdam', 'Youth guidance'],
	['expert@stockholm.example', 'Elin Lindqvist', 'stockholm', 'Preschool development'],
	['colleague@stockholm.example', 'Johan Bergdahl', 'stockholm', 'Upper secondary schools'],
	['expert@birmingham.example', 'Priya Shah', 'birmingham', 'Early help'],
	['colleague@birmingham.example', 'Thomas Whitfield', 'birmingham', 'School improvement'],
	['expert@brno.example', 'Lenka Nováková', 'brno', 'Department of social inclusion'],
	['colleague@brno.example', 'Petr Kučera', 'brno', 'Department of education'],
	['expert@copenhagen.example', 'Mette Sørensen', 'copenhagen', 'Children and youth administration'],
	['colleague@copenhagen.example', 'Anders Kragh', 'copenhagen', 'Employment and integration'],
	['expert@cracow.example', 'Agnieszka Wójcik', 'cracow', 'Education department'],
	['colleague@cracow.example', 'Piotr Zieliński', 'cracow', 'Social policy department'],
	['expert@sofia.example', 'Elena Stoyanova', 'sofia', 'Education directorate'],
	['colleague@sofia.example', 'Georgi Marinov', 'sofia', 'Social services directorate'],
	['expert@barcelona.example', 'Núria Puig', 'barcelona', 'Education consortium liaison'],
	['colleague@barcelona.example', 'Jordi Casals', 'barcelona', 'Social rights area'],
	['expert@turku.example', 'Aino Laaksonen', 'turku', 'Education division'],
	['colleague@turku.example', 'Mikko Heinonen', 'turku', 'Youth services'],
	['expert@madrid.example', 'Lucía Serrano', 'madrid', 'Family and childhood'],
	['colleague@madrid.example', 'Javier Ortega', 'madrid', 'Equal opportunities'],
	['expert@stuttgart.example', 'Katrin Vogel', 'stuttgart', 'Education partnership'],
	['colleague@stuttgart.example', 'Emre Yıldız', 'stuttgart', 'Integration policy'],
	['expert@utrecht.example', 'Sanne de Boer', 'utrecht', 'Education policy'],
	['colleague@utrecht.example', 'Pieter Jansen', 'utrecht', 'Youth and health'],
	['expert@leeds.example', 'Hannah Clarke', 'leeds', 'Learning inclusion'],
	['colleague@leeds.example', 'Imran Qureshi', 'leeds', 'Children and families'],
	['expert@malmo.example', 'Sofia Åkesson', 'malmo', 'Preschool department'],
	['colleague@malmo.example', 'Amir Haddad', 'malmo', 'Compulsory school department'],
	['expert@lyon.example', 'Camille Perrin', 'lyon', 'Education directorate'],
	['colleague@lyon.example', 'Julien Moulin', 'lyon', 'Educational projects'],
	['expert@ghent.example', 'Lotte De Smet', 'ghent', 'Education centre'],
	['colleague@ghent.example', 'Wim Claeys', 'ghent', 'Bridge between school and home'],
	['expert@glasgow.example', 'Fiona MacLeod', 'glasgow', 'Education services'],
	['colleague@glasgow.example', 'Callum Reid', 'glasgow', 'English as an additional language']
];

const timisoara: Person[] = [
	['host@timisoara.example', 'Ioana Munteanu', 'timisoara', 'Social assistance directorate'],
	['review-lead@ghent.example', 'Bart Goossens', 'ghent', 'Social policy'],
	['roma@toulouse.example', 'Claire Delmas', 'toulouse', 'Housing and inclusion mission'],
	['roma@glasgow.example', 'Ewan Lennox', 'glasgow', 'Community relations'],
	['roma@madrid.example', 'Carmen Vidal', 'madrid', 'Social services'],
	['roma@brno.example', 'Jana Dvořáková', 'brno', 'Department of social inclusion'],
	['roma@sofia.example', 'Ivan Kolev', 'sofia', 'Social services directorate']
];

const pairs: Person[] = [
	['facilitator@migrationwork.example', 'Helen Adeyemi', 'migrationwork', 'Associate'],
	['association@brulocalis.example', 'Philippe Lambert', 'brulocalis', 'Advisor, social affairs'],
	['association@afccre.example', 'Sylvie Renaud', 'afccre', 'European projects'],
	['association@vvsg.example', 'An Verhaegen', 'vvsg', 'Staff member, integration'],
	['association@aiccre.example', 'Paolo Benedetti', 'aiccre', 'Project office'],
	['association@femp.example', 'Marta Iglesias', 'femp', 'Social welfare and integration'],
	['association@kede.example', 'Nikos Stathopoulos', 'kede', 'European programmes'],
	['association@lps.example', 'Inese Kalniņa', 'lps', 'Advisor, social affairs'],
	['mentor@brussels.example', 'Isabelle Fontaine', 'brussels', 'Equal opportunities, head of unit'],
	['deputy@brussels.example', 'Karim Bensalem', 'brussels', 'Project officer'],
	['mentee@saint-jean-de-la-ruelle.example', 'Céline Marchand', 'saint-jean-de-la-ruelle', 'Social cohesion'],
	['deputy@saint-jean-de-la-ruelle.example', 'Olivier Besnard', 'saint-jean-de-la-ruelle', 'Town policy'],
	['mentor@mechelen.example', 'Liesbeth Maes', 'mechelen', 'Diversity and equal opportunities'],
	['deputy@mechelen.example', 'Rachid El Idrissi', 'mechelen', 'Buddy scheme, coordinator'],
	['mentee@capaci.example', 'Salvatore Lo Bianco', 'capaci', 'Social services'],
	['deputy@capaci.example', 'Valentina Puglisi', 'capaci', 'Social services'],
	['mentee@partinico.example', 'Rosario Cusumano', 'partinico', 'Social services'],
	['mentor@fuenlabrada.example', 'Beatriz Molina', 'fuenlabrada', 'Coexistence and participation'],
	['deputy@fuenlabrada.example', 'Sergio Pastor', 'fuenlabrada', 'Training and employment centre'],
	['mentee@levadia.example', 'Eleni Papadaki', 'levadia', 'Community centre'],
	['deputy@levadia.example', 'Giorgos Manolis', 'levadia', 'Social policy department'],
	['mentor@schaerbeek.example', 'Fatima Ouali', 'schaerbeek', 'Social cohesion'],
	['deputy@schaerbeek.example', 'Vincent Dubois', 'schaerbeek', 'Project officer'],
	['mentee@jelgava.example', 'Līga Ozola', 'jelgava', 'Society integration office'],
	['deputy@jelgava.example', 'Andris Bērziņš', 'jelgava', 'Education department']
];

const people: Person[] = [...network, ...munich, ...timisoara, ...pairs];

export function personId(email: string): string {
	if (!people.some(([known]) => known === email)) throw new Error(`Nobody in the demo has the address ${email}.`);
	return seedId('person', email);
}

/** The slug of the organisation a person works for. */
export function workplaceOf(email: string): string | null {
	return people.find(([known]) => known === email)?.[2] ?? null;
}

// The pages speak these; who works in another language reads English.
const spoken = ['en', 'fr', 'de', 'it', 'es', 'el'];

function readingLanguage(organisation: string | null): string {
	const languages = organisation ? organisationOf(organisation).languages : [];
	return languages.find((language) => spoken.includes(language)) ?? 'en';
}

export function peopleRows(today: Date): Rows {
	return {
		'network.people': people.map(([email, name, organisation]) => ({
			id: seedId('person', email),
			name,
			email,
			language: readingLanguage(organisation),
			time_zone: organisation ? zoneOf(organisation) : 'Europe/Rome',
			demo: true,
			created_at: today,
			deactivated_at: null
		})),
		'network.affiliations': people.flatMap(([email, , organisation, duty]) =>
			organisation
				? [
						{
							person_id: seedId('person', email),
							organisation_id: organisationId(organisation),
							function: duty,
							since: '2015-01-01',
							until: null
						}
					]
				: []
		),
		'network.roles': [
			roleRow('admin@eurocities.example', 'admin', ['network'], '2016-01-01'),
			roleRow('lead@cemr.example', 'project-lead', ['programme', 'inclucities'], '2020-06-01'),
			roleRow('lead@eurocities.example', 'project-lead', ['programme', 'working-groups'], '2016-01-01'),
			...network
				.filter(([email]) => email.startsWith('editor@'))
				.map(([email, , city]) =>
					city === 'cracow'
						? roleRow(email, 'observatory-editor', ['observatory', city], '2010-09-01', '2012-12-31')
						: roleRow(
								email,
								'observatory-editor',
								['observatory', city ?? ''],
								city === 'barcelona' ? '2013-01-01' : '2010-09-01'
							)
				)
		]
	};
}

/**
 * A role in one place. `place` is what `seedId` makes the id of the place from, its kind first:
 * `['network']`, `['review', 'munich']`, `['pair', 'mechelen-capaci']`.
 */
export function roleRow(
	email: string,
	role: string,
	place: [kind: string, slug?: string],
	since: string,
	until: string | null = null,
	handedTo: string | null = null
): Row {
	const organisation = workplaceOf(email);
	return {
		id: roleId(email, role, place),
		person_id: personId(email),
		role,
		scope_kind: place[0],
		scope_id: seedId(...place.filter((part) => part !== undefined)),
		organisation_id: organisation ? organisationId(organisation) : null,
		since,
		until,
		granted_by: personId('admin@eurocities.example'),
		granted_at: new Date(`${since}T09:00:00Z`),
		handed_to: handedTo
	};
}

export function roleId(email: string, role: string, place: [kind: string, slug?: string]): string {
	return seedId('role', email, role, ...place.filter((part) => part !== undefined));
}

/** Ninety days before a visit the visiting experts are confirmed (step 4 of the review template). */
export function confirmedOn(firstDay: string): string {
	return addDays(firstDay, -90);
}
