//! Secret keys of this server, by name. Made once and never changed: what they signed has to stay recognisable.

use liaison_db::Tx;

use crate::Result;

/// The key of a name.
pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    tx.find("select key from server_keys where name = $1", &[&name], |row| {
        row.get(0)
    })
}

/// Stores a key, unless there is one of this name.
pub fn insert(tx: &mut Tx<'_>, name: &str, key: &[u8]) -> Result<u64> {
    tx.execute(
        "insert into server_keys (name, key) values ($1, $2) on conflict (name) do nothing",
        &[&name, &key],
    )
}
