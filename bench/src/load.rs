//! One run of `wrk` against a process, and what it cost that process.

use std::process::Command;

use crate::{Result, process};

/// What one run came to.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) cpu_us: f64,
    pub(crate) p50: String,
    pub(crate) p99: String,
    pub(crate) failed: u64,
}

impl Load {
    /// Runs `wrk` and divides the processor time of `pid` by the answers.
    pub(crate) fn run(pid: u32, (connections, seconds): (u32, u32), arguments: &[&str]) -> Result<Load> {
        let before = process::cpu_us(pid)?;
        let output = Command::new("wrk")
            .args([
                "-t1",
                &format!("-c{connections}"),
                &format!("-d{seconds}s"),
                "--latency",
            ])
            .args(arguments)
            .output()
            .map_err(|error| format!("wrk does not start ({error}); Debian: apt-get install wrk"))?;
        let cpu = process::cpu_us(pid)? - before;
        let text = String::from_utf8_lossy(&output.stdout);
        let word_after = |label: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix(label))
                .and_then(|rest| rest.split_whitespace().next())
        };
        let requests_line = text.lines().find(|line| line.contains(" requests in "));
        let requests: f64 = requests_line
            .and_then(|line| line.split_whitespace().next())
            .ok_or_else(|| {
                format!(
                    "wrk measured nothing: {text}{}",
                    String::from_utf8_lossy(&output.stderr)
                )
            })?
            .parse()?;
        Ok(Load {
            per_second: word_after("Requests/sec:").ok_or("no rate")?.parse()?,
            cpu_us: cpu / requests,
            p50: word_after("50%").unwrap_or("-").to_owned(),
            p99: word_after("99%").unwrap_or("-").to_owned(),
            failed: word_after("Non-2xx or 3xx responses:").map_or(Ok(0), str::parse)?,
        })
    }

    /// Each figure's median; failures are added up.
    pub(crate) fn median(loads: &[Load]) -> Load {
        let mut by_rate = loads.to_vec();
        by_rate.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        let middle = by_rate[by_rate.len() / 2].clone();
        Load {
            cpu_us: process::median(loads.iter().map(|load| load.cpu_us)),
            failed: loads.iter().map(|load| load.failed).sum(),
            ..middle
        }
    }
}
