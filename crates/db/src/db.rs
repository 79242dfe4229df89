//! The handle: opening a database, sending closures to its threads, ending them.
//! Not here: what the threads do with a closure.

use std::sync::Arc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use crate::describe::{Description, describe};
use crate::job::{Access, Job, Task};
use crate::migrate::{self, Migration, SchemaState};
use crate::postgres::{self, Purpose, Session, Target};
use crate::serving::{self, ServingLock};
use crate::sqlite::{self, Role};
use crate::threads::{Crew, apart};
use crate::{Engine, Error, Tx, Url};

/// How many threads, and how much work may wait for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Threads that read from SQLite; one more writes.
    pub readers: usize,
    /// Threads with one PostgreSQL connection each.
    pub connections: usize,
    /// Closures that may wait before [`Error::Overloaded`]; on SQLite for reading and for writing each.
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Self {
            readers: cores.clamp(2, 8),
            connections: (4 * cores).clamp(8, 32),
            queue: 4096,
        }
    }
}

/// A database. Clones share its threads; dropping the last one lets them finish what waits and end.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    url: Url,
    doors: Option<Doors>,
    threads: Vec<ThreadId>,
    /// Closed once every thread has ended.
    ended: Receiver<()>,
}

enum Doors {
    Sqlite {
        read: Sender<Box<dyn Job>>,
        write: Sender<Box<dyn Job>>,
    },
    Postgres(Sender<postgres::Envelope>),
}

/// How long dropping the last handle waits for the threads.
const FAREWELL: Duration = Duration::from_secs(10);

impl Db {
    /// Opens connections and threads. Checks settings and versions, so that a database which cannot keep its
    /// promises is refused here. Blocks; does not touch the schema.
    pub fn open(url: &Url, options: &Options) -> Result<Self, Error> {
        let mut crew = Crew::new();
        let doors = match url {
            Url::Sqlite(path) => {
                sqlite::prepare_file(path)?;
                let (write, writes) = bounded(options.queue);
                let (read, reads) = bounded(options.queue);
                let writer = sqlite::open(path, Role::Writer)?;
                crew.start("db-writer", move || sqlite::run_writer(&writer, &writes))?;
                for _ in 0..options.readers.max(1) {
                    let reader = sqlite::open(path, Role::Reader)?;
                    let reads: Receiver<Box<dyn Job>> = reads.clone();
                    crew.start("db-reader", move || sqlite::run_reader(&reader, &reads))?;
                }
                Doors::Sqlite { read, write }
            }
            Url::Postgres(text) => {
                let target = Target::new(text)?;
                let mut first = Some(apart(|| {
                    Session::connect(&target, Purpose::Serving).map_err(|doom| doom.error)
                })?);
                let (send, jobs) = bounded(options.queue);
                for _ in 0..options.connections.max(1) {
                    let (target, session, jobs) = (target.clone(), first.take(), jobs.clone());
                    crew.start("db-postgres", move || postgres::run_worker(target, session, &jobs))?;
                }
                Doors::Postgres(send)
            }
        };
        let Crew { threads, ended, .. } = crew;
        Ok(Self {
            shared: Arc::new(Shared {
                url: url.clone(),
                doors: Some(doors),
                threads,
                ended,
            }),
        })
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.shared.url.engine()
    }

