//! `liaison profile …`: what is kept, who can read it, and where a token goes.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use liaison_testkit::fake::{self, Fake};
use liaison_testkit::{Engine, Shell, TestApp, json, on_both, world};

fn file(shell: &Shell) -> PathBuf {
    shell.home().join(".config/liaison/profiles.toml")
}

fn add<'a>(name: &'a str, server: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    [&["profile", "add", name, "--server", server, "--token-stdin"][..], rest].concat()
}

on_both! {
    async fn a_profile_from_its_making_to_its_end(app) {
        let shell = Shell::new("", "");
        assert!(shell.out(&["profile", "list"]).contains("No profiles yet"));
        let nothing = shell.run(&["outbox"]);
        assert!(nothing.refusal(2).contains("liaison profile add NAME"), "{nothing:?}");
        let made = shell.fed(&add("work", app.base(), &["--json"]), &format!("{}\n", world::CLIENT_ADMIN));
        assert_eq!(made.json(), json!({"name": "work", "server": app.base(), "default": true}));
        assert_eq!(std::fs::metadata(file(&shell)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(file(&shell).parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(shell.answer(&["outbox"]), json!([]));
        shell.fed(&add("vendor", app.base(), &[]), world::VENDOR_ADMIN);
        let listed = shell.out(&["profile", "list"]);
        assert!(listed.contains("work") && listed.contains("vendor") && !listed.contains("token-of"), "{listed}");
        let taken = shell.fed(&add("vendor", app.base(), &[]), world::VENDOR_ADMIN);
        assert!(taken.refusal(1).contains("add --replace"), "{taken:?}");
        let guid = app.client(world::CLIENT_ADMIN).invited(&liaison_testkit::invitations::to_vera()).await;
        assert_eq!(shell.out(&["inbox", "-q", "--profile", "vendor"]).trim(), guid);
        assert_eq!(shell.out(&["inbox", "-q"]), "", "work is the default");
        shell.out(&["profile", "use", "vendor"]);
        assert_eq!(shell.out(&["inbox", "-q"]).trim(), guid);
        shell.out(&["profile", "remove", "vendor"]);
        assert_eq!(shell.out(&["inbox", "-q"]), "", "the only one left is used");
        let gone = shell.run(&["inbox", "--profile", "vendor"]);
        assert!(gone.refusal(2).contains("there is no profile vendor; there are work"), "{gone:?}");
        assert!(!std::fs::read_to_string(file(&shell)).unwrap().contains(world::VENDOR_ADMIN));
    }

    async fn a_token_is_tried_before_it_is_kept(app) {
        let shell = Shell::new("", "");
        let refused = shell.fed(&add("work", app.base(), &[]), "no-token-of-this-server");
        assert!(refused.refusal(1).contains("nothing was kept"), "{refused:?}");
        assert!(!refused.err.contains("no-token-of"), "{refused:?}");
        assert!(!file(&shell).exists());
        let reader = shell.fed(&add("work", app.base(), &[]), world::CLIENT_READER);
        assert_eq!(reader.code, Some(0), "who may little is still somebody: {reader:?}");
        let away = shell.fed(&add("away", "http://127.0.0.1:1", &[]), "some-token-of-another");
        assert!(away.code == Some(0) && away.err.contains("kept without having been tried"), "{away:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_goes_to_its_own_server_alone() {
    let (own, other) = (answering().await, answering().await);
    let shell = Shell::new("", "");
    shell.fed(&add("own", &own.url, &[]), "token-of-own-server");
    let refused = shell.run(&["outbox", "--server", &other.url]);
    assert!(refused.refusal(2).contains("no token for"), "{refused:?}");
    let named = shell.run(&["outbox", "--server", &other.url, "--profile", "own"]);
    assert!(named.refusal(2).contains("no token for"), "{named:?}");
    assert!(other.asked().is_empty(), "nothing was sent");
    let surroundings = Shell::new(&other.url, "token-of-the-surroundings");
    surroundings.fed(
        &["profile", "add", "own", "--server", &own.url, "--token-stdin"],
        "token-of-own-server",
    );
    let before = own.asked().len();
    surroundings.out(&["outbox", "--json", "--profile", "own"]);
    assert!(
        other.asked().is_empty() && own.asked().len() == before + 1,
        "the named profile is meant, whole"
    );
    let basic = &own.asked()[before].headers["authorization"];
    let sent = data_encoding::BASE64.encode(b"token-of-own-server:");
    assert_eq!(*basic, format!("Basic {sent}"));
}

async fn answering() -> Fake {
    Fake::start(|_| fake::json(200, &json!([]))).await
}

#[test]
fn two_at_once_are_both_kept() {
    let shell = Shell::new("", "");
    let names: Vec<String> = (0..6).map(|number| format!("p{number}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| shell.fed(&add(name, "http://127.0.0.1:1", &[]), "some-token-of-it"));
        }
    });
    let listed = shell.answer(&["profile", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 6, "{listed}");
    let several = shell.run(&["profile", "use", "p9"]);
    assert!(
        several.refusal(2).contains("there is no profile p9; there are p0, p1"),
        "{several:?}"
    );
}

#[test]
fn wrong_profiles_are_told() {
    let shell = Shell::new("", "");
    for (name, server, token, words) in [
        ("work", "liaison.example.com", "t", "write an address like https://"),
        (
            "work",
            "ftp://liaison.example.com",
            "t",
            "write an address like https://",
        ),
        (
            "work",
            "https://hunter2:@liaison.example.com",
            "t",
            "leave user and password out",
        ),
        ("work", "http://liaison.example.com", "t", "--allow-http"),
        ("a b", "https://liaison.example.com", "t", "letters, digits"),
        ("work", "https://liaison.example.com", "", "the token is empty"),
        ("work", "https://liaison.example.com", "hunter2 x", "no spaces"),
        ("work", "https://liaison.example.com", "hunter2:x", "no colon"),
    ] {
        let ended = shell.fed(&add(name, server, &[]), token);
        assert!(ended.code == Some(2) && ended.err.contains(words), "{words}: {ended:?}");
        assert!(!ended.err.contains("hunter2"), "{ended:?}");
    }
    let asked = shell.run(&["profile", "add", "work", "--server", "http://127.0.0.1:1"]);
    assert!(asked.refusal(2).contains("--token-stdin"), "{asked:?}");
    assert!(!file(&shell).exists());
    std::fs::create_dir_all(file(&shell).parent().unwrap()).unwrap();
    std::fs::write(
        file(&shell),
        "default = \"a\"\n\n[profile.a]\nserver = \"x\ntoken = hunter2\n",
    )
    .unwrap();
    let broken = shell.run(&["profile", "list"]);
    assert!(
        broken.code == Some(2) && broken.err.contains("profiles.toml, line 4"),
        "{broken:?}"
    );
    assert!(
        !broken.err.contains("hunter2") && broken.err.contains("chmod 600"),
        "{broken:?}"
    );
}

#[test]
fn without_a_home_there_are_flags() {
    liaison_testkit::run(Engine::Sqlite, async |app: &TestApp| {
        let shell = Shell::new(app.base(), world::CLIENT_ADMIN);
        let mut command = shell.command(&["outbox", "--json"]);
        let ended = liaison_testkit::process::ended(command.env("HOME", "").env("XDG_CONFIG_HOME", "relative"), "");
        assert_eq!(ended.code, Some(0), "{ended:?}");
    });
}
