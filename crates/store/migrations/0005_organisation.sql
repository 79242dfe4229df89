-- Folders, tiers, groups, subscriptions, contacts.

alter table folders add column description text not null default '';
alter table folders add column content_expiry_days bigint;
alter table folders add column owner_guid uuid;
alter table folders add column position bigint not null default 0;
-- When a company was put into a folder, and when it leaves it again by itself.
alter table folder_companies add column added_at bigint not null default 0;
alter table folder_companies add column expires_at bigint;
create index folder_companies_expiring on folder_companies (expires_at) where expires_at is not null;

alter table tiers add column description text not null default '';
alter table tiers add column email_enabled boolean not null default false;

alter table user_groups add column allow_bundled_companies boolean not null default false;
alter table user_groups add column can_set_tier_scope boolean not null default false;
create index users_by_group on users (group_guid) where group_guid is not null;

create table group_companies (
    customer_guid uuid not null,
    group_guid uuid not null,
    company_guid uuid not null references companies (guid) on delete cascade,
    primary key (group_guid, company_guid),
    foreign key (customer_guid, group_guid) references user_groups (customer_guid, guid) on delete cascade
);
create index group_companies_by_company on group_companies (customer_guid, company_guid);

-- Who wrote a contact down and who changed it last: addresses of users, none for imports and company tokens.
alter table contacts add column creator_email text;
alter table contacts add column editor_email text;
alter table contacts add column edited_at bigint not null default 0;
alter table contacts add column nickname text;
alter table contacts add column platform_id text;
alter table contacts add column relation_active boolean;
alter table contacts add column relation_type text;
alter table contacts add column role text;
alter table contacts add column source text;
alter table contacts add column user_guid uuid;
update contacts set edited_at = created_at;
create index contacts_by_age on contacts (customer_guid, created_at, guid);

alter table api_tokens add column group_guid uuid;

-- Companies that a customer asks the operator to add. Whether one was is seen from the inventory.
create table company_requests (
    guid uuid not null primary key,
    customer_guid uuid not null references customers (guid) on delete cascade,
    domain text not null,
    subscription_type text,
    requester_guid uuid not null,
    requester_name text not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (customer_guid, guid),
    unique (customer_guid, domain)
);
create index company_requests_by_age on company_requests (customer_guid, created_at, guid);
