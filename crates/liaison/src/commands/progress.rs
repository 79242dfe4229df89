//! How far long work is: a bar on a terminal, otherwise a line every ten seconds.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use liaison_bundle::{Phase, Progress};

use crate::output;

/// Pause between two lines where nobody watches a bar.
const PAUSE: Duration = Duration::from_secs(10);

/// Shows one piece of work.
pub(super) struct Meter {
    file: String,
    bar: Option<ProgressBar>,
    phase: Option<Phase>,
    began: Instant,
    told: Instant,
}

impl Meter {
    /// For work on a file of this name.
    pub(super) fn new(file: &str) -> Meter {
        Meter {
            file: file.to_owned(),
            bar: std::io::stderr().is_terminal().then(ProgressBar::hidden),
            phase: None,
            began: Instant::now(),
            told: Instant::now(),
        }
    }

    /// Shows how far it is.
    pub(super) fn show(&mut self, verb: &str, progress: Progress) {
        if self.phase != Some(progress.phase) {
            self.phase = Some(progress.phase);
            self.began = Instant::now();
            self.told = self.began;
            if let Some(bar) = &mut self.bar {
                bar.finish_and_clear();
                *bar = new_bar(&format!("{verb} {}", self.file), progress.bytes_total);
            }
        }
        match &self.bar {
            Some(bar) => {
                bar.set_position(progress.bytes_done);
                bar.set_message(HumanCount(progress.rows).to_string());
            }
            None if self.told.elapsed() >= PAUSE => {
                self.told = Instant::now();
                output::note(&line(verb, &self.file, progress, self.began.elapsed()));
            }
            None => {}
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Shows steps of one kind, such as calls of a server.
pub(super) struct Steps {
    verb: String,
    total: Option<u64>,
    bar: Option<ProgressBar>,
    done: Cell<u64>,
    began: Instant,
    told: Cell<Instant>,
}

impl Steps {
    /// For so many steps, where their number is known.
    pub(super) fn new(verb: &str, total: Option<u64>) -> Steps {
        let bar = std::io::stderr().is_terminal().then(|| steps_bar(verb, total));
        Steps {
            verb: verb.to_owned(),
            total,
            bar,
            done: Cell::new(0),
            began: Instant::now(),
            told: Cell::new(Instant::now()),
        }
    }

    /// One more step was made.
    pub(super) fn step(&self) {
        self.at(self.done.get() + 1);
    }

    /// So many steps were made.
    pub(super) fn at(&self, done: u64) {
        self.done.set(done);
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if self.told.get().elapsed() >= PAUSE => {
                self.told.set(Instant::now());
                output::note(&steps_line(&self.verb, done, self.total, self.began.elapsed()));
            }
            None => {}
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn steps_bar(verb: &str, total: Option<u64>) -> ProgressBar {
    let (bar, shape) = match total {
        None => (ProgressBar::new_spinner(), "{prefix} {spinner} {human_pos} ({per_sec})"),
        Some(total) => (
            ProgressBar::new(total),
            "{prefix} {wide_bar} {human_pos}/{human_len} ({per_sec}), {eta} left",
        ),
    };
    let style = ProgressStyle::with_template(shape).expect("the template is a constant that a test reads");
    bar.with_style(style).with_prefix(verb.to_owned())
}

fn steps_line(verb: &str, done: u64, total: Option<u64>, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
    let (count, pace) = (HumanCount(done), HumanCount(rate as u64));
    match total {
        None => format!("{verb}: {count}, {pace}/s"),
        Some(total) => {
            let left = total.saturating_sub(done) as f64 / rate.max(0.001);
            format!("{verb}: {count} of {}, {pace}/s, {left:.0} s left", HumanCount(total))
        }
    }
}

fn new_bar(prefix: &str, bytes: u64) -> ProgressBar {
    let (bar, shape) = if bytes == 0 {
        (
            ProgressBar::new_spinner(),
            "{prefix} {spinner} {msg} rows, {bytes} ({bytes_per_sec})",
        )
    } else {
        let shape = "{prefix} {wide_bar} {bytes}/{total_bytes} ({bytes_per_sec}), {msg} rows, {eta} left";
        (ProgressBar::new(bytes), shape)
    };
    let style = ProgressStyle::with_template(shape).expect("the template is a constant that a test reads");
    bar.with_style(style).with_prefix(prefix.to_owned()).with_message("0")
}

fn line(verb: &str, file: &str, progress: Progress, elapsed: Duration) -> String {
    let Progress {
        bytes_done,
        bytes_total,
        rows,
        ..
    } = progress;
    let rate = bytes_done as f64 / elapsed.as_secs_f64().max(0.001);
    let (rows, done, pace) = (HumanCount(rows), HumanBytes(bytes_done), HumanBytes(rate as u64));
    if bytes_total == 0 {
        return format!("{verb} {file}: {rows} rows, {done}, {pace}/s");
    }
    let percent = 100 * bytes_done / bytes_total;
    let left = (bytes_total.saturating_sub(bytes_done)) as f64 / rate.max(1.0);
    let total = HumanBytes(bytes_total);
    format!("{verb} {file}: {percent} %, {rows} rows, {done} of {total}, {pace}/s, {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_rate_and_remaining_time() {
        let progress = Progress {
            phase: Phase::Writing,
            bytes_done: 512 * 1024,
            bytes_total: 2 * 1024 * 1024,
            rows: 12_345,
        };
        assert_eq!(
            line("writing", "b.json", progress, Duration::from_secs(2)),
            "writing b.json: 25 %, 12,345 rows, 512.00 KiB of 2.00 MiB, 256.00 KiB/s, 6 s left"
        );
    }

    #[test]
    fn steps_tell_rate_and_remaining_time() {
        let line = |total| steps_line("reading companies", 3000, total, Duration::from_secs(10));
        assert_eq!(line(Some(9000)), "reading companies: 3,000 of 9,000, 300/s, 20 s left");
        assert_eq!(line(None), "reading companies: 3,000, 300/s");
        for total in [None, Some(10)] {
            steps_bar("reading", total).finish_and_clear();
        }
    }

    #[test]
    fn both_bars_can_be_drawn() {
        for bytes in [0, 10] {
            new_bar("reading", bytes).finish_and_clear();
        }
    }
}
