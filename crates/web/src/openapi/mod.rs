//! The published description of the API (OpenAPI 3.1): what each operation says of itself, put together into one
//! document. Schemas come from the very types that are read and written.

mod document;
mod examples;
mod operation;
mod published;
mod responses;
mod schemas;

pub use document::document;
pub(crate) use examples::{Example, text};
pub use operation::{Answer, Body, Kind, Needs, Operation, Parameter, Schema};
pub(crate) use operation::{query, tag};
pub(crate) use published::{DOCUMENT, Published, document as publish};
pub(crate) use responses::status_of;

/// An operation by its id, with its first example.
pub(crate) fn example_of(id: &str) -> Option<(&'static Operation, Example)> {
    let mut operations = crate::routes::all().flat_map(|route| route.operations);
    let operation = operations.find(|operation| operation.id == id)?;
    let has_example = !operation.example.is_empty();
    has_example.then(|| (operation, Example::of(operation, "")))
}

/// The example of an operation, a file beside this one: the request, and the answer that a test got for it.
macro_rules! example {
    ($id:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/openapi/examples/",
            $id,
            ".json"
        ))
    };
}
pub(crate) use example;
