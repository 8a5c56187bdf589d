create schema if not exists visits;

create table visits.visits (
	id uuid primary key,
	programme_id uuid not null references network.programmes,
	host_id uuid not null references network.organisations,
	title text not null,
	kind text not null check (kind in ('critical-friend-review', 'study-visit', 'mentoring-visit', 'policy-transfer')),
	mode text not null check (mode in ('on-site', 'online', 'hybrid')),
	starts_on date not null,
	ends_on date not null check (ends_on >= starts_on),
	time_zone text not null,
	source text
);
create index visits_of_programme on visits.visits (programme_id, starts_on);

create table visits.visiting_cities (
	visit_id uuid not null references visits.visits,
	organisation_id uuid not null references network.organisations,
	primary key (visit_id, organisation_id)
);

create table visits.groups (
	id uuid primary key,
	visit_id uuid not null references visits.visits,
	name text not null,
	topic text not null,
	colour int not null default 0
);
create index groups_of_visit on visits.groups (visit_id);

create table visits.group_members (
	group_id uuid not null references visits.groups,
	person_id uuid not null references network.people,
	part text not null check (part in ('group-lead', 'lead-interviewer', 'second-interviewer', 'note-taker', 'time-keeper',
		'language-helper', 'presenter', 'rapporteur')),
	since date not null,
	until date,
	primary key (group_id, person_id, since)
);
create index group_members_of_person on visits.group_members (person_id);

-- One slot of the visit programme.
create table visits.sessions (
	id uuid primary key,
	visit_id uuid not null references visits.visits,
	group_id uuid references visits.groups,
	kind text not null check (kind in ('plenary', 'interview', 'group-interview', 'site-visit', 'workshop', 'team-meeting',
		'feedback')),
	title text not null,
	place text,
	starts_at timestamptz not null,
	ends_at timestamptz not null check (ends_at > starts_at),
	people_met text,
	language text,
	interpreter boolean not null default false
);
create index sessions_of_visit on visits.sessions (visit_id, starts_at);
