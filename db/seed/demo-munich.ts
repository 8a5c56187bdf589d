import type { DemoReview, DemoSession } from './demo-review-shape.ts';

// In the shape of the real one of 8-10 November 2017 (C3): 19 cities, a common part, four groups of about ten, each
// at other institutions. Days, people, groups' topics, sites and questions are the demo's.

function session(
	key: string,
	kind: DemoSession['kind'],
	title: string,
	place: string,
	[day, from, to]: [day: number, from: string, to: string],
	met: string | null,
	language: 'de' | 'en' = 'de'
): DemoSession {
	return { key, kind, title, place, day, from, to, met, language, interpreter: language === 'de' };
}

const first: [number, string, string] = [0, '13:30', '15:00'];
const second: [number, string, string] = [0, '15:30', '17:00'];
const third: [number, string, string] = [1, '09:30', '11:00'];
const fourth: [number, string, string] = [1, '14:00', '15:30'];

export const munich: DemoReview = {
	slug: 'munich',
	host: 'munich',
	hostLead: 'host@munich.example',
	reviewLead: 'review-lead@stockholm.example',
	title: 'Munich: social inclusion through education',
	topic: 'Social inclusion through education',
	visitTitle: 'Critical friend review in Munich',
	days: 3,
	source:
		'C3: the real one ran 8-10 November 2017 with 19 cities and four groups of about ten; day, placement, cities, topics and sites invented for the demo',
	closedOn: null,
	questions: [
		'How do schools, youth services and health services act together for children who start with less?',
		'Which children and young people do our measures not reach, and how would we know?',
		'How can parents who did not go to school here take part as equals?'
	],
	plenary: [
		session(
			'briefing',
			'team-meeting',
			'Briefing of all groups',
			'Town hall, small hall',
			[0, '08:45', '09:30'],
			null,
			'en'
		),
		session(
			'opening',
			'plenary',
			'Opening: the host’s context, and each city’s themes and challenges',
			'Town hall, great hall',
			[0, '10:00', '12:00'],
			'Head of the education department, host team',
			'en'
		),
		session(
			'analysis',
			'team-meeting',
			'Team analysis (without the host)',
			'Town hall, small hall',
			[1, '16:30', '18:30'],
			null,
			'en'
		),
		session(
			'feedback',
			'feedback',
			'Feedback to the host: recommendations for each institution',
			'Town hall, great hall',
			[2, '10:00', '12:00'],
			'Head of the education department, the institutions visited',
			'en'
		)
	],
	groups: [
		{
			name: 'Group 1',
			topic: 'Early years: language and play before school',
			members: [
				['expert@birmingham.example', 'group-lead'],
				['friend@rotterdam.example', 'lead-interviewer'],
				['expert@copenhagen.example', 'second-interviewer'],
				['expert@bologna.example', 'note-taker'],
				['expert@barcelona.example', 'note-taker'],
				['expert@madrid.example', 'time-keeper'],
				['expert@brno.example', 'language-helper'],
				['expert@utrecht.example', 'presenter'],
				['expert@lyon.example', 'rapporteur']
			],
			sessions: [
				session(
					'1',
					'interview',
					'Where day-care places are short',
					'Education department, room 204',
					first,
					'Head of day-care planning, statistician'
				),
				session(
					'2',
					'site-visit',
					'Children’s centre with language lessons',
					'Children’s centre in the north',
					second,
					'Centre manager, two educators'
				),
				session(
					'3',
					'group-interview',
					'Parents who help other parents',
					'Neighbourhood house',
					third,
					'Six parents, the coordinator'
				),
				session(
					'4',
					'interview',
					'From day-care to school',
					'Primary school in the east',
					fourth,
					'Head teacher, school social worker'
				)
			]
		},
		{
			name: 'Group 2',
			topic: 'The all-day school and its partners',
			members: [
				['expert@stockholm.example', 'group-lead'],
				['expert@leeds.example', 'lead-interviewer'],
				['expert@malmo.example', 'second-interviewer'],
				['expert@ghent.example', 'note-taker'],
				['expert@cracow.example', 'note-taker'],
				['expert@sofia.example', 'time-keeper'],
				['expert@stuttgart.example', 'language-helper'],
				['expert@glasgow.example', 'presenter'],
				['expert@turku.example', 'rapporteur']
			],
			sessions: [
				session(
					'1',
					'site-visit',
					'An all-day primary school at lunch and after',
					'Primary school in the west',
					first,
					'Head teacher, all-day coordinator'
				),
				session(
					'2',
					'interview',
					'School social work: who pays, who decides',
					'Youth office, room 11',
					second,
					'Two team leaders'
				),
				session(
					'3',
					'group-interview',
					'Sports clubs and music school as partners',
					'Music school',
					third,
					'Four partners of the school'
				),
				session(
					'4',
					'group-interview',
					'Pupils show their school',
					'Primary school in the west',
					fourth,
					'Eight pupils, accompanied'
				)
			]
		},
		{
			name: 'Group 3',
			topic: 'From school to work',
			members: [
				['colleague@copenhagen.example', 'group-lead'],
				['colleague@leeds.example', 'lead-interviewer'],
				['colleague@turku.example', 'second-interviewer'],
				['colleague@lyon.example', 'note-taker'],
				['colleague@bologna.example', 'note-taker'],
				['colleague@cracow.example', 'time-keeper'],
				['colleague@stockholm.example', 'language-helper'],
				['colleague@madrid.example', 'presenter'],
				['colleague@birmingham.example', 'rapporteur']
			],
			sessions: [
				session(
					'1',
					'interview',
					'Guidance in the last school years',
					'Secondary school in the south',
					first,
					'Guidance teacher, career adviser'
				),
				session(
					'2',
					'site-visit',
					'Second-chance classes',
					'Adult education centre',
					second,
					'Course leader, teachers'
				),
				session(
					'3',
					'interview',
					'Employers who take young people without a certificate',
					'Chamber, meeting room 2',
					third,
					'Three employers, training adviser'
				),
				session('4', 'group-interview', 'Young people who found their way', 'Youth café', fourth, 'Five young adults')
			]
		},
		{
			name: 'Group 4',
			topic: 'Newly arrived children and their parents',
			members: [
				['colleague@malmo.example', 'group-lead'],
				['colleague@ghent.example', 'lead-interviewer'],
				['colleague@glasgow.example', 'second-interviewer'],
				['colleague@rotterdam.example', 'note-taker'],
				['colleague@utrecht.example', 'note-taker'],
				['colleague@brno.example', 'time-keeper'],
				['colleague@stuttgart.example', 'language-helper'],
				['colleague@barcelona.example', 'presenter'],
				['colleague@sofia.example', 'rapporteur']
			],
			sessions: [
				session(
					'1',
					'site-visit',
					'A welcome class in its second term',
					'Secondary school in the north',
					first,
					'Class teacher, interpreter pool'
				),
				session(
					'2',
					'interview',
					'Who finds the right school for a child',
					'Education advice centre',
					second,
					'Two advisers'
				),
				session(
					'3',
					'group-interview',
					'Mothers’ German course in the school',
					'Primary school in the north',
					third,
					'Course leader, ten mothers'
				),
				session(
					'4',
					'interview',
					'From the welcome class to the regular class',
					'Secondary school in the north',
					fourth,
					'Deputy head, school psychologist'
				)
			]
		}
	]
};
