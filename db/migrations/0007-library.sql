create schema if not exists library;

create table library.practices (
	id uuid primary key,
	slug text not null unique,
	organisation_id uuid not null references network.organisations,
	title text not null check (length(title) <= 100),
	one_line text not null check (length(one_line) <= 160),
	theme text not null,
	principles int[] not null default '{}',
	state text not null check (state in ('draft', 'published', 'outdated')),
	language text not null,
	content jsonb not null default '{}',
	published_at timestamptz,
	source text
);
create index practices_of_organisation on library.practices (organisation_id);

create table library.pledges (
	id uuid primary key,
	no int not null unique,
	organisation_id uuid not null references network.organisations,
	title text not null,
	principles int[] not null check (cardinality(principles) >= 1),
	signed_on date,
	signatory_function text,
	language text not null,
	-- Amounts differ in kind: a year, in all, over a period, or none named.
	measures jsonb not null default '[]',
	source text
);
create index pledges_of_organisation on library.pledges (organisation_id);
