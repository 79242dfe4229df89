-- The directory: companies, what is known about them, and who works with them.
-- Types are the common ones of SQLite and PostgreSQL: times are bigint (milliseconds since 1970, UTC), dates are
-- text (YYYY-MM-DD), guids are uuid (16 bytes), JSON is text.

create table companies (
    guid uuid not null primary key,
    name text not null,
    shortname text not null,
    primary_domain text not null,
    homepage text,
    type text not null,
    industry_name text,
    industry_slug text,
    sub_industry_name text,
    sub_industry_slug text,
    description text,
    people_count bigint,
    ipv4_count bigint
);

create table company_domains (
    company_guid uuid not null references companies (guid) on delete cascade,
    domain text not null,
    position bigint not null,
    primary key (company_guid, domain)
);
create index company_domains_by_domain on company_domains (domain);

create table company_ratings (
    company_guid uuid not null references companies (guid) on delete cascade,
    rating_date text not null,
    rating bigint,
    risk_vectors text not null,
    primary key (company_guid, rating_date)
);

create table findings (
    company_guid uuid not null references companies (guid) on delete cascade,
    rolledup_observation_id text not null,
    risk_vector text not null,
    risk_category text,
    severity double precision,
    severity_category text,
    evidence_key text,
    first_seen text,
    last_seen text,
    affects_rating boolean not null,
    assets text not null,
    details text not null,
    remediation text not null,
    tags text not null,
    primary key (company_guid, rolledup_observation_id)
);

create table customers (
    guid uuid not null primary key,
    name text not null,
    type text not null,
    my_company_guid uuid references companies (guid),
    is_active boolean not null,
    trial_duration bigint not null,
    access_ends_at bigint,
    created_at bigint not null
);
create index customers_by_my_company on customers (my_company_guid);

create table user_groups (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    name text not null,
    is_default boolean not null,
    unique (customer_guid, guid)
);

create table users (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    email text not null,
    email_key text not null,
    friendly_name text not null,
    formal_name text not null,
    first_name text not null,
    last_name text not null,
    phone_number text,
    role text not null,
    group_guid uuid,
    status text not null,
    tos_date text,
    last_login text,
    is_collaboration_contact boolean not null,
    password_hash text,
    created_at bigint not null,
    unique (customer_guid, guid),
    unique (customer_guid, email_key),
    foreign key (customer_guid, group_guid) references user_groups (customer_guid, guid)
);
create index users_by_email on users (email_key);
create index users_to_be_told on users (customer_guid) where is_collaboration_contact;

create table api_tokens (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    user_guid uuid,
    description text not null,
    token_sha256 bytea not null unique,
    last_four text not null,
    created_at bigint not null,
    revoked_at bigint,
    foreign key (customer_guid, user_guid) references users (customer_guid, guid) on delete cascade
);
create index api_tokens_by_customer on api_tokens (customer_guid);

create table tiers (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    name text not null,
    rank bigint not null,
    unique (customer_guid, guid)
);

create table folders (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    name text not null,
    unique (customer_guid, guid)
);

create table folder_companies (
    customer_guid uuid not null,
    folder_guid uuid not null,
    company_guid uuid not null references companies (guid) on delete cascade,
    primary key (folder_guid, company_guid),
    foreign key (customer_guid, folder_guid) references folders (customer_guid, guid) on delete cascade
);

create table portfolio (
    customer_guid uuid not null references customers (guid) on delete cascade,
    company_guid uuid not null references companies (guid) on delete cascade,
    tier_guid uuid,
    custom_id text,
    added_date text not null,
    subscription_type text,
    relationship text,
    life_cycle text,
    primary key (customer_guid, company_guid),
    foreign key (customer_guid, tier_guid) references tiers (customer_guid, guid)
);
create index portfolio_by_tier on portfolio (tier_guid, company_guid);

