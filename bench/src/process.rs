//! What the system knows of a process: processor time and resident memory, children included.

use std::fs;

use crate::Result;

/// Processor time of a process and its children, in microseconds.
pub(crate) fn cpu_us(pid: u32) -> Result<f64> {
    let mut ticks = 0.0;
    for pid in family(pid)? {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let after_name = stat.rsplit_once(')').ok_or("a stat line without a name")?.1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        ticks += fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
    }
    // 100 ticks a second on every Linux that this runs on.
    Ok(ticks * 10_000.0)
}

/// Resident memory of one process, in KiB.
pub(crate) fn resident_kib(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .ok_or("no VmRSS")?;
    Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse()?)
}

fn family(pid: u32) -> Result<Vec<u32>> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let mut family = vec![pid];
    for child in children.split_whitespace() {
        family.push(child.parse()?);
    }
    Ok(family)
}

/// The middle of some figures.
pub(crate) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
