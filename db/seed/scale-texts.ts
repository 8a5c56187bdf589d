import { planHeadings } from './demo-plans.ts';
import { type PlanEntry, type PlanSection, writePlan } from './plan-document.ts';

// Words to fill a large network with: every row of one kind is one of a few, so that loading is quick and the same
// every time.

const firstNames = [
	'Ana',
	'Bruno',
	'Carla',
	'Dario',
	'Eva',
	'Filip',
	'Greta',
	'Hugo',
	'Ines',
	'Jonas',
	'Katja',
	'Luka',
	'Maja',
	'Niels',
	'Olga',
	'Pavel',
	'Rita',
	'Stefan',
	'Tina',
	'Viktor'
];
const lastNames = [
	'Almeida',
	'Berger',
	'Costa',
	'Duval',
	'Eriksen',
	'Fiala',
	'Grosu',
	'Hansen',
	'Ivanova',
	'Jurić',
	'Kovács',
	'Laurent',
	'Marin',
	'Novak',
	'Olsen',
	'Petrou',
	'Rossi',
	'Silva',
	'Tamm',
	'Urban',
	'Vella',
	'Weber',
	'Žukas'
];

export function personName(number: number): string {
	return `${firstNames[number % firstNames.length]} ${lastNames[Math.floor(number / firstNames.length) % lastNames.length]}`;
}

const sentences = [
	'Two services share one counter, and people are sent on by name, not by leaflet.',
	'The figures are kept by hand in three places and agree in none of them.',
	'Residents were asked before the plan was written and will be asked again in spring.',
	'One person holds the thread; her deputy has been named and knows the files.',
	'The money is secured until the end of next year, and the council decides in November.',
	'What works is small: a fixed hour, a room that is known, and a telephone that is answered.',
	'The school opens its library in the evening, and the club brings the trainers.',
	'Nobody is turned away for a missing paper; it is asked for at the second meeting.',
	'An evaluation was begun and stopped when the post fell vacant.',
	'Partners meet each month and leave with at most three things to do.',
	'Those who do not come are visited by somebody they know.',
	'What another city could take is the order of the steps, not the size.'
];

function words(seed: number, count: number): string {
	return Array.from({ length: count }, (_, index) => sentences[(seed * 5 + index * 7) % sentences.length]).join(' ');
}

/** How many different plans there are; every plan of the large network is one of them. */
export const planVariants = 10;

export interface PlanVariant {
	data: Uint8Array;
	clientId: number;
	sections: PlanSection[];
}

/** A plan of about thirty paragraphs as one update, with the client id it was written under. */
export function planVariant(variant: number): PlanVariant {
	const clientId = 9001 + variant;
	const entries: PlanEntry[] = planHeadings.slice(0, 15).map((heading, index) => ({
		heading,
		author: 0,
		at: new Date(Date.UTC(2026, 0, 1 + index)),
		passages: [
			words(variant + index, 3),
			index % 4 === 3 ? [words(variant, 1), words(index + 1, 1)] : words(variant * 3 + index, 2)
		]
	}));
	const { whole, sections } = writePlan(planHeadings, [clientId], new Date(Date.UTC(2026, 0, 1)), entries);
	return { data: whole, clientId, sections };
}

/** How many different sets of answers there are. */
export const answerVariants = 40;

const confidences = ['one person said it', 'several said it', 'seen ourselves', 'in documents'];

/** Answers to form F9 in the order of its questions, thirteen of them; the session is the fourteenth. */
export function answersVariant(variant: number): Record<string, unknown> {
	return {
		present: ['head of unit', 'two colleagues', 'a partner'],
		opening: ['who we are', 'why we ask', 'no names in our report', 'what happens next'],
		answers: [
			{ question: 'Who decides, and who pays?', answer: words(variant, 2), evidence: 'several' },
			{ question: 'Who is missed?', answer: words(variant + 3, 1), evidence: 'one' }
		],
		seen: words(variant + 1, 4),
		works: words(variant + 2, 2),
		wonder: words(variant + 4, 1),
		contradict: words(variant + 5, 1),
		quotes: [
			{ quote: words(variant + 6, 1), kind_of_person: 'staff', ...(variant % 2 === 0 && { may_be_published: true }) }
		],
		ideas: words(variant + 7, 1),
		take: words(variant + 8, 1),
		check: [{ what: words(variant + 9, 1) }],
		confidence: confidences[variant % confidences.length],
		language: 'en'
	};
}
