//! A server for one story: the sample world of the tests, or the demonstration. What scripts need to know of it goes
//! to them as JSON.

use liaison_testkit::databases::Fresh;
use liaison_testkit::postgres::{self, Server};
use liaison_testkit::process::{self, Process};
use liaison_testkit::web::routes;
use liaison_testkit::{Engine, Value, json, world};
use tokio::runtime::Runtime;

/// What a story plays on; gone when dropped.
pub(crate) struct Stage {
    told: Value,
    // Dropped in this order: the server, then what it stands on.
    _server: Option<Process>,
    _runtime: Option<Runtime>,
    _database: Option<Fresh>,
    _empty: Option<Empty>,
}

/// An empty PostgreSQL database; gone when dropped.
struct Empty {
    server: Server,
    name: String,
}

impl Drop for Empty {
    fn drop(&mut self) {
        self.server.drop_database(&self.name);
    }
}

impl Stage {
    /// What the scripts are told.
    pub(crate) fn told(&self) -> &Value {
        &self.told
    }
}

/// `liaison serve` on the sample world: small, and known to the last field.
pub(crate) fn sample(engine: Engine) -> Stage {
    let database = Fresh::new(engine);
    let runtime = Runtime::new().expect("a runtime can be built");
    let http = liaison_testkit::http();
    let server = runtime.block_on(Process::serve(&http, &database.url, process::free_port(), &[]));
    let mut told = told();
    told["base"] = json!(server.base);
    told["database"] = json!(process::database_url(&database.url));
    told["sides"] = json!({
        "client": {"customer": world::CLIENT, "token": world::CLIENT_ADMIN, "email": "cora@blueseas.com",
                   "name": "Cora Wells"},
        "vendor": {"customer": world::VENDOR, "token": world::VENDOR_ADMIN, "email": "vince@blackhills.com",
                   "name": "Vince Hill"},
    });
    // The client as an import names it, which writes the row anew.
    told["importing"] = json!({
        "customer": world::CLIENT, "name": "Blue Seas", "my_company_guid": world::BLUE_SEAS, "trial_duration": 30,
    });
    told["partner"] = json!("Saperix");
    told["companies"] = json!({
        "black_hills": {"guid": world::BLACK_HILLS, "domain": "blackhills.com"},
        "saperix": {"guid": world::SAPERIX, "domain": "saperix.example"},
    });
    told["findings"] = (0..12).map(world::finding_id).collect();
    told["invitee"] = json!({
        "requestee_email": "sam@saperix.example", "requestee_formal_name": "Sam Perry",
        "requestee_friendly_name": "Sam", "requestee_company_guid": world::SAPERIX,
    });
    Stage {
        told,
        _server: Some(server),
        _runtime: Some(runtime),
        _database: Some(database),
        _empty: None,
    }
}

/// `liaison demo`, rich enough to fill every page: on its own file, or on PostgreSQL. The script starts it, as
/// `cargo xtask screenshots` does.
pub(crate) fn demo(engine: Engine) -> Stage {
    let mut told = told();
    let empty = (engine == Engine::Postgres).then(|| {
        let server = postgres::shared_server();
        let name = server.create_database(None);
        told["database"] = json!(server.url(&name));
        Empty { server, name }
    });
    Stage {
        told,
        _server: None,
        _runtime: None,
        _database: None,
        _empty: empty,
    }
}

fn told() -> Value {
    let pages = routes::all().filter(|route| route.methods().any(|method| method == "GET"));
    json!({
        "binary": process::binary().to_string_lossy(),
        "routes": pages.map(|route| route.path).collect::<Vec<_>>(),
    })
}
