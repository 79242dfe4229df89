-- Companies and portfolios: what lists are sorted, searched and counted by.

-- The newest rating, kept beside the company. name_key is the name as lists are sorted by it, in bytes: both databases
-- sort bytes alike. Where it is missing, the words of the company are still to be written.
alter table companies add column name_key bytea;
alter table companies add column rating_date text;
alter table companies add column current_rating bigint;

update companies set rating_date =
    (select max(cr.rating_date) from company_ratings cr where cr.company_guid = companies.guid);
update companies set current_rating = (select cr.rating from company_ratings cr
    where cr.company_guid = companies.guid and cr.rating_date = companies.rating_date);

create index companies_by_name on companies (name_key, guid);
create index companies_to_index on companies (guid) where name_key is null;

-- The words by which a company is found. A search is a range of words, in which companies come by name.
create table company_words (
    word bytea not null,
    name_key bytea not null,
    company_guid uuid not null references companies (guid) on delete cascade,
    primary key (word, name_key, company_guid)
);
create index company_words_by_company on company_words (company_guid, word);

-- A portfolio is read in the order of names or ratings: name_key and rating are those of the company.
alter table portfolio add column name_key bytea;
alter table portfolio add column rating bigint;
alter table portfolio add column primary_company_guid uuid references companies (guid);

update portfolio set rating =
    (select co.current_rating from companies co where co.guid = portfolio.company_guid);

create index portfolio_by_name on portfolio (customer_guid, name_key, company_guid);
create index portfolio_by_lowest_rating on portfolio (customer_guid, coalesce(rating, 1000), name_key, company_guid);
create index portfolio_by_highest_rating on portfolio (customer_guid, coalesce(rating, 0) desc, name_key, company_guid);
create index portfolio_by_company on portfolio (company_guid);
create index portfolio_by_primary on portfolio (customer_guid, primary_company_guid)
    where primary_company_guid is not null;

create index folder_companies_by_company on folder_companies (company_guid, folder_guid);

-- How many companies a customer follows, so that nobody has to count them.
create table portfolio_counts (
    customer_guid uuid not null primary key references customers (guid) on delete cascade,
    companies bigint not null
);
insert into portfolio_counts (customer_guid, companies)
    select customer_guid, count(*) from portfolio group by customer_guid;
