//! The folder that holds what was read until it is written: the checkpoint of a long copy.
//!
//! A list is complete when it has its final name. Companies stand in files of their own, each line a company that was read
//! whole; its findings stand before the mark that the line holds. Whatever comes after the last whole line is cut off.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use liaison_domain::{Guid, Timestamp};
use liaison_operations::digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::parts::Part;
use crate::config::folders;
use crate::failure::Failure;
use crate::output;

/// Companies that are read at the same time, each into files of its own.
pub(super) const LANES: usize = 3;
const VERSION: u32 = 2;
/// How long after a dry run a copy may use what that has read, in milliseconds.
const KEPT: i64 = 3_600_000;

/// The folder.
pub(super) struct Spool {
    folder: PathBuf,
    /// Held as long as this run: two copies into one folder would spoil each other.
    _lock: File,
}

/// Whose rows these are.
#[derive(Serialize, Deserialize)]
struct About {
    version: u32,
    server: String,
    customer: Guid,
    /// Milliseconds since 1970.
    begun_at: i64,
    /// Whether everything was read that was asked for: a dry run ended here.
    is_whole: bool,
}

impl About {
    fn is_same_copy(&self, other: &About) -> bool {
        self.version == other.version && self.server == other.server && self.customer == other.customer
    }
}

/// One company that was read whole.
#[derive(Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) guid: Guid,
    /// Its row for a bundle; none where the server does not tell about companies.
    pub(super) company: Option<Value>,
    /// Where its findings end in the file of findings.
    pub(super) end: u64,
}

/// Where one reader of companies writes.
pub(super) struct Lane {
    companies: File,
    pub(super) findings: BufWriter<File>,
    /// Where the findings of the companies that were read whole end.
    end: u64,
}

impl Spool {
    pub(super) fn open(
        named: Option<&Path>,
        (server, customer): (&str, Guid),
        (fresh, now): (bool, Timestamp),
    ) -> Result<Spool, Failure> {
        let folder = named.map_or_else(|| usual(server, customer), Path::to_owned);
        let trouble = |error: io::Error| Failure::refused(format!("{}: {error}", folder.display()));
        let about = About {
            version: VERSION,
            server: server.to_owned(),
            customer,
            begun_at: now.0,
            is_whole: false,
        };
        if !folder.is_dir() {
            folders::make_private(&folder).map_err(trouble)?;
        }
        let lock = File::create(folder.join("lock")).map_err(trouble)?;
        if lock.try_lock().is_err() {
            return Err(Failure::refused(format!("another copy works in {}", folder.display())));
        }
        let spool = Spool { folder, _lock: lock };
        spool.claim(&about, fresh)?;
        Ok(spool)
    }

