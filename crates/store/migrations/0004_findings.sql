-- Findings: narrowed, counted and put in order by indexes alone, however many a company has.

-- What `details` says the grade is, where it is a known one.
alter table findings add column grade text;

update findings set grade = case
    when upper(details) like '%"GRADE":"NEUTRAL"%' then 'NEUTRAL'
    when upper(details) like '%"GRADE":"BAD"%' then 'BAD'
    when upper(details) like '%"GRADE":"WARN"%' then 'WARN'
    when upper(details) like '%"GRADE":"FAIR"%' then 'FAIR'
    when upper(details) like '%"GRADE":"GOOD"%' then 'GOOD'
    when upper(details) like '%"GRADE":"NONE"%' then 'NONE'
end where upper(details) like '%"GRADE":"%';

-- The columns at the end are there to be filtered by: a row is fetched only when it is on the page.
create index findings_by_last_seen on findings (company_guid, (coalesce(last_seen, '')) desc, rolledup_observation_id,
    risk_vector, severity, severity_category, affects_rating, first_seen, last_seen, grade);
create index findings_worst_first on findings (company_guid, (coalesce(severity, 0)) desc,
    (coalesce(last_seen, '')) desc, rolledup_observation_id, risk_vector, severity_category);

-- Counted by kind, also when only findings count from which the rating suffers.
drop index findings_by_severity;
create index findings_by_severity on findings (company_guid, severity_category, risk_vector, affects_rating);
