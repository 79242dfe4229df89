//! The directory bundle: companies, findings, customers and users in and out, as one JSON file or as CSV, one kind a
//! file.
//!
//! An import has two steps. [`check()`] reads the whole file, refuses what is wrong and writes nothing; [`Plan::apply`]
//! reads it again and writes it in short transactions, so that a server on the same database keeps answering. What
//! is stored already is left alone: a second run changes nothing, and a run that was interrupted is completed by the
//! next one. [`sift()`] is the first step for rows of another server: what is wrong is left out. [`export()`] writes the same bundle back. Rows are read one at a time and never held all at once.

mod apply;
mod check;
mod csv;
mod export;
mod fields;
mod kind;
mod problem;
mod references;
mod report;
mod resolve;
mod rows;
mod sieve;
mod source;
mod stream;
mod tools;

pub use apply::Env;
pub use check::{Plan, check};
pub use export::{ExportError, Exported, export};
pub use kind::{Kind, UnknownKind};
pub use problem::{ImportError, Problem};
pub use report::{KindReport, NewToken, Phase, Progress, Report};
pub use sieve::{LeftOut, Sifted, sift};
pub use source::Source;
pub use tools::{Format, ToolPlan, ToolReport, VectorReport, check_tool, find_company};