    /// Takes the folder for this copy, or goes on with an earlier one.
    fn claim(&self, about: &About, fresh: bool) -> Result<(), Failure> {
        let path = self.folder.join("about.json");
        match fs::read(&path) {
            Ok(text)
                if let Ok(known) = serde_json::from_slice::<About>(&text)
                    && known.is_same_copy(about) =>
            {
                self.go_on(about, &known, fresh)
            }
            Ok(_) => Err(Failure::refused(format!(
                "{} belongs to another copy; name another folder with --spool",
                self.name()
            ))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let strangers = fs::read_dir(&self.folder)?.filter_map(Result::ok);
                if strangers.into_iter().any(|entry| entry.file_name() != "lock") {
                    return Err(Failure::refused(format!(
                        "{} holds other files; name an empty folder",
                        self.name()
                    )));
                }
                self.begin(about)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Goes on with an earlier run of the same copy, unless that would write what is old.
    fn go_on(&self, about: &About, known: &About, fresh: bool) -> Result<(), Failure> {
        let age = about.begun_at.saturating_sub(known.begun_at);
        let minutes = output::count(age / 60_000, "minute");
        if fresh || (known.is_whole && age > KEPT) {
            if !fresh {
                output::note(&format!(
                    "what {} holds was read {minutes} ago; reading anew",
                    self.name()
                ));
            }
            return self.begin(about);
        }
        output::note(&format!(
            "going on with what {} holds, read from {minutes} ago on; --fresh reads all of it again",
            self.name()
        ));
        Ok(())
    }

    /// Everything was read, and is kept for the copy itself.
    pub(super) fn close_whole(&self) -> Result<(), Failure> {
        let path = self.folder.join("about.json");
        let mut about: About = read(serde_json::from_slice(&fs::read(&path)?).map_err(io::Error::from)?)?;
        about.is_whole = true;
        Ok(fs::write(path, serde_json::to_vec(&about).map_err(io::Error::from)?)?)
    }

    fn begin(&self, about: &About) -> Result<(), Failure> {
        for path in self.files()? {
            fs::remove_file(path)?;
        }
        // Names and addresses of people will be in it, and by now it is known to be ours or empty.
        folders::close_to_others(&self.folder)?;
        let text = serde_json::to_vec(about).map_err(io::Error::from)?;
        Ok(fs::write(self.folder.join("about.json"), text)?)
    }

    /// The files of a copy, as this program names them.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let ours = path.extension().is_some_and(|end| end == "jsonl" || end == "part");
            if ours
                || path
                    .file_name()
                    .is_some_and(|name| name == "about.json" || name == "bundle.json")
            {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// The folder, as people know it.
    pub(super) fn name(&self) -> String {
        self.folder.display().to_string()
    }

    /// Where the bundle is put together.
    pub(super) fn bundle(&self) -> PathBuf {
        self.folder.join("bundle.json")
    }

    /// Takes the folder away: everything in it was written.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        for path in self.files()? {
            fs::remove_file(path)?;
        }
        fs::remove_file(self.folder.join("lock"))?;
        // A folder that was there before, or holds other files, stays.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }

    fn list_path(&self, part: Part, end: &str) -> PathBuf {
        self.folder.join(format!("{}.{end}", part.name()))
    }

    /// Whether a list was read whole.
    pub(super) fn has_list(&self, part: Part) -> bool {
        self.list_path(part, "jsonl").exists()
    }

    /// A list that is about to be read.
    pub(super) fn new_list(&self, part: Part) -> io::Result<BufWriter<File>> {
        Ok(BufWriter::new(File::create(self.list_path(part, "part"))?))
    }

    /// A list was read whole.
    pub(super) fn finish_list(&self, part: Part, mut list: BufWriter<File>) -> io::Result<()> {
        list.flush()?;
        fs::rename(self.list_path(part, "part"), self.list_path(part, "jsonl"))
    }

    /// The rows of a list, one after the other; none where it was not read.
    pub(super) fn each(&self, part: Part, each: impl FnMut(Value) -> Result<(), Failure>) -> Result<(), Failure> {
        lines(&self.list_path(part, "jsonl"), each)
    }

    fn lane_path(&self, what: &str, lane: usize) -> PathBuf {
        self.folder.join(format!("{what}-{lane}.jsonl"))
    }

    /// Opens the files of one reader, and gives what it has read whole before.
    pub(super) fn lane(&self, lane: usize) -> io::Result<(Lane, Vec<Guid>)> {
        let open = |path: PathBuf| {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(path)
        };
        let mut companies = open(self.lane_path("company", lane))?;
        let mut findings = open(self.lane_path("finding", lane))?;
        let (mut known, mut whole, mut end) = (Vec::new(), 0, 0);
        let mut reader = BufReader::new(&companies);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            let mark: Option<Mark> = line
                .strip_suffix(b"\n")
                .and_then(|line| serde_json::from_slice(line).ok());
            let Some(mark) = mark else { break };
            whole += line.len() as u64;
            end = mark.end;
            known.push(mark.guid);
            line.clear();
        }
        companies.set_len(whole)?;
        companies.seek(SeekFrom::Start(whole))?;
        findings.set_len(end)?;
        findings.seek(SeekFrom::Start(end))?;
        let findings = BufWriter::new(findings);
        Ok((
            Lane {
                companies,
                findings,
                end,
            },
            known,
        ))
    }

    /// Every company that was read whole.
    pub(super) fn each_company(&self, mut each: impl FnMut(Mark) -> Result<(), Failure>) -> Result<(), Failure> {
        for lane in 0..LANES {
            lines(&self.lane_path("company", lane), |mark| each(read(mark)?))?;
        }
        Ok(())
    }

    /// Every finding of them.
    pub(super) fn each_finding(&self, mut each: impl FnMut(Value) -> Result<(), Failure>) -> Result<(), Failure> {
        for lane in 0..LANES {
            lines(&self.lane_path("finding", lane), &mut each)?;
        }
        Ok(())
    }
}

impl Lane {
    /// The company was read whole.
    pub(super) fn mark(&mut self, guid: Guid, company: Option<Value>) -> io::Result<()> {
        self.end = self.findings.stream_position()?;
        self.findings.flush()?;
        let mark = Mark {
            guid,
            company,
            end: self.end,
        };
        let mut line = serde_json::to_vec(&mark)?;
        line.push(b'\n');
        self.companies.write_all(&line)
    }

    /// The company was not read whole: what came of its findings is forgotten.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        self.findings.flush()?;
        self.findings.get_mut().set_len(self.end)?;
        self.findings.seek(SeekFrom::Start(self.end))?;
        Ok(())
    }
}

/// One row on a line of its own.
pub(super) fn put(file: &mut impl io::Write, row: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *file, row)?;
    file.write_all(b"\n")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::refused(format!("the spool is damaged ({error}); use --fresh")))
}

fn lines(path: &Path, mut each: impl FnMut(Value) -> Result<(), Failure>) -> Result<(), Failure> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for line in BufReader::with_capacity(64 * 1024, file).lines() {
        let row = serde_json::from_str(&line?);
        each(row.map_err(|error| Failure::refused(format!("{} is damaged ({error}); use --fresh", path.display())))?)?;
    }
    Ok(())
}

/// A name that the next run finds again.
fn usual(server: &str, customer: Guid) -> PathBuf {
    let digest = digest(format!("{server} {customer}").as_bytes());
    let name: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    PathBuf::from(format!("liaison-copy-{name}"))
}
