//! What tests stand on: a whole Liaison on a fresh database of either engine, with a clock that is moved by hand,
//! seeded randomness, a sample world, and mail that is kept and read back. Tests only; nothing here ships.

pub mod app;
pub mod browser;
pub mod client;
pub mod databases;
pub mod fake;
pub mod invitations;
pub mod mail;
mod memory;
pub mod operator;
pub mod postgres;
pub mod process;
mod recipients;
pub mod seams;
pub mod shell;
pub mod smtp;
pub mod threads;
pub mod world;

pub use app::{TestApp, run, wanted};
pub use browser::Browser;
pub use client::{Client, Reply, http, redacted, reply};
pub use liaison_db::{Engine, Url};
pub use liaison_domain as domain;
pub use liaison_operations as operations;
pub use liaison_web as web;
pub use mail::Mail;
pub use reqwest::Method;
pub use serde_json::{Value, json};
pub use shell::Shell;

#[doc(hidden)]
pub use insta;

/// One test body, run on SQLite and on PostgreSQL: `on_both! { async fn name(app) { … } }`.
/// Both are measured by the same inline snapshots.
#[macro_export]
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($app:ident) $body:block)+) => {
        $($(#[$doc])* mod $name {
            use super::*;

            async fn test_body($app: &$crate::TestApp) $body

            #[test]
            fn sqlite() {
                $crate::insta::allow_duplicates! { $crate::run($crate::Engine::Sqlite, test_body) }
            }

            #[test]
            fn postgres() {
                $crate::insta::allow_duplicates! { $crate::run($crate::Engine::Postgres, test_body) }
            }
        })+
    };
}

/// As [`on_both`], with a fresh database on which the body runs processes.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($database:ident) $body:block)+) => {
        $($(#[$doc])* mod $name {
            use super::*;

            async fn test_body($database: &$crate::databases::Fresh) $body

            #[test]
            fn sqlite() {
                $crate::process::run($crate::Engine::Sqlite, test_body);
            }

            #[test]
            fn postgres() {
                $crate::process::run($crate::Engine::Postgres, test_body);
            }
        })+
    };
}
