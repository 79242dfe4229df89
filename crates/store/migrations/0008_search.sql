-- A search leaves out the companies that only some customers may see. There are few of them, or none.
create index companies_private on companies (guid) where type = 'PRIVATE';