    /// Runs a closure in a transaction that sees one state of the database and cannot write.
    ///
    /// It may run several times and must touch nothing but the transaction. It runs to its end even if this future
    /// is dropped after its first poll.
    pub async fn read<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask(Access::Read, work).await
    }

    /// Runs a closure in a transaction: `Ok` means that its changes are on the disk, `Err` that none is kept.
    ///
    /// Transactions act as if one ran after the other. The closure may run several times and must touch nothing but
    /// the transaction. It runs to its end even if this future is dropped after its first poll.
    pub async fn write<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask(Access::Write, work).await
    }

    /// [`Db::read`] for code outside an async runtime. Never call it from inside a closure.
    pub fn read_blocking<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask_blocking(Access::Read, work)
    }

    /// [`Db::write`] for code outside an async runtime. Never call it from inside a closure.
    pub fn write_blocking<T, E>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask_blocking(Access::Write, work)
    }

    /// Claims the database for one server. On SQLite a second claim, by whatever process, fails with
    /// [`Error::AlreadyServing`]; on PostgreSQL several servers may share a database.
    pub fn lock_for_serving(&self) -> Result<ServingLock, Error> {
        serving::lock(&self.shared.url)
    }

    /// Applies the migrations that are missing, all or none, and names them. `now_ms` is UTC in milliseconds.
    ///
    /// Blocks. Of several processes that start at once one applies them and the others find nothing to do.
    pub fn migrate(&self, migrations: &[Migration], now_ms: i64) -> Result<Vec<&'static str>, Error> {
        apart(|| migrate::migrate(&self.shared.url, migrations, now_ms))
    }

    /// Compares the schema with the migrations of this program. Blocks.
    ///
    /// [`Error::NewerSchema`] and [`Error::ChangedMigration`] when this program must not touch it.
    pub fn schema_state(&self, migrations: &[Migration]) -> Result<SchemaState, Error> {
        let applied = self.read_blocking(migrate::applied)?;
        let pending = migrate::pending(self.engine(), migrations, &applied)?;
        if pending.is_empty() {
            return Ok(SchemaState::UpToDate);
        }
        Ok(SchemaState::Pending(
            pending.iter().map(|migration| migration.name).collect(),
        ))
    }

    /// Facts for the person who looks after the database. Blocks.
    pub fn describe(&self) -> Result<Description, Error> {
        describe(self, &self.shared.url)
    }

    async fn ask<T, E>(
        &self,
        access: Access,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (send, answer) = tokio::sync::oneshot::channel();
        // Nobody waits any more: the work is done all the same, only its answer is lost.
        let reply = move |outcome| drop(send.send(outcome));
        self.send(
            access,
            Box::new(Task {
                work,
                reply,
                outcome: None,
            }),
        )?;
        answer.await.unwrap_or_else(|_| Err(thread_ended().into()))
    }

    fn ask_blocking<T, E>(
        &self,
        access: Access,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (send, answer) = bounded(1);
        let reply = move |outcome| drop(send.send(outcome));
        self.send(
            access,
            Box::new(Task {
                work,
                reply,
                outcome: None,
            }),
        )?;
        answer.recv().unwrap_or_else(|_| Err(thread_ended().into()))
    }

    fn send(&self, access: Access, job: Box<dyn Job>) -> Result<(), Error> {
        let doors = self
            .shared
            .doors
            .as_ref()
            .expect("the doors close only when the last handle is dropped");
        match (doors, access) {
            (Doors::Sqlite { read, .. }, Access::Read) => accepted(&read.try_send(job)),
            (Doors::Sqlite { write, .. }, Access::Write) => accepted(&write.try_send(job)),
            (Doors::Postgres(send), _) => accepted(&send.try_send((access, job))),
        }
    }
}

fn accepted<J>(sent: &Result<(), TrySendError<J>>) -> Result<(), Error> {
    match sent {
        Ok(()) => Ok(()),
        Err(TrySendError::Full(_)) => Err(Error::Overloaded),
        Err(TrySendError::Disconnected(_)) => Err(thread_ended()),
    }
}

fn thread_ended() -> Error {
    Error::Unavailable("its thread ended; restart the server".into())
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.doors = None;
        // The last handle may live inside a closure; its thread cannot wait for itself.
        if !self.threads.contains(&thread::current().id()) {
            // The threads need nothing from this one, so they end whatever kind of thread this is.
            let _ = self.ended.recv_timeout(FAREWELL);
        }
    }
}
