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
	closed_at timestamptz,
	-- Counted as notes come (below), so that a programme's page costs what it shows and not what is stored.
	notes_sent int not null default 0,
	drafts int not null default 0,
	last_sent_at timestamptz
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

-- One count a statement, whatever it changed: a trigger, because a use case that forgot it would make the page lie.
create function reviews.count_notes() returns trigger language plpgsql as $$
begin
	if tg_op in ('UPDATE', 'DELETE') then
		update reviews.reviews r set notes_sent = r.notes_sent - gone.sent, drafts = r.drafts - gone.drafts
		from (
			select review_id, count(sent_at) as sent, count(*) - count(sent_at) as drafts from old_notes group by review_id
		) gone where r.id = gone.review_id;
	end if;
	if tg_op in ('UPDATE', 'INSERT') then
		update reviews.reviews r set notes_sent = r.notes_sent + come.sent, drafts = r.drafts + come.drafts,
			last_sent_at = greatest(r.last_sent_at, come.last_at)
		from (
			select review_id, count(sent_at) as sent, count(*) - count(sent_at) as drafts, max(sent_at) as last_at
			from new_notes group by review_id
		) come where r.id = come.review_id;
	end if;
	return null;
end $$;
create trigger notes_come after insert on reviews.notes
	referencing new table as new_notes for each statement execute function reviews.count_notes();
create trigger notes_change after update on reviews.notes
	referencing old table as old_notes new table as new_notes for each statement execute function reviews.count_notes();
create trigger notes_go after delete on reviews.notes
	referencing old table as old_notes for each statement execute function reviews.count_notes();

-- The sent answers, one row a question, so that many notes can be read side by side.
create table reviews.answers (
	note_id uuid not null references reviews.notes on delete cascade,
	question_id text not null,
	visibility text not null,
	value jsonb not null,
	primary key (note_id, question_id)
);
create index answers_of_question on reviews.answers (question_id);
