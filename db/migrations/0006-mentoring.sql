create schema if not exists mentoring;

create table mentoring.schemes (
	id uuid primary key,
	programme_id uuid not null references network.programmes,
	no int not null,
	name text not null,
	theme text not null,
	source text,
	unique (programme_id, no)
);

create table mentoring.pairs (
	id uuid primary key,
	scheme_id uuid not null references mentoring.schemes,
	programme_id uuid not null references network.programmes,
	name text not null,
	since date not null,
	until date
);
create index pairs_of_programme on mentoring.pairs (programme_id);

-- Who sits where in a pair, with dates: a city may be replaced midway and the history stays.
create table mentoring.seats (
	id uuid primary key,
	pair_id uuid not null references mentoring.pairs,
	seat text not null check (seat in ('mentor', 'mentee', 'mentor-association', 'mentee-association', 'facilitator')),
	organisation_id uuid not null references network.organisations,
	since date not null,
	until date check (until >= since),
	reason text
);
-- A seat is held by one organisation at a time (its association may sit in two pairs).
create unique index seats_held_once on mentoring.seats (pair_id, seat) where until is null;
create index seats_of_organisation on mentoring.seats (organisation_id);

create table mentoring.pair_visits (
	pair_id uuid not null references mentoring.pairs,
	no int not null check (no between 1 and 9),
	visit_id uuid not null references visits.visits,
	primary key (pair_id, no)
);
create index pair_visits_by_visit on mentoring.pair_visits (visit_id);

create table mentoring.plans (
	id uuid primary key,
	pair_id uuid not null references mentoring.pairs,
	owner_id uuid not null references network.organisations,
	title text not null,
	language text not null,
	created_at timestamptz not null
);
create index plans_of_pair on mentoring.plans (pair_id);

-- The projection of the plan's live document: its sections as they stood at projected_seq.
create table mentoring.plan_sections (
	plan_id uuid not null references mentoring.plans on delete cascade,
	no int not null,
	heading text not null,
	words text not null,
	-- Counted when it is written, because a programme's page shows the sum for each of its plans.
	word_count int not null generated always as (
		case when btrim(words) = '' then 0 else cardinality(regexp_split_to_array(btrim(words), '\s+')) end
	) stored,
	primary key (plan_id, no)
);

-- What changed in which section, and who wrote: told to the programme page.
create table mentoring.plan_changes (
	id uuid primary key,
	plan_id uuid not null references mentoring.plans on delete cascade,
	programme_id uuid not null references network.programmes,
	heading text not null,
	people uuid[] not null,
	words_added int not null,
	words_removed int not null,
	excerpt text not null,
	from_seq bigint not null,
	upto_seq bigint not null,
	first_at timestamptz not null,
	last_at timestamptz not null,
	unique (plan_id, heading, from_seq)
);
create index plan_changes_of_plan on mentoring.plan_changes (plan_id, last_at desc);
