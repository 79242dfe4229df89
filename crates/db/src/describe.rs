//! Facts about an open database for people who look after it.
//! Not here: judging the schema, see `migrate`.

use std::path::Path;

use crate::{Db, Engine, Error, Url};

/// What `Db::describe` finds out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Which engine.
    pub engine: Engine,
    /// Its version as it names itself.
    pub version: String,
    /// The URL without the password.
    pub place: String,
    /// Size in bytes; on SQLite the file and its log.
    pub size_bytes: u64,
    /// Settings that endanger acknowledged changes, one sentence each.
    pub warnings: Vec<String>,
}

pub(crate) fn describe(db: &Db, url: &Url) -> Result<Description, Error> {
    let engine = url.engine();
    let place = url.to_string();
    let (version, size_bytes, warnings) = match url {
        Url::Sqlite(path) => (rusqlite::version().to_owned(), file_sizes(path), Vec::new()),
        Url::Postgres(_) => db.read_blocking(|tx| {
            let (version, size) = tx.one(
                "select current_setting('server_version'), pg_database_size(current_database())",
                &[],
                |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
            )?;
            let mut warnings = Vec::new();
            for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                let value: String = tx.one("select current_setting($1)", &[&setting], |row| row.get(0))?;
                if value == "off" {
                    warnings.push(format!(
                        "PostgreSQL runs with {setting}={value}: a crash may lose acknowledged changes; set it to on"
                    ));
                }
            }
            Ok::<_, Error>((version, u64::try_from(size).unwrap_or_default(), warnings))
        })?,
    };
    Ok(Description {
        engine,
        version,
        place,
        size_bytes,
        warnings,
    })
}

fn file_sizes(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [path, Path::new(&log)]
        .iter()
        .filter_map(|file| file.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}
