//! The migrated schema is the same on both databases: tables, columns, and which of them may be null.

use std::collections::BTreeSet;

use liaison_testkit::Engine;
use liaison_testkit::databases::{self, Fresh};

type Columns = BTreeSet<(String, String, bool)>;

#[test]
fn both_databases_have_the_same_columns() {
    if ![Engine::Sqlite, Engine::Postgres]
        .into_iter()
        .all(liaison_testkit::wanted)
    {
        return;
    }
    let (sqlite, postgres) = (columns(Engine::Sqlite), columns(Engine::Postgres));
    assert!(sqlite.len() > 150, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

fn columns(engine: Engine) -> Columns {
    let fresh = Fresh::new(engine);
    let db = liaison_db::Db::open(&fresh.url, &databases::options()).unwrap();
    let sql = match engine {
        Engine::Sqlite => {
            "select t.name, c.name, c.\"notnull\" = 0 from sqlite_schema t join pragma_table_info(t.name) c \
             where t.type = 'table' and t.name not like 'sqlite_%'"
        }
        Engine::Postgres => {
            "select table_name::text, column_name::text, is_nullable = 'YES' from information_schema.columns \
             where table_schema = 'public'"
        }
    };
    let read = move |tx: &mut liaison_db::Tx<'_>| tx.list(sql, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Result<Vec<(String, String, bool)>, liaison_db::Error> = db.read_blocking(read);
    rows.unwrap().into_iter().collect()
}
