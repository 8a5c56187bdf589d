create schema if not exists basics;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Words without accents, for search and sorting of names in every language of the network.
-- unaccent() is only "stable"; naming its dictionary makes the result independent of search_path, so an index may use it.
create function basics.folded(words text) returns text language sql immutable parallel safe strict as
	$$ select lower(public.unaccent('public.unaccent'::regdictionary, words)) $$;

-- What the product itself remembers, one row a fact: the hash of the first-admin secret, whether the demo was seeded.
create table basics.settings (
	name text primary key,
	value jsonb not null,
	changed_at timestamptz not null default now()
);

-- Mails are written in the transaction that causes them and sent after it: a crash sends none twice and forgets none.
create table basics.mails (
	id uuid primary key,
	to_address text not null,
	language text not null,
	subject text not null,
	body text not null,
	created_at timestamptz not null,
	next_try_at timestamptz not null,
	tries int not null default 0,
	sent_at timestamptz,
	failure text
);
create index mails_waiting on basics.mails (next_try_at) where sent_at is null;

create table basics.files (
	id uuid primary key,
	subject_kind text not null,
	subject_id uuid not null,
	name text not null check (length(name) between 1 and 200),
	media_type text not null,
	bytes int not null check (bytes > 0),
	sha256 bytea not null,
	data bytea not null,
	created_by uuid not null,
	created_at timestamptz not null
);
alter table basics.files alter column data set storage external;
create index files_of_subject on basics.files (subject_kind, subject_id);

-- A form a person can fill in. A version never changes once it is there: what was answered keeps the wording it was
-- answered to.
create table basics.form_templates (
	id uuid primary key,
	code text not null check (code ~ '^[A-Z]{1,3}[0-9]+[a-z]?$'),
	version int not null check (version > 0),
	title text not null,
	language text not null,
	definition jsonb not null,
	created_at timestamptz not null,
	unique (code, version)
);
