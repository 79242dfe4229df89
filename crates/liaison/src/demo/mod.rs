//! The demonstration: a sample world, made the same way each time, and the requests that happened in it.
//! Not here: the server that shows it, see `commands/demo.rs`.

mod calendar;
mod findings;
mod gate;
mod post;
mod ratings;
mod requests;
mod stage;
mod story;
#[cfg(test)]
mod tests;
mod tour;
mod world;

pub(crate) use tour::{Place, Tour};

use std::path::Path;

use liaison_bundle::{Env, Source};
use liaison_operations::App;

use crate::commands::explain_import;
use crate::failure::Failure;
use world::World;

/// Fills a fresh database and says what can be done with it.
pub(crate) fn fill(app: &App, place: Place<'_>) -> Result<Tour, Failure> {
    let world = World::read();
    import(app, place.folder, &world)?;
    let outcome = requests::play(app, &world)?;
    Ok(Tour::new(app, place, &world, outcome))
}

/// The directory goes in as any other does: from a bundle in a file, which stays as an example.
fn import(app: &App, folder: &Path, world: &World) -> Result<(), Failure> {
    let path = folder.join("bundle.json");
    let bundle = world.bundle(&app.now().date());
    let text = serde_json::to_vec_pretty(&bundle).map_err(|error| Failure::refused(error.to_string()))?;
    std::fs::write(&path, text)?;
    let mut quiet = |_| {};
    let plan = liaison_bundle::check(&Source::File(path), None, &app.db, &mut quiet).map_err(explain_import)?;
    let env = Env {
        now: app.now(),
        entropy: app.env.entropy.as_ref(),
        // Nobody else works on this database yet.
        pause: &|_| {},
    };
    plan.apply(&app.db, &env, &mut quiet).map_err(explain_import)?;
    Ok(())
}
