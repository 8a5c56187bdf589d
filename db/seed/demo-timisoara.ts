import { momentOf } from './day.ts';
import { personId } from './demo-people.ts';
import type { DemoReview } from './demo-review-shape.ts';
import type { Row, Rows } from './demo.sql.ts';
import { seedId } from './id.ts';

// 12-14 June 2018 (C5): three days of site visits, workshops and discussion on the city's local action plan for Roma
// inclusion; the host committed to a set of actions. Who came and what they noted is not stated: those are the demo's.

const inRomanian = { language: 'ro', interpreter: true };
const inEnglish = { language: 'en', interpreter: false };

export const timisoara: DemoReview = {
	slug: 'timisoara',
	host: 'timisoara',
	hostLead: 'host@timisoara.example',
	reviewLead: 'review-lead@ghent.example',
	title: 'Timișoara: Roma inclusion at local level',
	topic: 'Roma inclusion: the local action plan',
	visitTitle: 'Critical friend review in Timișoara',
	days: 3,
	source:
		'C5: 12-14 June 2018, Roma inclusion, EaSI; cities, people, sessions, notes and the day of closing invented for the demo',
	closedOn: '2019-04-08',
	questions: [
		'What did the visitors learn from the host?',
		'What did the host learn to improve?',
		'Which actions belong in next year’s local action plan?'
	],
	plenary: [
		{
			key: 'opening',
			kind: 'plenary',
			title: 'Opening: the local action plan',
			place: 'Town hall',
			day: 0,
			from: '09:30',
			to: '11:00',
			met: 'Host team',
			...inEnglish
		},
		{
			key: 'feedback',
			kind: 'feedback',
			title: 'Feedback and first commitments',
			place: 'Town hall',
			day: 2,
			from: '10:00',
			to: '12:00',
			met: 'Host team',
			...inEnglish
		}
	],
	groups: [
		{
			name: 'The group',
			topic: 'Roma inclusion: the local action plan',
			members: [
				['roma@toulouse.example', 'group-lead'],
				['roma@glasgow.example', 'lead-interviewer'],
				['roma@madrid.example', 'second-interviewer'],
				['review-lead@stockholm.example', 'note-taker'],
				['roma@brno.example', 'note-taker'],
				['roma@sofia.example', 'rapporteur']
			],
			sessions: [
				{
					key: '1',
					kind: 'site-visit',
					title: 'A neighbourhood and its school',
					place: 'Primary school',
					day: 0,
					from: '13:00',
					to: '15:00',
					met: 'Head teacher, school mediator',
					...inRomanian
				},
				{
					key: '2',
					kind: 'group-interview',
					title: 'Health and school mediators',
					place: 'Community centre',
					day: 1,
					from: '09:30',
					to: '11:00',
					met: 'Four mediators',
					...inRomanian
				},
				{
					key: '3',
					kind: 'workshop',
					title: 'Workshop on the local action plan',
					place: 'Town hall',
					day: 1,
					from: '14:00',
					to: '16:30',
					met: 'Staff of five services, two NGOs',
					...inEnglish
				}
			]
		}
	]
};

interface DemoNote {
	session: string;
	author: string;
	/** Day of the visit and time of sending, on clocks in Timișoara. */
	sent: [day: string, time: string];
	answers: Record<string, unknown>;
}

const opening = ['who we are', 'why we ask', 'no names in our report', 'what happens next'];

const notes: DemoNote[] = [
	{
		session: '1',
		author: 'review-lead@stockholm.example',
		sent: ['2018-06-12', '18:10'],
		answers: {
			present: ['head teacher', 'school mediator', 'social worker of the city'],
			opening,
			answers: [
				{
					question: 'How does the school hear of a child who stays away?',
					answer: 'The mediator visits the family in the first week.',
					evidence: 'several'
				},
				{
					question: 'Who decides on the mediator’s hours?',
					answer: 'The school and the city settle them each year.',
					evidence: 'one'
				}
			],
			seen: 'I saw a homework room that is open to parents. Three of five people said that trust took years to build. (demo text)',
			works: 'One person whom families know, in school and at home.',
			wonder: 'What would happen to the families if the mediator left?',
			quotes: [{ quote: 'They come because they know her.', kind_of_person: 'teacher', may_be_published: true }],
			ideas: 'A deputy for each mediator.',
			take: 'Ask our schools who the family’s one contact is.',
			check: [{ what: 'Is the post paid by the city or by a project?' }],
			confidence: 'several said it'
		}
	},
	{
		session: '1',
		author: 'roma@brno.example',
		sent: ['2018-06-12', '19:25'],
		answers: {
			present: ['head teacher', 'school mediator'],
			opening,
			answers: [
				{
					question: 'What is hardest in the way to secondary school?',
					answer: 'Transport and the first month.',
					evidence: 'one'
				}
			],
			seen: 'I saw mixed classes and heard that attendance is counted weekly. (demo text)',
			works: 'Attendance is looked at with the family, not only in the office.',
			wonder: 'Could older pupils go along in the first month?',
			take: 'Weekly figures, shared with the mediator.',
			confidence: 'one person said it'
		}
	},
	{
		session: '2',
		author: 'roma@sofia.example',
		sent: ['2018-06-13', '12:05'],
		answers: {
			present: ['health mediator', 'school mediator', 'social worker'],
			opening,
			answers: [
				{
					question: 'When do the mediators meet each other?',
					answer: 'When there is a case; there is no fixed day.',
					evidence: 'several'
				}
			],
			seen: 'Four mediators work for two services. All four said they share families. (demo text)',
			works: 'They know each other well.',
			wonder: 'What would a fixed hour each month change?',
			contradict: 'The plan names a monthly round table; the mediators have not been to one.',
			ideas: 'A monthly hour with an agenda of three cases.',
			take: 'Our mediators should be asked the same.',
			check: [{ what: 'Who invites to the round table?' }],
			confidence: 'several said it'
		}
	},
	{
		session: '3',
		author: 'review-lead@stockholm.example',
		sent: ['2018-06-13', '17:40'],
		answers: {
			present: ['staff of five services', 'two NGOs'],
			opening,
			answers: [
				{ question: 'Which action of the plan is furthest?', answer: 'School mediation.', evidence: 'document' },
				{ question: 'Which has nobody in charge?', answer: 'Housing advice.', evidence: 'several' }
			],
			seen: 'The workshop went through the plan line by line. Two lines have no date. (demo text)',
			works: 'All services and the NGOs sat at one table.',
			wonder: 'Could each line of next year’s plan name one person?',
			ideas: 'A page a quarter for the politicians.',
			take: 'Go through our own plan in the same way.',
			confidence: 'in documents'
		}
	}
];

/** Sent notes keep the answers as they were; there is no live draft behind them. */
export function noteRows(templateId: string): Rows {
	return {
		'reviews.notes': notes.map(({ session, author, sent, answers }): Row => {
			const sentAt = momentOf(sent[0], sent[1], 'Europe/Bucharest');
			const sessionId = seedId('session', 'timisoara', '1', session);
			return {
				id: seedId('note', 'timisoara', session, author),
				review_id: seedId('review', 'timisoara'),
				session_id: sessionId,
				group_id: seedId('group', 'timisoara', '1'),
				template_id: templateId,
				author_id: personId(author),
				holder_id: personId(author),
				language: 'en',
				started_at: new Date(sentAt.getTime() - 3_600_000),
				changed_at: sentAt,
				sent_at: sentAt,
				sent_seq: null,
				answers: { session: sessionId, ...answers, language: 'en' }
			};
		})
	};
}
