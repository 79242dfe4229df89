//! Reading a JSON bundle row by row: the lists are walked through, a row is handed on as its text.
//! Not here: what is inside of a row.

mod lists;

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use serde::de::DeserializeSeed;

use self::lists::{Rows, Top};
use crate::problem::{Place, pointer};
use crate::source::Input;
use crate::{ImportError, Kind};

/// Who gets the rows.
pub(crate) trait Sink {
    /// Whether rows of this kind are wanted at all.
    fn wants(&self, kind: Kind) -> bool;
    /// One row; `byte` is how far the reading is.
    fn row(&mut self, place: Place, text: &str, byte: u64) -> Result<(), ImportError>;
    /// Something is wrong that is not in a row.
    fn problem(&mut self, pointer: String, reason: String);
}

/// Where a list of the top level stands in the file, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    pub(crate) kind: Kind,
    start: u64,
    end: u64,
}

impl Section {
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    pub(crate) fn length(&self) -> u64 {
        self.end - self.start
    }
}

/// Reads the whole file. Problems of its syntax go to the sink.
pub(crate) fn read_all(input: &Input, sink: &mut dyn Sink) -> Result<Vec<Section>, ImportError> {
    let mut start = input.read_from(0)?;
    let start = if starts_with_mark(&mut start).map_err(|error| input.failed(error))? {
        MARK.len() as u64
    } else {
        0
    };
    let mut walk = Walk::new(sink);
    let mut json = serde_json::Deserializer::from_reader(walk.reader(input, start)?);
    let outcome = Top(&mut walk).deserialize(&mut json).and_then(|()| json.end());
    walk.finish(input, outcome)
}

/// Reads one list of a file that was read before.
pub(crate) fn read_section(input: &Input, section: &Section, sink: &mut dyn Sink) -> Result<(), ImportError> {
    let mut walk = Walk::new(sink);
    let mut json = serde_json::Deserializer::from_reader(walk.reader(input, section.start)?);
    let outcome = Rows {
        walk: &mut walk,
        kind: section.kind,
        owner: 0,
    }
    .deserialize(&mut json);
    walk.finish(input, outcome.map(drop)).map(drop)
}

/// The byte order mark of UTF-8.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

fn starts_with_mark(reader: &mut impl Read) -> io::Result<bool> {
    let mut first = Vec::new();
    reader.take(MARK.len() as u64).read_to_end(&mut first)?;
    Ok(first == MARK)
}

/// Counts the bytes that the parser took; it takes them one by one.
struct Counted<R> {
    inner: R,
    byte: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.byte.set(self.byte.get() + count as u64);
        Ok(count)
    }
}

/// The state of one reading.
struct Walk<'s> {
    sink: &'s mut dyn Sink,
    byte: Rc<Cell<u64>>,
    /// Where the reading is, for what goes wrong there.
    here: String,
    row: Option<Place>,
    sections: Vec<Section>,
    /// The error of the sink, which the parser cannot carry.
    failure: Option<ImportError>,
}

impl<'s> Walk<'s> {
    fn new(sink: &'s mut dyn Sink) -> Walk<'s> {
        let (byte, here) = (Rc::new(Cell::new(0)), String::new());
        Walk {
            sink,
            byte,
            here,
            row: None,
            sections: Vec::new(),
            failure: None,
        }
    }

    fn reader<'i>(&self, input: &'i Input, start: u64) -> Result<Counted<BufReader<&'i std::fs::File>>, ImportError> {
        let inner = input.read_from(start)?;
        self.byte.set(start);
        Ok(Counted {
            inner,
            byte: Rc::clone(&self.byte),
        })
    }

    fn enter(&mut self, here: impl Into<String>) {
        self.here = here.into();
        self.row = None;
    }

    fn hand_on<E: serde::de::Error>(&mut self, place: Place, text: &str) -> Result<(), E> {
        self.row = Some(place);
        self.sink.row(place, text, self.byte.get()).map_err(|error| {
            self.failure = Some(error);
            E::custom("stopped")
        })
    }

    fn finish(self, input: &Input, outcome: serde_json::Result<()>) -> Result<Vec<Section>, ImportError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        match outcome {
            Ok(()) => {}
            Err(error) if error.is_io() => return Err(input.failed(error.into())),
            Err(error) => {
                let here = self.row.map_or(self.here, |place| pointer(place, "", false));
                self.sink.problem(here, error.to_string());
            }
        }
        Ok(self.sections)
    }
}
