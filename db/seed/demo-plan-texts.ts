import type { Passage } from './plan-document.ts';

// What stands in the four action plans. From domain.md: the theme of each pair (I2, I3), what visit 1 of Levadia and
// Jelgava found (I4, I5), what visit 2 in Capaci settled (I6), what pairs took from each other (I9). Everything else
// is believable text of the demo; each vision says so.

/** Section letter, who writes (place in `authors`), when (UTC), and what. */
type PlanText = [letter: string, author: number, at: string, passages: Passage[]];

export interface DemoPlan {
	pair: string;
	owner: string;
	title: string;
	authors: string[];
	startedAt: string;
	texts: PlanText[];
}

export const plans: DemoPlan[] = [
	{
		pair: 'mechelen-capaci',
		owner: 'capaci',
		title: 'A city for all: a buddy scheme for Capaci',
		authors: ['mentee@capaci.example', 'deputy@capaci.example', 'mentor@mechelen.example'],
		startedAt: '2021-05-07T14:00:00Z',
		texts: [
			[
				'A',
				0,
				'2021-05-07T14:20:00Z',
				[
					'Capaci is a small town beside a large city. People who come from abroad find work and a flat here, and then few occasions to meet anybody who has always lived here.',
					'The social services know the families who ask for help. They do not know those who do not ask, and nobody keeps a list of what clubs, parishes and schools already do for newcomers.'
				]
			],
			[
				'A',
				0,
				'2021-10-04T10:00:00Z',
				[
					'At the second visit the local context and its challenges were gathered on an online board, together with Mechelen and both associations:',
					[
						'little contact between newcomers and long-standing residents',
						'offers exist, but each is known only to those who run it',
						'few staff: whatever we start must run on volunteers with one person who holds it together',
						'two languages are not enough for a first talk at the counter'
					]
				]
			],
			[
				'B',
				0,
				'2021-05-10T08:30:00Z',
				[
					'Capaci is a city for all. Whoever moves here knows, within three months, at least one person who has lived here for long, and through that person the school, the surgery, the library and the square. Long-standing residents find that it is their town that grew, not somebody else’s. (demo text)'
				]
			],
			[
				'C',
				0,
				'2021-05-11T09:00:00Z',
				[
					'The buddy scheme of Mechelen: a resident and a newcomer meet regularly, do ordinary things together, and have a coordinator to call.',
					[
						'We take: the matching talk with both sides, the coordinator, the first meeting in a public place.',
						'We leave: the wide choice of themes for pairs. A small town starts with one.',
						'We change: the name. One found here says more than a foreign word.'
					]
				]
			],
			[
				'C',
				1,
				'2021-10-05T08:10:00Z',
				[
					'At the second visit a local name for the practice was found. It goes on every poster; the word «buddy» stays in the papers of the project.'
				]
			],
			[
				'D',
				1,
				'2021-10-04T13:30:00Z',
				[
					'Start with the easiest. The first pairs are people who want to meet and can: parents with children in the same school.',
					[
						'parents of pupils: ten pairs, reached at the school gate',
						'young adults in the sports clubs: five pairs, reached by their trainers',
						'older residents who live alone: later, once the first pairs can tell of it'
					]
				]
			],
			[
				'E',
				0,
				'2021-10-05T12:00:00Z',
				[
					[
						'Fifteen pairs have met at least six times within a year.',
						'Half of the newcomers in a pair use one public service they did not use before.',
						'Ten residents who are not in a pair have helped at one of the meetings.'
					]
				]
			],
			[
				'F',
				0,
				'2021-10-06T07:40:00Z',
				[
					'What is put in place, in this order:',
					[
						'One coordinator in the social services, with a deputy, for half a day a week.',
						'A matching talk of half an hour with each person, with two volunteers who were trained for it.',
						'A meeting of all pairs every second month, in a place that costs nothing.',
						'A small card for each pair: library, swimming pool and museum for two.',
						'An evening with the mayor after six months, at which pairs tell what they found out.'
					]
				]
			],
			[
				'F',
				2,
				'2021-10-06T09:30:00Z',
				[
					'Mechelen lends its form for the matching talk and its list of questions for the first three meetings, and says which of them nobody liked.'
				]
			],
			[
				'G',
				1,
				'2021-05-20T10:00:00Z',
				[
					'The local support network, as it stands:',
					[
						'both primary schools',
						'two parishes and the cultural association',
						'the sports clubs',
						'the family surgery',
						'residents who came ten years ago and know both sides'
					]
				]
			],
			[
				'H',
				1,
				'2021-10-04T15:10:00Z',
				[
					'Promotion offline matters most. Who would be a good buddy does not read the town’s website.',
					[
						'posters in the shops of the main street, the surgery and the market',
						'a talk at the school gate in the first week',
						'five minutes after Sunday service and at the clubs’ meetings',
						'pairs who bring the next pair'
					],
					'Online there is one page with a telephone number, in five languages, and nothing that must be kept up to date.'
				]
			],
			[
				'K',
				0,
				'2021-10-06T10:15:00Z',
				[
					'The coordinator, the deputy and one person from each school sit together every three months. They look at four numbers (pairs begun, pairs that stopped, meetings, new helpers) and at one story.',
					'Mechelen looks on once a year and says what it would do differently.'
				]
			],
			[
				'L',
				0,
				'2021-11-02T09:00:00Z',
				[
					'The half day of the coordinator is part of a post that exists. What needs a decision is the deputy and the cards for two.'
				]
			],
			[
				'M',
				1,
				'2021-11-03T09:20:00Z',
				[
					'Men and women say whom they want to be matched with. Meetings are held when somebody looks after the children. The numbers are kept for women and men.'
				]
			],
			[
				'N',
				2,
				'2021-11-08T14:00:00Z',
				[
					'Mechelen: the plan is small enough to work. Do not promise fifteen pairs before you have had three. Write down what happens when a pair stops; with us that was what people were most afraid of.'
				]
			],
			[
				'P',
				0,
				'2021-11-10T08:00:00Z',
				[
					'Capaci builds a buddy scheme after that of Mechelen: starting with parents of pupils, held together by one coordinator, made known on paper and in person, and looked at every three months.'
				]
			]
		]
	},
	{
		pair: 'brussels-saint-jean-de-la-ruelle',
		owner: 'saint-jean-de-la-ruelle',
		title: 'Knowing what migrant residents need, women and men',
		authors: ['mentee@saint-jean-de-la-ruelle.example', 'mentor@brussels.example'],
		startedAt: '2021-05-28T13:00:00Z',
		texts: [
			[
				'A',
				0,
				'2021-05-28T13:20:00Z',
				[
					'The town has many services and no common picture of what migrant residents need. What women need is known least.'
				]
			],
			[
				'B',
				0,
				'2021-05-31T08:00:00Z',
				[
					'Decisions on services start from a picture of needs that residents helped to draw, and that tells women’s needs apart. (demo text)'
				]
			],
			[
				'C',
				1,
				'2021-06-02T09:00:00Z',
				[
					'The strategic, gender-aware assessment of needs of the City of Brussels. Taken: talks in small groups, led by people who are trusted. Left: the large survey.'
				]
			],
			[
				'D',
				0,
				'2021-11-16T10:00:00Z',
				[['women who came to join their family', 'young people who finish school here']]
			],
			[
				'E',
				0,
				'2021-11-17T10:00:00Z',
				[['An assessment every two years, told to the council.', 'Three services changed by it in the first year.']]
			],
			[
				'F',
				0,
				'2021-11-17T14:00:00Z',
				[
					[
						'Train six residents to lead talks.',
						'Hold twelve talks in three quarters.',
						'Bring the result to all departments on one afternoon.'
					]
				]
			],
			['G', 0, '2021-11-18T08:30:00Z', ['Social centres, adult education, the mothers’ groups, AFCCRE.']],
			['H', 0, '2021-11-18T09:00:00Z', ['Told where people are: at the school, the market and the doctor’s.']],
			['K', 0, '2021-11-18T09:30:00Z', ['A steering group every three months; AFCCRE once a year.']],
			['M', 1, '2021-11-18T10:00:00Z', ['Every figure for women and men; every talk with child care.']],
			[
				'P',
				0,
				'2021-12-01T08:00:00Z',
				['An assessment of needs led by residents, told apart for women and men, and answered by the services.']
			]
		]
	},
	{
		pair: 'fuenlabrada-levadia',
		owner: 'levadia',
		title: 'Decent work and enterprise for newcomers in Levadia',
		authors: ['mentee@levadia.example', 'mentor@fuenlabrada.example'],
		startedAt: '2021-05-21T12:00:00Z',
		texts: [
			[
				'A',
				0,
				'2021-05-21T12:20:00Z',
				[
					'The first visit showed that much exists already. Commitment, communication and the links to residents must be stronger.'
				]
			],
			[
				'B',
				0,
				'2021-05-25T08:00:00Z',
				['Who lives here finds decent work or starts a business here, and meets neighbours while doing so. (demo text)']
			],
			[
				'C',
				1,
				'2021-11-04T09:00:00Z',
				[
					'Fuenlabrada’s tools of participation, special programmes with the national employment agency, vocational training and events. Levadia takes the idea of the coexistence board; Fuenlabrada takes ideas for language learning home.'
				]
			],
			['D', 0, '2021-11-04T11:00:00Z', [['adults who worked in farming', 'women who look for a first job']]],
			[
				'E',
				0,
				'2021-11-04T12:00:00Z',
				[['Forty people through a short training in two years.', 'A coexistence board that meets four times a year.']]
			],
			[
				'F',
				0,
				'2021-11-05T08:00:00Z',
				[
					[
						'Set up the coexistence board.',
						'Agree two trainings with the employment agency.',
						'One open day of local firms.'
					]
				]
			],
			['G', 0, '2021-11-05T08:40:00Z', ['The integration council, the community centre, the chamber, KEDE.']],
			['K', 0, '2021-11-05T09:10:00Z', ['The board looks at the plan at each meeting.']],
			[
				'P',
				0,
				'2021-12-06T08:00:00Z',
				['Training with the employment agency, a coexistence board, and an open day of firms.']
			]
		]
	},
	{
		pair: 'schaerbeek-jelgava',
		owner: 'jelgava',
		title: 'Many ways to learn the language in Jelgava',
		authors: ['mentee@jelgava.example', 'mentor@schaerbeek.example'],
		startedAt: '2021-05-14T12:00:00Z',
		texts: [
			[
				'A',
				0,
				'2021-05-14T12:20:00Z',
				[
					'Language support has gaps, and the city’s own part in it is not settled. How volunteering starts is an open question.'
				]
			],
			[
				'B',
				0,
				'2021-05-17T08:00:00Z',
				['Whoever wants to learn finds a course or a conversation within a month of asking. (demo text)']
			],
			[
				'C',
				1,
				'2021-10-19T13:00:00Z',
				['CAMIM, the practice of Schaerbeek: formal and informal learning side by side.']
			],
			['D', 0, '2021-10-20T08:00:00Z', [['parents of schoolchildren', 'people at work in shifts']]],
			[
				'E',
				0,
				'2021-10-20T09:00:00Z',
				[['Two conversation groups within the year.', 'One list of all courses in the city.']]
			],
			[
				'F',
				0,
				'2021-10-20T10:00:00Z',
				[
					[
						'Ask libraries and schools for rooms.',
						'Find and prepare eight volunteers.',
						'Publish the list each September.'
					]
				]
			],
			['G', 0, '2021-10-20T11:00:00Z', ['Libraries, schools, two NGOs, LPS.']],
			['H', 0, '2021-10-20T11:20:00Z', ['By the employers, the schools and the counters of the city.']],
			['P', 0, '2021-12-02T08:00:00Z', ['Conversation groups with volunteers, and one list of all courses.']]
		]
	}
];
