/**
 * What each column of the database holds, seen by the person it is about. A test compares the list with the database:
 * a new column is classified in the change that brings it.
 *
 * - `none`: about no person
 * - `content`: words people wrote; may mention people
 * - `personal`: who somebody is, or where one person belongs or what they did
 * - `personal-sensitive`: personal, and harmful in wrong hands: what forms ask about needs and people met, codes in mails
 * - `secret-hash`: the hash of a secret; the secret itself is nowhere
 */
export type ColumnClass = 'none' | 'content' | 'personal' | 'personal-sensitive' | 'secret-hash';

export interface Kept {
	/** Days after the moment in a column, as the clock deletes them; or why rows stay. */
	purge: { days: number; after: string } | `no purge yet: ${string}` | `stays: ${string}`;
	/** Whether `exportMyData` hands it to the person. */
	exported: 'whole rows' | `in part: ${string}` | `not yet: ${string}` | `no: ${string}`;
	/** What happens when a person is erased. */
	erased: `not yet: ${string}` | `no: ${string}`;
}

const none = 'none';
const content = 'content';
const personal = 'personal';
const sensitive = 'personal-sensitive';
const hash = 'secret-hash';

export const classification: Record<string, Record<string, ColumnClass>> = {
	'basics.migrations': { name: none, checksum: none, applied_at: none },
	// One of the values is the hash of the first admin's one-time secret.
	'basics.settings': { name: none, value: hash, changed_at: none },
	// A sign-in mail names its code and its link; its words are emptied once it is sent.
	'basics.mails': {
		id: none,
		to_address: personal,
		language: personal,
		subject: sensitive,
		body: sensitive,
		created_at: none,
		next_try_at: none,
		tries: none,
		sent_at: none,
		failure: personal
	},
	'basics.files': {
		id: none,
		subject_kind: none,
		subject_id: none,
		name: content,
		media_type: none,
		bytes: none,
		sha256: none,
		data: content,
		created_by: personal,
		created_at: personal
	},
	'basics.form_templates': {
		id: none,
		code: none,
		version: none,
		title: content,
		language: none,
		definition: content,
		created_at: none
	},

	'network.organisations': {
		id: none,
		slug: none,
		kind: none,
		name: none,
		short_name: none,
		country: none,
		languages: none,
		population: none,
		population_year: none,
		population_source: none,
		colour: none,
		about: content,
		source: content,
		created_at: none
	},
	'network.observatories': {
		id: none,
		slug: none,
		name: none,
		organisation_id: none,
		country: none,
		languages: none,
		since: none,
		until: none,
		source: content
	},
	'network.programmes': {
		id: none,
		slug: none,
		name: none,
		aim: content,
		funder: none,
		funder_statement: content,
		led_by: none,
		language: none,
		since: none,
		until: none,
		source: content
	},
	'network.programme_events': {
		id: none,
		programme_id: none,
		starts_on: none,
		ends_on: none,
		title: content,
		source: content
	},
	'network.people': {
		id: personal,
		name: personal,
		email: personal,
		language: personal,
		time_zone: personal,
		demo: none,
		created_at: personal,
		deactivated_at: personal
	},
	'network.affiliations': {
		person_id: personal,
		organisation_id: personal,
		function: personal,
		since: personal,
		until: personal
	},
	'network.roles': {
		id: none,
		person_id: personal,
		role: personal,
		scope_kind: none,
		scope_id: personal,
		organisation_id: personal,
		since: personal,
		until: personal,
		granted_by: personal,
		granted_at: none,
		handed_to: none
	},
	// `id` is half of the cookie; the other half is the secret.
	'network.sessions': {
		id: personal,
		secret_hash: hash,
		person_id: personal,
		device: personal,
		created_at: personal,
		seen_at: personal,
		expires_at: none
	},
	'network.sign_ins': {
		id: none,
		email: personal,
		person_id: personal,
		browser_hash: hash,
		code_hash: hash,
		link_hash: hash,
		tries: none,
		created_at: personal,
		expires_at: none,
		used_at: personal
	},
	'network.invitations': {
		id: none,
		token_hash: hash,
		email: personal,
		name: personal,
		language: personal,
		role: personal,
		scope_kind: none,
		scope_id: personal,
		organisation_id: personal,
		invited_by: personal,
		created_at: none,
		expires_at: none,
		accepted_at: personal,
		accepted_by: personal,
		withdrawn_at: none
	},
	'network.handovers': {
		id: none,
		from_person: personal,
		to_person: personal,
		done_by: personal,
		done_at: personal,
		items: personal
	},
	'network.audit': {
		id: none,
		at: personal,
		person_id: personal,
		act: personal,
		subject_kind: none,
		subject_id: personal,
		result: none,
		detail: personal
	},

	'collaboration.documents': {
		id: none,
		kind: none,
		subject_id: none,
		epoch: none,
		head_seq: none,
		projected_seq: none,
		dirty_at: none,
		bytes: none,
		created_at: none,
		frozen_at: none
	},
	// The letters of every draft, with who typed them when: also of notes that were never sent.
	'collaboration.updates': {
		document_id: none,
		seq: none,
		message_id: none,
		person_id: personal,
		at: personal,
		data: sensitive
	},
	'collaboration.snapshots': { document_id: none, upto_seq: none, data: sensitive, made_at: none },
	'collaboration.client_ids': { document_id: none, client_id: none, person_id: personal },

	'visits.visits': {
		id: none,
		programme_id: none,
		host_id: none,
		title: content,
		kind: none,
		mode: none,
		starts_on: none,
		ends_on: none,
		time_zone: none,
		source: content
	},
	'visits.visiting_cities': { visit_id: none, organisation_id: none },
	'visits.groups': { id: none, visit_id: none, name: content, topic: content, colour: none },
	'visits.group_members': { group_id: none, person_id: personal, part: personal, since: personal, until: personal },
	// Whom the visitors meet; functions only where they are service users, but nothing holds a writer to it.
	'visits.sessions': {
		id: none,
		visit_id: none,
		group_id: none,
		kind: none,
		title: content,
		place: content,
		starts_at: none,
		ends_at: none,
		people_met: personal,
		language: none,
		interpreter: none
	},

	'reviews.reviews': {
		id: none,
		programme_id: none,
		visit_id: none,
		host_id: none,
		title: content,
		topic: content,
		template: none,
		language: none,
		closed_at: none,
		notes_sent: none,
		drafts: none,
		last_sent_at: none
	},
	'reviews.guiding_questions': { id: none, review_id: none, no: none, text: content, language: none },
	'reviews.steps': {
		id: none,
		review_id: none,
		no: none,
		title: content,
		phase: none,
		owner: none,
		form_codes: none,
		offset_days: none
	},
	// Answers quote people met, and form F3 asks for access needs and diet.
	'reviews.notes': {
		id: none,
		review_id: none,
		session_id: none,
		group_id: none,
		template_id: none,
		author_id: personal,
		holder_id: personal,
		language: none,
		started_at: personal,
		changed_at: personal,
		sent_at: personal,
		sent_seq: none,
		answers: sensitive
	},
	'reviews.answers': { note_id: none, question_id: none, visibility: none, value: sensitive },

	'mentoring.schemes': { id: none, programme_id: none, no: none, name: content, theme: content, source: content },
	'mentoring.pairs': { id: none, scheme_id: none, programme_id: none, name: content, since: none, until: none },
	'mentoring.seats': {
		id: none,
		pair_id: none,
		seat: none,
		organisation_id: none,
		since: none,
		until: none,
		reason: content
	},
	'mentoring.pair_visits': { pair_id: none, no: none, visit_id: none },
	'mentoring.plans': {
		id: none,
		pair_id: none,
		owner_id: none,
		title: content,
		language: none,
		created_at: none
	},
	'mentoring.plan_sections': { plan_id: none, no: none, heading: content, words: content, word_count: none },
	'mentoring.plan_changes': {
		id: none,
		plan_id: none,
		programme_id: none,
		heading: content,
		people: personal,
		words_added: none,
		words_removed: none,
		excerpt: content,
		from_seq: none,
		upto_seq: none,
		first_at: personal,
		last_at: personal
	},

	'library.practices': {
		id: none,
		slug: none,
		organisation_id: none,
		title: content,
		one_line: content,
		theme: none,
		principles: none,
		state: none,
		language: none,
		content,
		published_at: none,
		source: content
	},
	// Whose function signed, not who: with the city and the day that is one person.
	'library.pledges': {
		id: none,
		no: none,
		organisation_id: none,
		title: content,
		principles: none,
		signed_on: none,
		signatory_function: personal,
		language: none,
		measures: content,
		source: content
	},

	'progress.activity': {
		id: none,
		programme_id: none,
		at: personal,
		kind: none,
		person_ids: personal,
		subject_kind: none,
		subject_id: none,
		detail: content,
		told_once: none
	}
};

