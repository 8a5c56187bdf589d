import { addDays, dayIn } from './day.ts';
import { organisationId, timeZones } from './demo-cities.ts';
import { personId, roleRow } from './demo-people.ts';
import type { Row, Rows } from './demo.sql.ts';
import { seedId } from './id.ts';
import { personName } from './scale-texts.ts';

// A large network is the same block over and over: six cities of ten people, four pairs with plans, and one review of
// 40 experts in four groups. Each expert wrote a note in each of 36 sessions: 1440 notes and 20,000 answers a block.
// City 1 hosts the review and mentors in three pairs; people 1 to 8 of cities 2 to 6 are the experts.

const citiesABlock = 6;
const peopleACity = 10;
export const scaleZone = 'Europe/Brussels';
export const scaleProgramme = seedId('programme', 'demo-scale');
const countries = Object.keys(timeZones);

/** City and person within a block, both from 1. */
export type Place = [city: number, person: number];

export function programmeRows(today: Date): Rows {
	const since = addDays(dayIn(today, scaleZone), -900);
	return {
		'network.programmes': [
			{
				id: scaleProgramme,
				slug: 'demo-scale',
				name: 'Demo programme of many cities',
				aim: 'Try the product with as many cities, people and notes as a large network has.',
				funder: null,
				funder_statement: null,
				led_by: organisationId('eurocities'),
				language: 'en',
				since,
				until: null,
				source: 'invented for the demo'
			}
		],
		'network.roles': [roleRow('lead@eurocities.example', 'project-lead', ['programme', 'demo-scale'], since)]
	};
}

/** The rows of one block, the first being number 1. */
export class ScaleBlock {
	readonly reviewId: string;
	readonly no: number;
	readonly today: Date;
	readonly firstDay: string;

	constructor(no: number, today: Date) {
		this.no = no;
		this.today = today;
		this.reviewId = seedId('review', this.name());
		// Every review is over, so that all its notes can have been sent.
		this.firstDay = addDays(dayIn(today, scaleZone), -7 - 7 * no);
	}

	name(...parts: (string | number)[]): string {
		return ['demo-scale', this.no, ...parts].join('-');
	}

	/** `demo-city-0001` is the first of the whole network. */
	city(city: number): string {
		return `demo-city-${String((this.no - 1) * citiesABlock + city).padStart(4, '0')}`;
	}

	email([city, person]: Place): string {
		return `person-${String(person).padStart(2, '0')}@${this.city(city)}.example`;
	}

	person(place: Place): string {
		return seedId('person', this.email(place));
	}

	peopleRows(): Rows {
		const cities = Array.from({ length: citiesABlock }, (_, index) => index + 1);
		const people = cities.flatMap((city) =>
			Array.from({ length: peopleACity }, (_, index): Place => [city, index + 1])
		);
		const numberOf = ([city, person]: Place) => ((this.no - 1) * citiesABlock + city - 1) * peopleACity + person;
		return {
			'network.organisations': cities.map((city) => {
				const number = (this.no - 1) * citiesABlock + city;
				return {
					id: seedId('organisation', this.city(city)),
					slug: this.city(city),
					kind: 'city',
					name: `Demo city ${String(number).padStart(4, '0')}`,
					short_name: null,
					country: countries[number % countries.length],
					languages: ['en'],
					population: 20_000 + ((number * 37) % 90) * 10_000,
					population_year: 2026,
					population_source: 'invented for the demo',
					colour: number % 12,
					about: null,
					source: 'invented for the demo',
					created_at: this.today
				};
			}),
			'network.people': people.map((place) => ({
				id: this.person(place),
				name: personName(numberOf(place)),
				email: this.email(place),
				language: 'en',
				time_zone: scaleZone,
				demo: true,
				created_at: this.today,
				deactivated_at: null
			})),
			'network.affiliations': people.map((place) => ({
				person_id: this.person(place),
				organisation_id: seedId('organisation', this.city(place[0])),
				function: 'Officer',
				since: '2015-01-01',
				until: null
			}))
		};
	}

	role(place: Place, role: string, scopeKind: string, scopeId: string, since: string): Row {
		return {
			id: seedId('role', this.email(place), role, scopeId),
			person_id: this.person(place),
			role,
			scope_kind: scopeKind,
			scope_id: scopeId,
			organisation_id: seedId('organisation', this.city(place[0])),
			since,
			until: null,
			granted_by: personId('admin@eurocities.example'),
			granted_at: new Date(`${since}T09:00:00Z`),
			handed_to: null
		};
	}
}

/** From `demo-city-0001`. */
export function cityName(slug: string): string {
	return slug.replace('demo-city-', 'Demo city ');
}
