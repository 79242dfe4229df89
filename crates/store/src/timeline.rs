//! What became of the mails of a request, one row for each person, as its timeline shows it.

use liaison_db::Tx;
use liaison_domain::{Guid, Timestamp};

use crate::Result;

/// One mail to one person.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Delivery {
    pub kind: String,
    pub recipient: String,
    /// `queued`, `sent`, `failed`, `kept` or `replaced`.
    pub state: String,
    pub attempts: i64,
    pub next_at: Timestamp,
    pub reply_code: Option<i64>,
    pub reply: Option<String>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The mails that `customer` sent with a request: invitations and links, the newest `most`, in the order they were
/// written. Mails to people whom the customer did not name itself are not among them. The sum in the order keeps SQLite
/// from reading all of the customer's mails in the order of their time.
pub fn list_deliveries(tx: &mut Tx<'_>, customer: Guid, request: Guid, most: i64) -> Result<Vec<Delivery>> {
    let mut deliveries = tx.list(
        "select m.kind, d.recipient, d.state, d.attempts, d.next_at, d.reply_code, d.reply, m.created_at, d.ended_at \
         from mail_messages m join mail_deliveries d on d.message_guid = m.guid \
         where m.customer_guid = $1 and m.request_guid = $2 and m.kind in ('introduction', 'activation') \
         order by m.created_at + 0 desc, d.guid desc limit $3",
        &[&customer, &request, &most],
        |row| {
            Ok(Delivery {
                kind: row.get(0)?,
                recipient: row.get(1)?,
                state: row.get(2)?,
                attempts: row.get(3)?,
                next_at: Timestamp(row.get(4)?),
                reply_code: row.get(5)?,
                reply: row.get(6)?,
                created_at: Timestamp(row.get(7)?),
                ended_at: row.get::<Option<i64>>(8)?.map(Timestamp),
            })
        },
    )?;
    deliveries.reverse();
    Ok(deliveries)
}
