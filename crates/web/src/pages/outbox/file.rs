//! The outbox as a file: the rows of every page, with the filters, the order and the columns of the page.

use axum::response::Response;
use liaison_db::Tx;
use liaison_domain::Timestamp;
use liaison_operations::access_requests::Part;
use liaison_operations::{Call, Error};

use super::super::{Page, PageError};
use super::wish::Wish;
use super::{columns, query, rows};
use crate::errors::ApiError;
use crate::extract::Visitor;
use crate::tables::{MediaType, Reader, Sheet, csv as write_csv, download, xlsx as write_xlsx};

/// Rows of a file at most.
const FILE_ROWS: usize = 50_000;

/// `GET /outbox.csv`.
pub(crate) async fn csv(visitor: Visitor) -> Page {
    let (sheet, at) = sheet(&visitor).await?;
    Ok(named(
        &at,
        "csv",
        MediaType::Csv,
        write_csv(&sheet, Reader::Spreadsheet),
    ))
}

/// `GET /outbox.xlsx`.
pub(crate) async fn xlsx(visitor: Visitor) -> Page {
    let (sheet, at) = sheet(&visitor).await?;
    let bytes = write_xlsx(&sheet, at).map_err(|error| Error::Internal(format!("a spreadsheet: {error}")))?;
    Ok(named(&at, "xlsx", MediaType::Xlsx, bytes))
}

fn named(at: &Timestamp, ending: &str, media_type: MediaType, bytes: Vec<u8>) -> Response {
    download(&format!("outbox-{}.{ending}", at.date()), media_type, bytes)
}

async fn sheet(visitor: &Visitor) -> Result<(Sheet, Timestamp), PageError> {
    let wish = Wish::parse(query(visitor))?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        if call.actor.is_guest {
            return Err(Error::NotFound);
        }
        let part = Part {
            offset: 0,
            limit: i64::try_from(FILE_ROWS).unwrap_or(i64::MAX).saturating_add(1),
            ..wish.part()
        };
        let rows = rows::read(tx, call, (&wish.sought(call), part), &wish.columns)?;
        if rows.len() > FILE_ROWS {
            return Ok(None);
        }
        let sheet = Sheet {
            name: "Outbox".to_owned(),
            columns: columns::titles(&wish.columns),
            rows: rows.iter().map(|row| columns::cells(&wish.columns, row)).collect(),
        };
        Ok(Some((sheet, call.now)))
    };
    let found = visitor.web.app.read_as(visitor.credential(), read).await;
    let found = found.map_err(|error| visitor.refused(error))?;
    found.ok_or_else(|| {
        let detail = format!(
            "A file holds at most {FILE_ROWS} requests, and these filters leave more. Narrow them, for example to the \
             requests of one year, and take the rest as a second file."
        );
        PageError::Problem(ApiError::new("invalid_parameter", detail))
    })
}
