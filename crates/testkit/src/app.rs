//! A whole Liaison: the real server on a port of its own, over a fresh database.

use std::sync::Arc;
use std::time::Duration;

use liaison_db::{Db, Engine};
use liaison_jobs::{Bell, Transport, send_mail, upkeep};
use liaison_mail::Identity;
use liaison_operations::{App, Env};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::browser::{Browser, PASSWORD};
use crate::client::{self, Client, Reply};
use crate::databases::{self, Fresh};
use crate::seams::{FixedDomains, ManualClock, SeededEntropy};
use crate::world;

/// A running Liaison. Mail is kept; jobs run when a test asks for them.
pub struct TestApp {
    /// The time, moved by hand.
    pub clock: Arc<ManualClock>,
    app: App,
    base: String,
    http: reqwest::Client,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    database: Fresh,
}

/// Runs one test on one engine, then checks that it left nothing undone. `LIAISON_TEST_ENGINES` may leave one out.
pub fn run(engine: Engine, test: impl AsyncFnOnce(&TestApp)) {
    if !wanted(engine) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be built");
    let database = runtime.block_on(async {
        let app = TestApp::start(engine).await;
        test(&app).await;
        app.finish().await
    });
    // Dropping a database talks to its server, which is not allowed inside a runtime.
    drop(runtime);
    drop(database);
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration of their own to read it from"
)]
/// Whether the tests of an engine run: all do, unless `LIAISON_TEST_ENGINES` names one.
pub fn wanted(engine: Engine) -> bool {
    let engines = std::env::var("LIAISON_TEST_ENGINES").unwrap_or_default();
    match engines.as_str() {
        "sqlite" => engine == Engine::Sqlite,
        "postgres" => engine == Engine::Postgres,
        _ => true,
    }
}

impl TestApp {
    /// Starts on a fresh copy of the sample world.
    pub async fn start(engine: Engine) -> TestApp {
        let database = tokio::task::spawn_blocking(move || Fresh::new(engine))
            .await
            .expect("a database is made");
        let url = database.url.clone();
        let opening = tokio::task::spawn_blocking(move || Db::open(&url, &databases::options()));
        let db = opening.await.expect("opening ends").expect("the database opens");
        let server = liaison_web::Server::bind("127.0.0.1:0").await.expect("a port is free");
        let base = format!("http://{}", server.local_addr().expect("a bound socket has an address"));
        let clock = Arc::new(ManualClock::at(world::START));
        let app = App {
            db,
            clock: clock.clone(),
            env: Arc::new(Env {
                entropy: Arc::new(SeededEntropy::starting_at(1 << 32)),
                identity: Identity::parse("Liaison <liaison@liaison.test>", "https://liaison.test").expect("is valid"),
                has_relay: false,
                resend_cool_down: Duration::from_secs(300),
            }),
            mail_domains: Some(Arc::new(FixedDomains)),
            mail_bell: Bell::new().ringer(),
        };
        let (stop, stopped) = watch::channel(false);
        let options = liaison_web::Options {
            version: "test",
            demo: false,
            proxies: Vec::new(),
        };
        let serving = tokio::spawn(server.serve(app.clone(), options, stopped));
        TestApp {
            clock,
            app,
            base,
            http: client::http(),
            stop,
            serving,
            database,
        }
    }

    /// The application inside, for what has no HTTP yet.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The database, for tests of commands.
    pub fn database(&self) -> &Fresh {
        &self.database
    }

    /// `http://host:port`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The HTTP client, for requests that no [`Client`] makes.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Calls with a token.
    pub fn client(&self, token: &str) -> Client {
        Client::new(self.http.clone(), &self.base, token)
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.http.clone(), &self.base)
    }

    /// A browser in which a user of the sample world is signed in, with [`PASSWORD`] as their password.
    pub async fn signed_in(&self, email: &str) -> Browser {
        self.give_password(email).await;
        let browser = self.browser();
        let fields = [("email", email), ("password", PASSWORD)];
        let reply = browser.submit("/sign-in", "/sign-in", &fields).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        browser
    }

    /// Gives a user of the sample world [`PASSWORD`] as their password.
    pub async fn give_password(&self, email: &str) {
        let email = email.to_owned();
        let hash = liaison_operations::passwords::hash(PASSWORD, self.app.env.entropy.as_ref()).expect("can be hashed");
        let given = self.app.db.write(move |tx| {
            for customer in [world::CLIENT, world::OTHER, world::VENDOR] {
                let guid = liaison_domain::ids::parse_guid(customer).expect("is a guid");
                match liaison_operations::users::set_password(tx, guid, &email, &hash) {
                    Err(liaison_operations::Error::NotFound) => {}
                    other => return other,
                }
            }
            Err(liaison_operations::Error::NotFound)
        });
        given.await.expect("the sample world has this user");
    }

    /// Emma's client and Vera's: the two sides of a collaboration.
    pub fn pair(&self) -> (Client, Client) {
        (self.client(world::CLIENT_ADMIN), self.client(world::VENDOR_ADMIN))
    }

    /// Runs the mail worker until nothing is due.
    pub async fn deliver(&self) {
        send_mail::drain(&self.app, &Transport::Kept)
            .await
            .expect("the outbox can be worked on");
    }

    /// Runs upkeep until nothing is due.
    pub async fn upkeep(&self) {
        upkeep::catch_up(&self.app).await.expect("upkeep works");
    }

    /// Sends the acceptance form of a link, from a browser that was never here.
    pub async fn accept(&self, token: &str, fields: &[(&str, &str)]) -> Reply {
        let browser = self.browser();
        let path = format!("/i/{token}");
        let page = browser.get(&path).await;
        let hidden = crate::browser::hidden_token(&page.text).unwrap_or_default();
        let mut all = vec![("form_token", hidden.as_str())];
        all.extend_from_slice(fields);
        browser.post(&path, &all).await
    }

    /// Accepts a link with a valid form. Panics where it is refused.
    pub async fn accepted(&self, token: &str, name: &str) {
        let form = [
            ("formal_name", name),
            ("password", "correct horse battery"),
            ("terms", "accepted"),
        ];
        let reply = self.accept(token, &form).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
    }

    /// Checks that no mail is left unsent, stops the server, and waits for it.
    async fn finish(self) -> Fresh {
        self.deliver().await;
        let counted = self
            .app
            .db
            .read(liaison_operations::mails::count_by_state)
            .await
            .expect("mails can be counted");
        assert!(
            counted.iter().all(|(state, _)| state != "queued"),
            "mail is left in the outbox: {counted:?}"
        );
        self.stop.send(true).expect("the server listens");
        self.serving.await.expect("the server ends without a panic");
        self.database
    }
}
