//! Making, starting and watching the cluster: the settings, the installed binaries, the shell that ends it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A finished test run needs no recovery: nothing waits for the disk, and no background process competes with the tests.
pub(super) const SETTINGS: &str = "
listen_addresses = ''
port = 5432
max_connections = 300
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
";

/// Stops the server once no client has been connected and no test has asked for it in five minutes. It takes the lock
/// before it stops it, so it cannot stop what a test was just given. Arguments: folder, folder of binaries.
pub(super) const WATCHDOG: &str = r#"
dir=$1 bin=$2
trap '' HUP
unused() { [ -n "$(find "$dir/used" -mmin +5)" ]; }
pid=$(head -n 1 "$dir/data/postmaster.pid")
while sleep 10; do
  [ "$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null)" = "$pid" ] && kill -0 "$pid" 2>/dev/null || exit 0
  clients=$("$bin/psql" -h "$dir" -p 5432 -U postgres -d postgres -XAtc "select count(*) - 1 from pg_stat_activity
    where backend_type = 'client backend'" 2>/dev/null)
  [ "${clients:-0}" = 0 ] || touch "$dir/used"
  unused || continue
  exec 9<"$dir/lock"
  flock 9 2>/dev/null
  unused || { exec 9<&-; continue; }
  "$bin/pg_ctl" stop -D "$dir/data" -m immediate && rm -rf "$dir/data"
  exit 0
done
"#;

/// The binaries on this machine, and how to run them.
pub(super) struct Installation {
    binaries: PathBuf,
    /// The server refuses to run as root; the user of the Debian package stands in.
    as_postgres: bool,
}

impl Installation {
    /// `xtask/src/needs.rs` looks in the same places.
    pub(super) fn find() -> Installation {
        let told = answer("pg_config", &["--bindir"]).map(PathBuf::from);
        let in_path = answer("sh", &["-c", "command -v initdb"]).map(|initdb| Path::new(&initdb).with_file_name(""));
        let places = told.into_iter().chain(debian_folders()).chain(in_path);
        let binaries = places
            .into_iter()
            .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
            .expect("PostgreSQL is not installed: `apt-get install postgresql`, or set LIAISON_TEST_ENGINES=sqlite");
        Installation {
            binaries,
            as_postgres: user_id() == "0",
        }
    }

    /// Makes a new cluster and starts it. What an earlier one left is deleted: without fsync it may be damaged.
    pub(super) fn start(&self, folder: &Path) {
        let data = folder.join("data");
        if self.as_postgres {
            must(Command::new("chown").args(["-R", "postgres:"]).arg(folder));
        }
        // Fails when nothing runs, which is the usual case.
        let _ = self
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--silent", "-D"])
            .arg(&data)
            .output();
        if data.exists() {
            fs::remove_dir_all(&data).unwrap_or_else(|error| panic!("{}: {error}", data.display()));
        }
        must(
            self.command("initdb")
                .args([
                    "--no-sync",
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C",
                    "-D",
                ])
                .arg(&data),
        );
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", folder.display());
        fs::write(data.join("postgresql.auto.conf"), settings).expect("initdb made the folder");
        must(
            self.command("pg_ctl")
                .args(["start", "--wait", "-D"])
                .arg(&data)
                .arg("-l")
                .arg(folder.join("log")),
        );
        self.watch(folder);
    }

    fn watch(&self, folder: &Path) {
        let mut shell = self.command_at(Path::new("sh"));
        // A group of its own: what ends a test ends its group.
        shell
            .args(["-c", "sh -c \"$1\" watchdog \"$2\" \"$3\" &", "sh", WATCHDOG])
            .arg(folder)
            .arg(&self.binaries);
        shell
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = shell.status().is_ok_and(|status| status.success());
        assert!(started, "the watchdog of the PostgreSQL server did not start");
    }

    fn command(&self, binary: &str) -> Command {
        self.command_at(&self.binaries.join(binary))
    }

    /// The program as the user the server runs as, in a folder that user can enter.
    fn command_at(&self, program: &Path) -> Command {
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }
}

/// Where Debian keeps its versions, newest first.
fn debian_folders() -> Vec<PathBuf> {
    let entries = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> = entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions
        .iter()
        .map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")))
        .collect()
}

fn must(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("PostgreSQL did not start: {command:?}: {error}"));
    let said = || String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "PostgreSQL did not start: {command:?}: {}",
        said()
    );
    output
}

pub(super) fn user_id() -> String {
    answer("id", &["-u"]).expect("every Unix has `id`")
}

/// What a program printed, when it ran and succeeded.
fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
