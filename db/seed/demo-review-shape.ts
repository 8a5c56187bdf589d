// A review as the demo writes it down; demo-reviews.ts makes the rows.

export interface DemoReview {
	slug: string;
	host: string;
	hostLead: string;
	reviewLead: string;
	title: string;
	topic: string;
	visitTitle: string;
	days: number;
	source: string;
	closedOn: string | null;
	questions: string[];
	/** Slots of the whole team. */
	plenary: DemoSession[];
	groups: DemoGroup[];
}

interface DemoGroup {
	name: string;
	topic: string;
	members: [email: string, part: string][];
	sessions: DemoSession[];
}

export interface DemoSession {
	/** Names the session within its review: `opening`; within its group: `1`. */
	key: string;
	kind: 'plenary' | 'interview' | 'group-interview' | 'site-visit' | 'workshop' | 'team-meeting' | 'feedback';
	title: string;
	place: string;
	/** 0 is the first day of the visit. */
	day: number;
	from: string;
	to: string;
	met: string | null;
	language: string;
	interpreter: boolean;
}
