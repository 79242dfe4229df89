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
use serde_json::{Value, json};

use crate::commands::explain_import;
use crate::failure::Failure;
use requests::Play;
use world::World;

/// Fills a fresh database and says what can be done with it.
pub(crate) fn fill(app: &App, place: Place<'_>) -> Result<Tour, Failure> {
    let world = World::read();
    let bundle = world.bundle(&app.now().date());
    let mut play = Play::new(app, &world)?;
    for (index, (month, steps)) in play.months().into_iter().enumerate() {
        let mut known = bundle.clone();
        if index > 0 {
            // The rest is there since the first month.
            known = json!({"companies": known["companies"].take()});
        }
        ratings::forget_after(&mut known, &month);
        import(app, place.folder, &known)?;
        play.perform(steps)?;
    }
    import(app, place.folder, &bundle)?;
    Ok(Tour::new(app, place, &world, play.end()?))
}

/// The directory goes in as any other does: from a bundle in a file. The last and whole one stays as an example.
fn import(app: &App, folder: &Path, bundle: &Value) -> Result<(), Failure> {
    let path = folder.join("bundle.json");
    let text = serde_json::to_vec_pretty(bundle).map_err(|error| Failure::refused(error.to_string()))?;
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
