create schema if not exists network;

-- A city administration, a national association of cities, the network's secretariat or an expert partner.
create table network.organisations (
	id uuid primary key,
	slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
	kind text not null check (kind in ('city', 'association', 'secretariat', 'expert-partner')),
	name text not null check (length(name) between 1 and 200),
	short_name text,
	country text not null check (country ~ '^[A-Z]{2}$'),
	languages text[] not null default '{}',
	population int check (population > 0),
	population_year int,
	population_source text,
	colour int not null default 0 check (colour between 0 and 11),
	about text,
	source text,
	created_at timestamptz not null
);
create index organisations_words on network.organisations using gin (basics.folded(name) gin_trgm_ops);
create index organisations_by_country on network.organisations (kind, country, name);

create table network.observatories (
	id uuid primary key,
	slug text not null unique,
	name text not null,
	organisation_id uuid not null references network.organisations,
	country text not null check (country ~ '^[A-Z]{2}$'),
	languages text[] not null,
	since date not null,
	until date,
	source text
);

create table network.programmes (
	id uuid primary key,
	slug text not null unique,
	name text not null,
	aim text not null,
	funder text,
	funder_statement text,
	led_by uuid not null references network.organisations,
	language text not null,
	since date not null,
	until date,
	source text
);

-- What happened or shall happen in a programme, as its partners announced it.
create table network.programme_events (
	id uuid primary key,
	programme_id uuid not null references network.programmes,
	starts_on date not null,
	ends_on date not null check (ends_on >= starts_on),
	title text not null,
	source text
);
create index programme_events_in_order on network.programme_events (programme_id, starts_on);

create table network.people (
	id uuid primary key,
	name text not null check (length(name) between 1 and 200),
	email text not null check (email = lower(email)),
	language text not null,
	time_zone text not null,
	demo boolean not null default false,
	created_at timestamptz not null,
	deactivated_at timestamptz
);
create unique index people_by_email on network.people (email);
create index people_by_name on network.people (name, id) where deactivated_at is null;
create index people_words on network.people using gin (basics.folded(name) gin_trgm_ops);

create table network.affiliations (
	person_id uuid not null references network.people,
	organisation_id uuid not null references network.organisations,
	function text not null,
	since date not null,
	until date check (until >= since),
	primary key (person_id, organisation_id, since)
);
create index affiliations_of_organisation on network.affiliations (organisation_id);

-- Who may do what, where, from when to when. Ended, never deleted: history keeps both names after a handover.
create table network.roles (
	id uuid primary key,
	person_id uuid not null references network.people,
	role text not null check (role in ('admin', 'observatory-editor', 'project-lead', 'facilitator', 'review-lead',
		'visiting-expert', 'host-lead', 'mentor', 'mentee', 'association', 'guest')),
	scope_kind text not null check (scope_kind in ('network', 'observatory', 'programme', 'review', 'pair')),
	scope_id uuid not null,
	organisation_id uuid references network.organisations,
	since date not null,
	until date check (until >= since),
	granted_by uuid references network.people,
	granted_at timestamptz not null,
	handed_to uuid references network.roles
);
create index roles_of_person on network.roles (person_id);
create index roles_of_scope on network.roles (scope_kind, scope_id);
-- One person holds one role in one place once at a time; two clicks on "hand over" make one seat.
create unique index roles_held_once on network.roles (person_id, role, scope_kind, scope_id) where until is null;

create table network.sessions (
	id text primary key,
	secret_hash bytea not null,
	person_id uuid not null references network.people,
	device text not null,
	created_at timestamptz not null,
	seen_at timestamptz not null,
	expires_at timestamptz not null
);
create index sessions_of_person on network.sessions (person_id);

-- A sign-in that was asked for. For an unknown address a row is kept all the same, so both answers cost the same.
create table network.sign_ins (
	id uuid primary key,
	email text not null,
	person_id uuid references network.people,
	browser_hash bytea not null,
	code_hash bytea not null,
	link_hash bytea not null unique,
	tries int not null default 0,
	created_at timestamptz not null,
	expires_at timestamptz not null,
	used_at timestamptz
);
create index sign_ins_of_address on network.sign_ins (email, created_at);

create table network.invitations (
	id uuid primary key,
	token_hash bytea not null unique,
	email text not null,
	name text not null,
	language text not null,
	role text not null,
	scope_kind text not null,
	scope_id uuid not null,
	organisation_id uuid references network.organisations,
	invited_by uuid not null references network.people,
	created_at timestamptz not null,
	expires_at timestamptz not null,
	accepted_at timestamptz,
	accepted_by uuid references network.people,
	withdrawn_at timestamptz
);
create index invitations_of_scope on network.invitations (scope_kind, scope_id);

create table network.handovers (
	id uuid primary key,
	from_person uuid not null references network.people,
	to_person uuid not null references network.people,
	done_by uuid not null references network.people,
	done_at timestamptz not null,
	items jsonb not null
);

-- Who did what to what, and whether it was allowed. Only ever added to.
create table network.audit (
	id bigint generated always as identity primary key,
	at timestamptz not null,
	person_id uuid,
	act text not null,
	subject_kind text not null,
	subject_id text not null,
	result text not null check (result in ('done', 'refused')),
	detail jsonb not null default '{}'
);
create index audit_by_time on network.audit (at desc, id desc);
create index audit_of_subject on network.audit (subject_kind, subject_id, id desc);
