-- Both sides in the browser: sessions, the thread, access links, notifications, and what the outbox shows at a glance.

create table sessions (
    guid uuid not null primary key,
    customer_guid uuid not null,
    user_guid uuid not null,
    session_sha256 bytea not null unique,
    user_agent text not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    foreign key (customer_guid, user_guid) references users (customer_guid, guid) on delete cascade
);
create index sessions_by_user on sessions (customer_guid, user_guid);
create index sessions_by_end on sessions (expires_at);

-- Links by which a user sets a password: `reset` for one who forgot it, `welcome` for one who never had one.
create table password_links (
    link_sha256 bytea not null primary key,
    customer_guid uuid not null,
    user_guid uuid not null,
    purpose text not null,
    created_at bigint not null,
    expires_at bigint not null,
    spent_at bigint,
    foreign key (customer_guid, user_guid) references users (customer_guid, guid) on delete cascade
);
create index password_links_by_user on password_links (customer_guid, user_guid);
create index password_links_by_end on password_links (expires_at);

-- Keys of this server, made when they are first needed: they sign what has to be recognised later.
create table server_keys (
    name text not null primary key,
    key bytea not null
);

alter table users add column mails_on_messages boolean not null default true;
alter table users add column mails_on_requests boolean not null default true;
-- Came in by a link that the sender copied: nobody has shown yet that the address is theirs.
alter table users add column is_unproven boolean not null default false;

-- Who made a token in the browser; none where the operator did.
alter table api_tokens add column made_by_name text;

-- The code is the link for people whose mail program breaks links. The entry is what a right code is exchanged for.
alter table activation_links add column code_sha256 bytea;
alter table activation_links add column code_attempts bigint not null default 0;
alter table activation_links add column entry_sha256 bytea;
-- Shown to the sender in place of a mail.
alter table activation_links add column is_copied boolean not null default false;
create unique index activation_links_by_entry on activation_links (entry_sha256) where entry_sha256 is not null;

-- Links that were replaced: whoever comes with one may ask for the new one.
create table old_links (
    link_sha256 bytea not null primary key,
    request_guid uuid not null references access_requests (guid) on delete cascade
);
create index old_links_by_request on old_links (request_guid);

alter table events add column side text;
alter table events add column actor_name text;
alter table events add column detail text;
create index events_by_customer on events (customer_guid, at, guid);

-- What an outbox shows of each request without looking elsewhere. `delivery` is the state of the newest mail to the
-- requestee: queued, sent, failed or kept; copied where somebody took the link to hand it over.
alter table access_requests add column access_link_guid uuid;
alter table access_requests add column delivery text not null default 'queued';
alter table access_requests add column delivered_at bigint;
alter table access_requests add column opened_at bigint;
alter table access_requests add column answered_at bigint;
alter table access_requests add column messages_count bigint not null default 0;
alter table access_requests add column last_message_at bigint;
alter table access_requests add column last_message_side text;
alter table access_requests add column thread_revision bigint not null default 0;

update access_requests set opened_at = accepted_at, delivered_at = accepted_at, delivery = 'sent'
    where accepted_at is not null;

-- Takes the place of the index that only sorted an outbox. It holds what the numbers of an outbox are counted from, so
-- that the wide rows are not read for them.
drop index access_requests_outbox;
create index access_requests_glance on access_requests (customer_guid, created_at, guid, requestee_company_guid, status,
    expires_at, trial_ends_at, requestee_user_guid, requestee_customer_guid, delivery, delivered_at, opened_at,
    accepted_at, answered_at, resolved_at, last_message_at, last_message_side);

-- What an inbox counts, without its rows.
create index access_requests_received on access_requests (requestee_company_guid, status, customer_guid);
create index access_requests_by_requestee on access_requests (lower(requestee_email)) where status = 'Pending';
create index access_requests_by_access_link on access_requests (access_link_guid) where access_link_guid is not null;
create index access_requests_asked on access_requests (customer_guid, lower(requestee_email)) where status = 'Requested';

-- The thread of a request. A deleted message keeps its row, without its text: both sides see that there was one.
-- `number` is the thread_revision of its writing, and the order of the thread. `revision` is that of the last change:
-- what a live reader has seen already. The author is a user, or the customer where a company token wrote.
create table messages (
    guid uuid not null primary key,
    request_guid uuid not null references access_requests (guid) on delete cascade,
    customer_guid uuid not null references customers (guid),
    number bigint not null,
    author_guid uuid not null,
    author_name text not null,
    side text not null,
    body text not null,
    created_at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    revision bigint not null
);
create unique index messages_by_number on messages (request_guid, number);
create index messages_by_revision on messages (request_guid, revision);

-- Up to when a user has seen a thread.
create table thread_reads (
    customer_guid uuid not null,
    user_guid uuid not null,
    request_guid uuid not null references access_requests (guid) on delete cascade,
    seen_at bigint not null,
    primary key (user_guid, request_guid),
    foreign key (customer_guid, user_guid) references users (customer_guid, guid) on delete cascade
);
create index thread_reads_by_request on thread_reads (request_guid);

-- A request that its recipient handed to a colleague, who takes over by coming in.
create table delegations (
    guid uuid not null primary key,
    request_guid uuid not null references access_requests (guid) on delete cascade,
    customer_guid uuid not null,
    from_guid uuid not null,
    to_guid uuid not null,
    created_at bigint not null,
    taken_at bigint,
    foreign key (customer_guid, to_guid) references users (customer_guid, guid) on delete cascade
);
create index delegations_by_user on delegations (customer_guid, to_guid);
create index delegations_by_request on delegations (request_guid);

-- Links by which people ask to be invited.
create table access_links (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    name text not null,
    description text not null,
    scope text,
    is_active boolean not null,
    created_at bigint not null,
    created_by_guid uuid not null,
    created_by_name text not null,
    updated_at bigint not null,
    updated_by_guid uuid not null,
    updated_by_name text not null,
    unique (customer_guid, guid)
);
create index access_links_by_customer on access_links (customer_guid, created_at, guid);

-- What a user is told inside the application; `number` counts up for each user.
create table notifications (
    customer_guid uuid not null,
    user_guid uuid not null,
    number bigint not null,
    request_guid uuid references access_requests (guid) on delete cascade,
    kind text not null,
    subject text not null,
    body text not null,
    at bigint not null,
    is_unread boolean not null,
    primary key (user_guid, number),
    foreign key (customer_guid, user_guid) references users (customer_guid, guid) on delete cascade
);
create index notifications_unread on notifications (user_guid) where is_unread;
create index notifications_by_request on notifications (request_guid);

-- How many findings of which severity a company has, for lists of companies.
create index findings_by_severity on findings (company_guid, severity_category, risk_vector);

-- What a customer sent to which company: the last request of each row of a portfolio, and which were never invited.
create index access_requests_by_company on access_requests (customer_guid, requestee_company_guid, created_at, guid);

create index mail_deliveries_failed on mail_deliveries (ended_at) where state = 'failed';
