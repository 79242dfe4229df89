-- Users and customers.

-- The moment of `last_login`; none where only the day is known, as after an import.
alter table users add column last_login_at bigint;
-- When an administrator last invited somebody who had no account, or none any more: how many a customer invites has a
-- limit, which imports do not count for.
alter table users add column invited_at bigint;
create index users_by_invitation on users (customer_guid, invited_at) where invited_at is not null;

-- Kept for whoever asks: where a user wants to begin, and whom others may ask for more companies.
alter table users add column landing_page text not null default 'DEFAULT';
alter table users add column is_available_for_contact boolean not null default false;

-- None for a customer that was never changed.
alter table customers add column modified_at bigint;
