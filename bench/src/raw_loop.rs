//! What SQLite alone can do: the statements of one created request in a loop, one thread, 100 in a transaction, with
//! the same settings, on a copy of the same database. No HTTP, no rules, no mail written, nothing checked.

use std::path::Path;
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::Result;

const CREATES: u32 = 4000;
const IN_ONE_TRANSACTION: u32 = 100;

/// What is the same in every turn.
struct Sample {
    token: Vec<u8>,
    customer: Uuid,
    user: Uuid,
    company: Uuid,
    introduction: Vec<u8>,
    activation: Vec<u8>,
}

/// Creates a second.
pub(crate) fn run(database: &Path) -> Result<f64> {
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -8192)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    let sample = sample(&connection)?;
    let started = Instant::now();
    for turn in 0..CREATES {
        if turn % IN_ONE_TRANSACTION == 0 {
            connection.execute_batch("begin immediate")?;
        }
        create(&connection, &sample, turn)?;
        if turn % IN_ONE_TRANSACTION == IN_ONE_TRANSACTION - 1 {
            connection.execute_batch("commit")?;
        }
    }
    Ok(f64::from(CREATES) / started.elapsed().as_secs_f64())
}

fn sample(connection: &Connection) -> Result<Sample> {
    let message = |kind: &str| {
        connection.query_row(
            "select m.bytes from mail_messages m join access_requests r on r.guid = m.request_guid \
             where m.kind = ?1 and r.hubspot_status = 'CREATED' and m.bytes is not null limit 1",
            [kind],
            |row| row.get(0),
        )
    };
    let (introduction, activation) = (message("introduction")?, message("activation")?);
    let sample = connection.query_row(
        "select t.token_sha256, r.customer_guid, r.requester_guid, r.requestee_company_guid from access_requests r \
         join api_tokens t on t.user_guid = r.requester_guid where r.hubspot_status = 'CREATED' limit 1",
        [],
        |row| {
            let (token, customer, user, company) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(Sample {
                token,
                customer,
                user,
                company,
                introduction,
                activation,
            })
        },
    )?;
    Ok(sample)
}

fn create(connection: &Connection, sample: &Sample, turn: u32) -> Result<()> {
    let email = format!("raw-{turn}@saperix.example");
    let now = 1_794_474_000_000_i64 + i64::from(turn);
    let request = guid(now);
    read(connection, sample, &email, now)?;
    insert_request(connection, sample, (request, &email, now))?;
    connection
        .prepare_cached(
            "insert into events (guid, customer_guid, request_guid, kind, actor_guid, at) values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![guid(now), sample.customer, request, "request.sent", sample.user, now])?;
    insert_mail(
        connection,
        sample,
        (request, &email, now),
        ("introduction", &sample.introduction),
    )?;
    connection
        .prepare_cached(
            "insert into activation_links (request_guid, link_sha256, expires_at) values (?1, ?2, ?3) \
             on conflict (request_guid) do update set link_sha256 = excluded.link_sha256, \
             expires_at = excluded.expires_at, spent_at = null",
        )?
        .execute(params![
            request,
            [guid(now).as_bytes().as_slice(), guid(now).as_bytes()].concat(),
            now
        ])?;
    insert_mail(
        connection,
        sample,
        (request, &email, now),
        ("activation", &sample.activation),
    )?;
    read_contacts(connection, sample)?;
    read_back(connection, sample, request, now)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a load test needs fresh guids, not the product's seam"
)]
fn guid(now: i64) -> Uuid {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    let random = [high.to_be_bytes(), low.to_be_bytes()].concat();
    let random = random[..10].try_into().expect("ten of sixteen bytes");
    uuid::Builder::from_unix_timestamp_millis(now.unsigned_abs(), random).into_uuid()
}

fn read(connection: &Connection, sample: &Sample, email: &str, now: i64) -> Result<()> {
    let mut rows = 0;
    let mut run = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut found = statement.query(params)?;
        while found.next()?.is_some() {
            rows += 1;
        }
        Ok(())
    };
    run(
        "select t.guid, t.revoked_at, t.description, c.guid, c.name, c.type, c.is_active, c.access_ends_at, \
         c.trial_duration, c.my_company_guid, co.name, u.guid, u.email, u.first_name, u.last_name, u.friendly_name, \
         u.formal_name, u.role, u.status \
         from api_tokens t join customers c on c.guid = t.customer_guid \
         left join companies co on co.guid = c.my_company_guid \
         left join users u on u.guid = t.user_guid and u.customer_guid = t.customer_guid \
         where t.token_sha256 = ?1",
        &[&sample.token],
    )?;
    run(
        "select co.name, co.type from portfolio p join companies co on co.guid = p.company_guid \
         where p.customer_guid = ?1 and p.company_guid = ?2",
        &[&sample.customer, &sample.company],
    )?;
    run(
        "select domain from company_domains where company_guid = ?1 order by position",
        &[&sample.company],
    )?;
    run(
        "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, u.role, \
         u.group_guid, u.status, u.tos_date, u.last_login, u.is_collaboration_contact, u.password_hash, \
         u.customer_guid, c.type from users u join customers c on c.guid = u.customer_guid \
         where u.email_key = ?2 and u.status = 'Activated' and c.my_company_guid = ?1 and c.is_active \
         and (c.access_ends_at is null or c.access_ends_at > ?3) order by c.type, u.guid limit 1",
        &[&sample.company, &email, &now],
    )?;
    run(
        "select rating_date, rating, risk_vectors from company_ratings where company_guid = ?1 \
         order by rating_date desc limit 1",
        &[&sample.company],
    )
}

