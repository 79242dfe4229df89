-- Copying from another server.

-- Customers that were copied here, and from where: another server cannot claim them afterwards.
create table copied_customers (
    customer_guid uuid not null primary key references customers (guid) on delete cascade,
    source text not null,
    copied_at bigint not null
);

-- Customers that only stand here as the senders of copied requests.
create table copied_senders (
    customer_guid uuid not null primary key references customers (guid) on delete cascade,
    source text not null
);

-- Requests that were copied: the digest of what the other server told, and the row's updated_at since, by which a change
-- that was made here is noticed.
create table copied_requests (
    request_guid uuid not null primary key references access_requests (guid) on delete cascade,
    customer_guid uuid not null,
    told_sha256 bytea not null,
    updated_at bigint not null
);
