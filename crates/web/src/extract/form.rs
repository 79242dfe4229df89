//! A form that was sent: judged to come from a page of ours, in the browser it was shown in, before it is read.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use http::HeaderMap;
use http::request::Parts;

use super::body::{Unread, collect, discard, may_be_large};
use super::visitor::{Guest, Visitor};
use crate::errors::ApiError;
use crate::pages::PageError;
use crate::peer::Peer;
use crate::state::Web;

/// Bytes of a form: two texts of 10 000 characters, each of which takes up to 12 bytes here, and much else.
const FORM_BYTES: usize = 512 * 1024;
/// Bytes of a form that anybody may send: one such text.
const OPEN_FORM_BYTES: usize = 192 * 1024;

/// The name of the field that every form carries.
pub(crate) const TOKEN_FIELD: &str = "form_token";

/// The fields of a form, in their order; a name may stand there several times.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormFields(Vec<(String, String)>);

impl FormFields {
    /// Reads `application/x-www-form-urlencoded`, which a query string is too. NUL is dropped: no field can mean it.
    pub(crate) fn parse(text: &[u8]) -> FormFields {
        let pairs = form_urlencoded::parse(text);
        FormFields(
            pairs
                .map(|(name, value)| (name.into_owned(), value.replace('\0', "")))
                .collect(),
        )
    }

    /// Fields that nobody typed: those of something stored.
    pub(crate) fn of(pairs: &[(&str, &str)]) -> FormFields {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        FormFields(pairs.collect())
    }

    /// The last value of a name, empty where it is absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        let mut values = self.0.iter().rev();
        values.find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let values = self.0.iter().filter(move |(known, _)| known == name);
        values.map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked or a button was pressed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

/// A form sent by somebody with a session.
pub(crate) struct Submission {
    pub(crate) visitor: Visitor,
    pub(crate) fields: FormFields,
}

impl FromRequest<Web> for Submission {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &Web) -> Result<Submission, PageError> {
        let (mut parts, body) = request.into_parts();
        check_origin(&parts, web)?;
        let visitor = Visitor::from_request_parts(&mut parts, web).await?;
        if may_be_large(&body)
            && let Err(error) = web.app.read_as(visitor.credential(), |_, _| Ok(())).await
        {
            discard(body).await;
            return Err(visitor.refused(error));
        }
        let fields = read(body, FORM_BYTES).await?;
        check_token(&fields, &visitor.form_token)?;
        Ok(Submission { visitor, fields })
    }
}

/// A form sent by anybody.
pub(crate) struct OpenForm {
    pub(crate) guest: Guest,
    pub(crate) fields: FormFields,
    /// What the browser calls itself.
    pub(crate) user_agent: String,
}

impl FromRequest<Web> for OpenForm {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &Web) -> Result<OpenForm, PageError> {
        let (mut parts, body) = request.into_parts();
        check_origin(&parts, web)?;
        let Ok(peer) = Peer::from_request_parts(&mut parts, web).await;
        let guest = Guest::new(web, &parts.headers, peer);
        let fields = read(body, OPEN_FORM_BYTES).await?;
        check_token(&fields, &guest.form_token)?;
        Ok(OpenForm {
            guest,
            fields,
            user_agent: user_agent(&parts.headers),
        })
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(http::header::USER_AGENT);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Browsers say where a form comes from; what says it comes from elsewhere is refused before anything is read.
pub(crate) fn check_origin(parts: &Parts, web: &Web) -> Result<(), ApiError> {
    let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site_is_ours = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_is_ours = text("origin").is_none_or(|origin| web.is_own_origin(origin, &parts.headers));
    if site_is_ours && origin_is_ours {
        Ok(())
    } else {
        Err(refused())
    }
}

fn check_token(fields: &FormFields, expected: &str) -> Result<(), ApiError> {
    // Both are digests of a secret: how long comparing takes gives nothing away that helps to make one.
    if fields.text(TOKEN_FIELD) == expected {
        Ok(())
    } else {
        Err(refused())
    }
}

fn refused() -> ApiError {
    ApiError::new(
        "form_refused",
        "This form did not come from a page of this server in this browser, or you signed in or out in between. \
         Nothing was changed. Go back, reload the page, and send it again; cookies have to be allowed.",
    )
}

async fn read(body: Body, most: usize) -> Result<FormFields, ApiError> {
    match collect(body, most).await {
        Ok(body) => Ok(FormFields::parse(&body)),
        Err(Unread::TooLarge) => {
            let rule = format!("The form is larger than {} KiB.", most / 1024);
            Err(ApiError::new("body_too_large", rule))
        }
        Err(Unread::Cut) => Err(ApiError::new("invalid_field", "The form did not arrive whole.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_repeat_and_the_last_one_wins() {
        let fields = FormFields::parse(b"a=1&b=x%00y&a=2&c");
        assert_eq!(fields.text("a"), "2");
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.text("b"), "xy");
        assert!(fields.has("c") && !fields.has("d"));
    }
}
