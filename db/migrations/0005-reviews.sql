create schema if not exists reviews;

create table reviews.reviews (
	id uuid primary key,
	programme_id uuid not null references network.programmes,
	visit_id uuid not null references visits.visits,
	host_id uuid not null references network.organisations,
	title text not null,
	topic text not null,
	template text not null,
	language text not null,
	closed_at timestamptz
);
create index reviews_of_programme on reviews.reviews (programme_id);
create index reviews_of_visit on reviews.reviews (visit_id);

create table reviews.guiding_questions (
	id uuid primary key,
	review_id uuid not null references reviews.reviews,
	no int not null,
	text text not null,
	language text not null,
	unique (review_id, no)
);

-- Due dates are not kept: they follow from the first day of the visit, so moving it moves them all.
create table reviews.steps (
	id uuid primary key,
	review_id uuid not null references reviews.reviews,
	no int not null,
	title text not null,
	phase text not null,
	owner text not null,
	form_codes text[] not null,
	offset_days int not null,
	unique (review_id, no)
);

-- A filled-in form of a visiting expert. The draft is a live document; on sending the answers are frozen here.
create table reviews.notes (
	id uuid primary key,
	review_id uuid not null references reviews.reviews,
	session_id uuid references visits.sessions,
	group_id uuid references visits.groups,
	template_id uuid not null references basics.form_templates,
	author_id uuid not null references network.people,
	-- Who holds it now: the author, or the colleague it was handed over to.
	holder_id uuid not null references network.people,
	language text not null,
	started_at timestamptz not null,
	changed_at timestamptz not null,
	sent_at timestamptz,
	sent_seq bigint,
	answers jsonb not null default '{}'
);
create index notes_of_review on reviews.notes (review_id, sent_at desc);
create index notes_of_holder on reviews.notes (holder_id);
create index notes_of_session on reviews.notes (session_id);

-- The sent answers, one row a question, so that many notes can be read side by side.
create table reviews.answers (
	note_id uuid not null references reviews.notes on delete cascade,
	question_id text not null,
	visibility text not null,
	value jsonb not null,
	primary key (note_id, question_id)
);
create index answers_of_question on reviews.answers (question_id);