create table contacts (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    company_guid uuid not null references companies (guid) on delete cascade,
    friendly_name text not null,
    formal_name text not null,
    email text not null,
    phone_number text,
    created_at bigint not null,
    unique (customer_guid, guid)
);
create index contacts_by_company on contacts (customer_guid, company_guid, created_at);

-- The access request. Names are those of the day it was sent: a record has to stay as it was.
-- risk_vectors_json, observations_json and third_parties_json hold what the API answers, ready to be passed on.
create table access_requests (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid),
    requester_guid uuid not null,
    requester_email text not null,
    requester_first_name text not null,
    requester_last_name text not null,
    requester_friendly_name text not null,
    requester_formal_name text not null,
    requester_company_guid uuid,
    requester_company_name text not null,
    requester_customer_name text not null,
    requestee_customer_guid uuid,
    requestee_user_guid uuid,
    requestee_first_name text not null,
    requestee_last_name text not null,
    requestee_friendly_name text not null,
    requestee_formal_name text not null,
    requestee_email text not null,
    requestee_phone text not null,
    requestee_company_guid uuid not null references companies (guid),
    requestee_company_name text not null,
    requestee_tos_date text,
    message text not null,
    notes text,
    ccs text,
    reason text not null,
    hubspot_status text not null,
    status text not null,
    is_read boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    email_sent_at bigint not null,
    expires_at bigint not null,
    trial_duration bigint not null,
    accepted_at bigint,
    trial_ends_at bigint,
    resolved_at bigint,
    resolved_by_guid uuid,
    resolved_by_name text,
    context_date text,
    context_rating bigint,
    risk_vectors_mask bigint not null,
    risk_vectors_json text not null,
    observations_count bigint not null,
    observations_json text not null,
    third_parties_json text not null,
    foreign key (requestee_customer_guid, requestee_user_guid) references users (customer_guid, guid)
);
create index access_requests_outbox on access_requests (customer_guid, created_at, guid);
create index access_requests_inbox on access_requests (requestee_company_guid, created_at, guid);
create index access_requests_changed on access_requests (customer_guid, updated_at);
create index access_requests_of_guests on access_requests (requestee_customer_guid, created_at, guid)
    where requestee_customer_guid is not null;
create index access_requests_unread on access_requests (requestee_company_guid) where not is_read;
create index access_requests_waiting on access_requests (expires_at) where status = 'Pending';
create index access_requests_on_trial on access_requests (trial_ends_at) where status = 'Active' and trial_ends_at is not null;

create table activation_links (
    request_guid uuid not null primary key references access_requests (guid) on delete cascade,
    link_sha256 bytea not null unique,
    expires_at bigint not null,
    spent_at bigint
);

create table events (
    guid uuid not null primary key,
    customer_guid uuid not null,
    request_guid uuid not null references access_requests (guid) on delete cascade,
    kind text not null,
    actor_guid uuid,
    at bigint not null
);
create index events_by_request on events (request_guid, at, guid);

-- Mail: one message, one delivery for each person who gets it.
create table mail_messages (
    guid uuid not null primary key,
    customer_guid uuid not null,
    request_guid uuid references access_requests (guid) on delete cascade,
    kind text not null,
    subject text not null,
    bytes bytea,
    created_at bigint not null
);
create index mail_messages_by_customer on mail_messages (customer_guid, created_at, guid);
create index mail_messages_by_request on mail_messages (request_guid);

create table mail_deliveries (
    guid uuid not null primary key,
    message_guid uuid not null references mail_messages (guid) on delete cascade,
    recipient text not null,
    state text not null,
    attempts bigint not null,
    next_at bigint not null,
    lease bigint not null,
    reply_code bigint,
    reply text,
    ended_at bigint
);
create index mail_deliveries_due on mail_deliveries (next_at) where state = 'queued';
create index mail_deliveries_by_message on mail_deliveries (message_guid);

create table idempotency_keys (
    caller_guid uuid not null,
    key text not null,
    fingerprint bytea not null,
    status bigint not null,
    body bytea not null,
    created_at bigint not null,
    primary key (caller_guid, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
