//! Plots as SVG text, made on the server: no script, no style attributes, themed by classes.
//!
//! Each function takes the data and a [`Heading`] and gives a [`Chart`]. The classes are in the stylesheet of the pages;
//! `docs/decisions/0004-charts.md` says why the SVG is written here. A template prints `chart.svg` or `chart.figure()`.

mod chart;
mod funnel;
mod histogram;
mod rating;
mod scale;
mod small;
mod statuses;
mod text;

pub use chart::{Chart, Heading, Markup, Table};
pub use funnel::funnel;
pub use histogram::histogram;
pub use rating::rating_line;
pub use small::{meter, sparkline};
pub use statuses::status_over_time;
