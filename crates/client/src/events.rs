//! Server-sent events, read while they come.

use std::collections::VecDeque;

use tokio::time::timeout;

use crate::{Call, Client, Error};

/// Longest event that is taken; a message is far shorter.
const MOST_BYTES: usize = 1024 * 1024;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What a reader says to go on from here.
    pub id: Option<String>,
    /// What kind it is; `message` where nothing is said.
    pub name: String,
    /// Its text.
    pub data: String,
}

/// A stream of events that is open.
#[derive(Debug)]
pub struct Events {
    client: Client,
    response: reqwest::Response,
    parser: Parser,
    ready: VecDeque<Event>,
    path: String,
}

impl Client {
    /// Opens a stream of events. It is tried once, and it takes none of the places of other calls: it may stay for hours.
    pub async fn events(&self, call: &Call) -> Result<Events, Error> {
        let url = call.url(self.base())?;
        let opening = self.request(&call.clone().accept("text/event-stream"), &url).send();
        let silence = self.patience().silence;
        let late = || Error::TimedOut(format!("{} after {} s", call.path, silence.as_secs()));
        let response = timeout(silence, opening).await.map_err(|_| late())?;
        let response = response.map_err(|error| Error::from(self.lost(&error)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if !status.is_success() {
            let body = timeout(silence, self.read(call, response)).await.map_err(|_| late())?;
            let failed = body.map_or_else(|failed| failed, |body| self.failed(call, status, &headers, &body));
            return Err(failed.into());
        }
        Ok(Events {
            client: self.clone(),
            response,
            parser: Parser::default(),
            ready: VecDeque::new(),
            path: call.path.clone(),
        })
    }
}

impl Events {
    /// Waits for the next event; none where the server ended the stream.
    pub async fn next(&mut self) -> Result<Option<Event>, Error> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let piece = self.response.chunk().await;
            let Some(piece) = piece.map_err(|error| Error::from(self.client.lost(&error)))? else {
                return Ok(None);
            };
            let events = self.parser.feed(&piece);
            self.ready.extend(events.ok_or_else(|| Error::Shape {
                path: self.path.clone(),
                reason: format!("an event is longer than {MOST_BYTES} bytes"),
            })?);
        }
    }
}

/// Puts events together from pieces that end anywhere.
#[derive(Debug, Default)]
struct Parser {
    line: Vec<u8>,
    id: Option<String>,
    name: String,
    data: String,
    is_after_cr: bool,
}

impl Parser {
    /// Takes a piece and gives the events that are whole with it. None where the stream is not what it should be.
    fn feed(&mut self, piece: &[u8]) -> Option<Vec<Event>> {
        let mut events = Vec::new();
        for byte in piece {
            let follows_cr = std::mem::replace(&mut self.is_after_cr, *byte == b'\r');
            match byte {
                b'\n' if follows_cr => {}
                b'\n' | b'\r' => events.extend(self.end_of_line()),
                byte => self.line.push(*byte),
            }
            if self.line.len() + self.data.len() > MOST_BYTES {
                return None;
            }
        }
        Some(events)
    }

    fn end_of_line(&mut self) -> Option<Event> {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        if line.is_empty() {
            return self.end_of_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => value.clone_into(&mut self.name),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // A comment, or a field of another time.
            _ => {}
        }
        None
    }

    fn end_of_event(&mut self) -> Option<Event> {
        let (name, mut data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        data.pop()?;
        Some(Event {
            id: self.id.clone(),
            name: if name.is_empty() { "message".to_owned() } else { name },
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: Option<&str>, name: &str, data: &str) -> Event {
        Event {
            id: id.map(str::to_owned),
            name: name.to_owned(),
            data: data.to_owned(),
        }
    }

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let stream = "\u{feff}: hello\n\nid: 7\nevent: message\ndata: {\"a\":\ndata: \"\u{e9}\"}\n\ndata:x\r\n\r\nevent: end\n\nid\ndata\n\n";
        let wanted = [
            event(Some("7"), "message", "{\"a\":\n\"\u{e9}\"}"),
            event(Some("7"), "message", "x"),
            event(Some(""), "message", ""),
        ];
        for size in [1, 2, 3, 1000] {
            let mut parser = Parser::default();
            let pieces = stream.as_bytes().chunks(size);
            let events: Vec<Event> = pieces.flat_map(|piece| parser.feed(piece).unwrap()).collect();
            assert_eq!(events, wanted, "{size}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_given_up() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(&vec![b'x'; MOST_BYTES + 1]), None);
    }
}