const nobodyYet = 'there is no way to erase a person so far';

/** For every table with a personal column: how long rows stay, and what the person gets of them. */
export const kept: Record<string, Kept> = {
	'basics.mails': {
		purge: { days: 30, after: 'created_at' },
		exported: 'in part: subject and times, found by address; bodies hold codes and stay here',
		erased: `not yet: ${nobodyYet}; mails are gone after thirty days in any case`
	},
	'basics.files': {
		purge: 'no purge yet: a file lives as long as the note it belongs to, and notes have no end yet',
		exported: 'in part: name, size and time; the bytes are downloaded where they belong',
		erased: `not yet: ${nobodyYet}; the file is the review's, its maker is to become nobody`
	},
	'network.people': {
		purge: 'no purge yet: a person stays while a role, a note or a handover names them',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; name and address are to be replaced, the row stays for history`
	},
	'network.affiliations': {
		purge: 'no purge yet: history keeps who worked where',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; the row stays, the person in it has no name any more`
	},
	'network.roles': {
		purge: 'stays: roles are ended, never deleted, so that history keeps both names after a handover',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; the row stays, the person in it has no name any more`
	},
	'network.sessions': {
		purge: { days: 30, after: 'seen_at' },
		exported: 'in part: device and times; the halves of the cookie stay here',
		erased: `not yet: ${nobodyYet}; signing out and handing over delete rows`
	},
	'network.sign_ins': {
		purge: { days: 7, after: 'created_at' },
		exported: 'in part: address and times; hashes stay here',
		erased: `not yet: ${nobodyYet}; sign-ins are gone after seven days in any case`
	},
	'network.invitations': {
		purge: 'no purge yet: an invitation nobody accepts keeps a name and an address after its fourteen days',
		exported: 'in part: those to the address of the person',
		erased: `not yet: ${nobodyYet}; invitations to the address are to be deleted`
	},
	'network.handovers': {
		purge: 'stays: who answered for what, and since when, is the record of a programme',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; the row stays, the person in it has no name any more`
	},
	'network.audit': {
		purge: 'no purge yet: how long the trail is kept is for the network to decide',
		exported: 'whole rows',
		erased: 'no: who did what must stay provable; the trail names people only by id'
	},
	'collaboration.updates': {
		purge: 'no purge yet: the log of a frozen note and the old part of a plan could be replaced by a snapshot',
		exported: "not yet: the person's own words are to come with their notes",
		erased: `not yet: ${nobodyYet}; the words are the document's, the writer is to become nobody`
	},
	'collaboration.snapshots': {
		purge: 'no purge yet: a snapshot is the document itself',
		exported: 'no: a whole document belongs to all who wrote in it',
		erased: 'no: it does not say who wrote what'
	},
	'collaboration.client_ids': {
		purge: 'no purge yet: goes with its document',
		exported: 'no: a number that a browser drew by chance says nothing about its person',
		erased: `not yet: ${nobodyYet}; goes with its document`
	},
	'visits.group_members': {
		purge: 'stays: who visited whom is the record of a visit',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; the row stays, the person in it has no name any more`
	},
	'visits.sessions': {
		purge: 'no purge yet: people met could be forgotten once the report is published',
		exported: 'no: people met have no account; the host answers for what is written here',
		erased: `not yet: ${nobodyYet}; the host changes the words`
	},
	'reviews.notes': {
		purge: 'no purge yet: how long notes outlive their report is for the network to decide',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; what was sent stays with the review, drafts go`
	},
	'reviews.answers': {
		purge: 'no purge yet: goes with its note',
		exported: "no: the same words as in the note's row",
		erased: `not yet: ${nobodyYet}; stays with its note`
	},
	'mentoring.plan_changes': {
		purge: 'no purge yet: old lines could go once nobody shows them',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; the id is to be taken out of the list`
	},
	'library.pledges': {
		purge: 'stays: a pledge is a public document',
		exported: 'no: it names a function, not a person with an account',
		erased: 'no: a pledge is a public document'
	},
	'progress.activity': {
		purge: 'no purge yet: lines older than a programme could go',
		exported: 'whole rows',
		erased: `not yet: ${nobodyYet}; the id is to be taken out of the list`
	}
};
