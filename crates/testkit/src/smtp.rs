//! A small SMTP server for tests, which keeps what it is given. (`mailin-embedded` was tried: it does not build without
//! its TLS, which would bring a second TLS library.)

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// One mail that arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// How many recipients its transaction had.
    pub recipients: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Arrived {
    /// A header's value, unfolded; empty where it is absent.
    pub fn header(&self, name: &str) -> String {
        use mailparse::MailHeaderMap as _;
        let (headers, _) = mailparse::parse_headers(&self.bytes).expect("our mails have headers");
        headers.get_first_value(name).unwrap_or_default()
    }

    /// The parts in their order: type and decoded text, as a mail program finds them. Parts in parts are unfolded.
    pub fn parts(&self) -> Vec<(String, String)> {
        fn collect(part: &mailparse::ParsedMail<'_>, found: &mut Vec<(String, String)>) {
            if part.subparts.is_empty() {
                let text = part.get_body().expect("our parts can be decoded");
                found.push((part.ctype.mimetype.clone(), text));
            }
            for part in &part.subparts {
                collect(part, found);
            }
        }
        let mut found = Vec::new();
        collect(
            &mailparse::parse_mail(&self.bytes).expect("our mails can be read"),
            &mut found,
        );
        found
    }

    /// The activation link in the text part, where there is one.
    pub fn link(&self) -> Option<String> {
        let parts = self.parts();
        let (_, text) = parts.iter().find(|(kind, _)| kind == "text/plain")?;
        let link = text.split_whitespace().find(|word| word.contains("/i/"))?;
        Some(link.to_owned())
    }
}

/// Where arrived mail is looked at, and where answers are set.
#[derive(Clone, Default)]
pub struct Sink(Arc<Mutex<Seen>>);

/// What a server saw, and what it says to whom.
#[derive(Default)]
struct Seen {
    arrived: Vec<Arrived>,
    offered: HashMap<String, usize>,
    answers: HashMap<String, String>,
}

/// The envelope of a transaction.
#[derive(Default)]
struct Envelope {
    sender: String,
    recipients: Vec<String>,
}

impl Sink {
    /// Starts a server on a port of its own and gives its port.
    pub fn start() -> (Sink, u16) {
        let sink = Sink::default();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let for_sessions = sink.clone();
        // Threads end with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sink = for_sessions.clone();
                std::thread::spawn(move || sink.session(&stream));
            }
        });
        (sink, port)
    }

    /// Everything that arrived so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.seen().arrived.clone()
    }

    /// From now on, what a recipient is answered, such as `451 4.2.0 later`.
    pub fn answer(&self, recipient: &str, answer: &str) {
        self.seen().answers.insert(recipient.to_owned(), answer.to_owned());
    }

    /// From now on, a recipient is taken again.
    pub fn take(&self, recipient: &str) {
        self.seen().answers.remove(recipient);
    }

    /// How often a recipient was named, taken or not.
    pub fn offered(&self, recipient: &str) -> usize {
        self.seen().offered.get(recipient).copied().unwrap_or(0)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().expect("no session panics while it holds the lock")
    }

    /// One connection, until it is quit or cut.
    fn session(&self, mut stream: &TcpStream) -> Result<()> {
        let mut lines = BufReader::new(stream);
        let mut envelope = Envelope::default();
        stream.write_all(b"220 sink.test\r\n")?;
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            let command = line.trim_end().to_owned();
            line.clear();
            let reply = match command.get(..4).unwrap_or(&command).to_ascii_uppercase().as_str() {
                "MAIL" => {
                    envelope = Envelope::default();
                    envelope.sender = address(&command);
                    "250 ok".to_owned()
                }
                "RSET" => {
                    envelope = Envelope::default();
                    "250 ok".to_owned()
                }
                "RCPT" => self.recipient(&mut envelope, address(&command)),
                "DATA" if envelope.recipients.is_empty() => "554 no valid recipients".to_owned(),
                "DATA" => {
                    stream.write_all(b"354 go on\r\n")?;
                    let bytes = read_message(&mut lines)?;
                    self.keep(std::mem::take(&mut envelope), &bytes);
                    "250 taken".to_owned()
                }
                "QUIT" => return stream.write_all(b"221 bye\r\n"),
                _ => "250 ok".to_owned(),
            };
            // In one piece, or the other side's delayed acknowledgement costs 40 ms each.
            stream.write_all(format!("{reply}\r\n").as_bytes())?;
        }
        Ok(())
    }

    fn recipient(&self, envelope: &mut Envelope, recipient: String) -> String {
        let mut seen = self.seen();
        *seen.offered.entry(recipient.clone()).or_default() += 1;
        match seen.answers.get(&recipient) {
            Some(answer) => answer.clone(),
            None => {
                envelope.recipients.push(recipient);
                "250 ok".to_owned()
            }
        }
    }

    fn keep(&self, envelope: Envelope, bytes: &[u8]) {
        let Envelope { sender, recipients } = envelope;
        let count = recipients.len();
        let arrived = recipients.into_iter().map(|recipient| Arrived {
            sender: sender.clone(),
            recipient,
            recipients: count,
            bytes: bytes.to_owned(),
        });
        self.seen().arrived.extend(arrived);
    }
}

/// What stands between the angle brackets.
fn address(command: &str) -> String {
    let rest = command.split_once('<').map_or("", |(_, rest)| rest);
    rest.split('>').next().unwrap_or_default().to_owned()
}

/// Lines until a single dot, the doubled dots undone. A cut before the dot is no message.
fn read_message(lines: &mut BufReader<&TcpStream>) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
