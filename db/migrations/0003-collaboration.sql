create schema if not exists collaboration;

-- A live document: a log of updates that nobody rewrites, and a number that says how long it is.
create table collaboration.documents (
	id uuid primary key,
	kind text not null,
	subject_id uuid not null,
	-- Changes when the history is replaced; a browser with another epoch must not merge its copy in.
	epoch uuid not null,
	head_seq bigint not null default 0,
	projected_seq bigint not null default 0,
	-- When the last update came; the projection waits for a quiet moment after it.
	dirty_at timestamptz,
	bytes bigint not null default 0,
	created_at timestamptz not null,
	frozen_at timestamptz,
	unique (kind, subject_id)
);
create index documents_dirty on collaboration.documents (dirty_at) where dirty_at is not null;

-- seq is gapless and in commit order for each document: it is taken under the row lock of the document.
create table collaboration.updates (
	document_id uuid not null references collaboration.documents on delete cascade,
	seq bigint not null,
	message_id uuid not null,
	person_id uuid,
	at timestamptz not null,
	data bytea not null,
	primary key (document_id, seq)
);
alter table collaboration.updates alter column data set storage external;
-- Sending again what is stored already adds nothing.
create unique index updates_once on collaboration.updates (document_id, message_id);

create table collaboration.snapshots (
	document_id uuid primary key references collaboration.documents on delete cascade,
	upto_seq bigint not null,
	data bytea not null,
	made_at timestamptz not null
);
alter table collaboration.snapshots alter column data set storage external;

-- A Yjs client id belongs to the person who first wrote with it; nobody else may write under it.
create table collaboration.client_ids (
	document_id uuid not null references collaboration.documents on delete cascade,
	client_id bigint not null,
	person_id uuid not null,
	primary key (document_id, client_id)
);