fn insert_request(connection: &Connection, sample: &Sample, (request, email, now): (Uuid, &str, i64)) -> Result<()> {
    let none: Option<i64> = None;
    let text = "Pat Example";
    connection
        .prepare_cached(
            "insert into access_requests (guid, customer_guid, requester_guid, requester_email, requester_first_name, \
             requester_last_name, requester_friendly_name, requester_formal_name, requester_company_guid, \
             requester_company_name, requester_customer_name, requestee_customer_guid, requestee_user_guid, \
             requestee_first_name, requestee_last_name, requestee_friendly_name, requestee_formal_name, requestee_email, \
             requestee_phone, requestee_company_guid, requestee_company_name, requestee_tos_date, message, notes, ccs, \
             reason, hubspot_status, status, is_read, created_at, updated_at, email_sent_at, expires_at, trial_duration, \
             accepted_at, trial_ends_at, context_date, context_rating, risk_vectors_mask, risk_vectors_json, \
             observations_count, observations_json, third_parties_json) \
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, \
             ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?30, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41)",
        )?
        .execute(params![
            request, sample.customer, sample.user, "emma@blueseas.com", "Emma", "Waters", "Emma", "Emma Waters",
            sample.company, "Blue Seas International", "Blue Seas", none, none, "Pat", "Example", "Pat", text, email, "",
            sample.company, "Saperix", none, "Please look at the open ports.", none, none, "other", "CREATED", "Pending",
            false, now, now + 1_209_600_000, 30, none, none, none, none, 0, "[]", 0, "[]", "[]"
        ])?;
    Ok(())
}

fn insert_mail(
    connection: &Connection,
    sample: &Sample,
    (request, email, now): (Uuid, &str, i64),
    (kind, bytes): (&str, &[u8]),
) -> Result<()> {
    let message = guid(now);
    connection
        .prepare_cached(
            "insert into mail_messages (guid, customer_guid, request_guid, kind, subject, bytes, created_at) \
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            message,
            sample.customer,
            request,
            kind,
            "A subject of the usual length, about so",
            bytes,
            now
        ])?;
    connection
        .prepare_cached(
            "insert into mail_deliveries (guid, message_guid, recipient, state, attempts, next_at, lease) \
             values (?1, ?2, ?3, 'kept', 0, ?4, 0)",
        )?
        .execute(params![guid(now), message, email, now])?;
    Ok(())
}

fn read_contacts(connection: &Connection, sample: &Sample) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, \
         u.role, u.group_guid, u.status, u.tos_date, u.last_login, u.is_collaboration_contact, u.password_hash, \
         u.customer_guid from users u join customers c on c.guid = u.customer_guid where c.my_company_guid = ?1 \
         and c.is_active and u.is_collaboration_contact and u.status = 'Activated' order by u.email_key limit 50",
    )?;
    let mut rows = statement.query([sample.company])?;
    while rows.next()?.is_some() {}
    Ok(())
}

fn read_back(connection: &Connection, sample: &Sample, request: Uuid, now: i64) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "select r.guid, r.customer_guid, r.requester_guid, r.requester_email, r.requester_first_name, \
         r.requester_last_name, r.requester_friendly_name, r.requester_formal_name, r.requester_company_guid, \
         r.requester_company_name, r.requester_customer_name, r.requestee_customer_guid, r.requestee_user_guid, \
         r.requestee_first_name, r.requestee_last_name, r.requestee_friendly_name, r.requestee_formal_name, \
         r.requestee_email, r.requestee_phone, r.requestee_company_guid, r.requestee_company_name, \
         r.requestee_tos_date, ru.last_login, r.message, r.notes, r.ccs, r.reason, r.hubspot_status, \
         case when r.status = 'Pending' and r.expires_at <= ?1 then 'Never' \
              when r.status = 'Active' and (r.trial_ends_at <= ?1 or ru.status <> 'Activated' or not rc.is_active) \
              then 'Inactive' else r.status end, \
         r.is_read, r.created_at, r.updated_at, r.email_sent_at, r.expires_at, r.trial_duration, r.accepted_at, \
         r.trial_ends_at, r.resolved_at, r.resolved_by_guid, r.resolved_by_name, r.context_date, r.context_rating, \
         r.risk_vectors_json, r.observations_count, r.observations_json, r.third_parties_json, \
         exists (select 1 from customers pc join users pu on pu.customer_guid = pc.guid \
                 where pc.my_company_guid = r.requestee_company_guid and pc.is_active \
                 and pu.is_collaboration_contact and pu.status = 'Activated'), \
         exists (select 1 from customers pc where pc.my_company_guid = r.requestee_company_guid and pc.is_active \
                 and (pc.access_ends_at is null or pc.access_ends_at > ?1)) \
         from access_requests r \
         left join users ru on ru.guid = r.requestee_user_guid \
         left join customers rc on rc.guid = r.requestee_customer_guid where true and r.customer_guid = ?2 and r.guid = ?3",
    )?;
    let mut rows = statement.query(params![now, sample.customer, request])?;
    let row = rows.next()?.ok_or("a created request is not there")?;
    let guid: Uuid = row.get(0)?;
    if guid == request {
        Ok(())
    } else {
        Err("another request came back".into())
    }
}
