create schema if not exists progress;

-- What happened in a programme, newest first, as its lead may see it: names of forms and people, never answers.
create table progress.activity (
	id uuid primary key,
	programme_id uuid not null references network.programmes,
	at timestamptz not null,
	kind text not null,
	person_ids uuid[] not null,
	subject_kind text not null,
	subject_id uuid not null,
	detail jsonb not null,
	-- The same happening told again replaces its row.
	told_once text not null unique
);
create index activity_in_order on progress.activity (programme_id, at desc, id desc);
