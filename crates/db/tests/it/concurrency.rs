//! Many closures at once: groups, collisions, full queues, callers that went away.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use liaison_db::{Db, Error};

use crate::place::{create, ids, insert, on_both, start, wait};

/// Keeps a thread of the database busy until the sender is dropped; returns once it is.
fn occupy(db: &Db) -> Sender<()> {
    let (release, gate) = bounded::<()>(0);
    let (started, running) = bounded(1);
    let db = db.clone();
    thread::spawn(move || {
        db.write_blocking(move |_| {
            started.try_send(()).ok();
            gate.recv().ok();
            Ok::<_, Error>(())
        })
        .unwrap();
    });
    running.recv().unwrap();
    release
}

fn occupy_all(db: &Db) -> Vec<Sender<()>> {
    let threads = if db.engine() == liaison_db::Engine::Sqlite {
        1
    } else {
        2
    };
    (0..threads).map(|_| occupy(db)).collect()
}

on_both! {
    /// The neighbours of a failing and of a panicking closure are kept, on the disk, when they are told so.
    fn neighbours_of_a_failure_are_kept(place) {
        let db = place.with_things();
        let busy = occupy_all(&db);
        let mut waiting: Vec<_> = (0..100)
            .map(|id| {
                let mut answer = Box::pin(db.write(move |tx| {
                    insert(tx, id)?;
                    match id {
                        13 => Err(Error::NoRow),
                        31 => panic!("on purpose"),
                        50 => insert(tx, 50),
                        _ => Ok(()),
                    }
                }));
                start(&mut answer);
                answer
            })
            .collect();
        drop(busy);
        for (id, answer) in waiting.drain(..).enumerate() {
            match (id, wait(answer)) {
                (13, Err(Error::NoRow)) | (31, Err(Error::Panicked)) | (50, Err(Error::UniqueViolation { .. })) => {}
                (13 | 31 | 50, other) => panic!("{id}: {other:?}"),
                (_, outcome) => outcome.unwrap(),
            }
        }
        let expected: Vec<i64> = (0..100).filter(|id| ![13, 31, 50].contains(id)).collect();
        assert_eq!(ids(&place.open()), expected);
    }

    /// Reading, adding one and writing back loses nothing, within one handle and between two.
    fn increments_are_not_lost(place) {
        let db = place.open();
        create(&db, "create table counters (id bigint not null primary key, value bigint not null)");
        create(&db, "insert into counters values (1, 0)");
        let runs = Arc::new(AtomicUsize::new(0));
        let together = Arc::new(Barrier::new(2));
        let threads: Vec<_> = [db.clone(), place.open()]
            .into_iter()
            .map(|db| {
                let (runs, together) = (runs.clone(), together.clone());
                thread::spawn(move || {
                    together.wait();
                    for _ in 0..100 {
                        let runs = runs.clone();
                        db.write_blocking(move |tx| {
                            runs.fetch_add(1, Ordering::Relaxed);
                            let value: i64 = tx.one("select value from counters where id = 1", &[], |row| row.get(0))?;
                            tx.execute("update counters set value = $1 where id = 1", &[&(value + 1)])
                        })
                        .unwrap();
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        let value: i64 = db.read_blocking(|tx| tx.one("select value from counters", &[], |row| row.get(0))).unwrap();
        assert_eq!(value, 200, "after {} runs", runs.load(Ordering::Relaxed));
    }

    fn a_closure_runs_whole_when_nobody_waits(place) {
        let db = place.with_things();
        let busy = occupy_all(&db);
        let mut answer = Box::pin(db.write(|tx| insert(tx, 1)));
        start(&mut answer);
        drop(answer);
        drop(busy);
        // Dropping the last handle lets the threads finish what waits.
        drop(db);
        let deadline = std::time::Instant::now();
        while ids(&place.open()) != [1] {
            assert!(deadline.elapsed().as_secs() < 10, "the closure was never run");
        }
    }

    fn a_full_queue_refuses_at_once(place) {
        let db = place.open_with(2);
        let busy = occupy_all(&db);
        let mut waiting = Vec::new();
        for _ in 0..2 {
            let mut answer = Box::pin(db.write(|_| Ok::<_, Error>(())));
            start(&mut answer);
            waiting.push(answer);
        }
        let refused = db.write_blocking(|_| Ok::<_, Error>(()));
        assert!(matches!(refused, Err(Error::Overloaded)), "{refused:?}");
        drop(busy);
        for answer in waiting {
            wait(answer).unwrap();
        }
        db.write_blocking(|_| Ok::<_, Error>(())).unwrap();
    }

    fn the_last_handle_may_go_anywhere(place) {
        wait(async { drop(place.open()) });
        let db = place.open();
        let (give, take): (Sender<Db>, Receiver<Db>) = bounded(1);
        let mut answer = Box::pin(db.write(move |_| {
            drop(take.recv());
            Ok::<_, Error>(())
        }));
        start(&mut answer);
        drop(answer);
        give.send(db).unwrap();
    }

    /// A rule that is checked only at the commit concerns nobody else's work.
    fn a_rule_checked_at_the_commit_fails_alone(place) {
        let db = place.with_things();
        create(&db, "create table notes (id bigint not null primary key, \
                     thing bigint not null references things (id) deferrable initially deferred)");
        let busy = occupy_all(&db);
        let mut waiting: Vec<_> = (0..10)
            .map(|id| {
                let mut answer = Box::pin(db.write(move |tx| {
                    tx.execute("insert into notes values ($1, $1)", &[&id])?;
                    if id == 5 { Ok(()) } else { insert(tx, id) }
                }));
                start(&mut answer);
                answer
            })
            .collect();
        drop(busy);
        for (id, answer) in waiting.drain(..).enumerate() {
            match (id, wait(answer)) {
                (5, outcome) => assert!(matches!(outcome, Err(Error::ForeignKey)), "{outcome:?}"),
                (_, outcome) => outcome.unwrap(),
            }
        }
        assert_eq!(ids(&db), [0, 1, 2, 3, 4, 6, 7, 8, 9]);
    }
}
