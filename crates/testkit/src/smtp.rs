//! A small SMTP server for tests, which keeps what it is given. (`mailin-embedded` was tried: it does not build without
//! its TLS, which would bring a second TLS library.)

use std::io::{BufRead as _, BufReader, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One mail that arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The envelope's recipient.
    pub recipient: String,
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
}

/// Where arrived mail is looked at.
#[derive(Clone, Default)]
pub struct Sink(Arc<Mutex<Vec<Arrived>>>);

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
        self.0
            .lock()
            .expect("no session panics while it holds the lock")
            .clone()
    }

    /// One connection, until it is quit or cut.
    fn session(&self, mut stream: &TcpStream) -> Result<()> {
        let mut lines = BufReader::new(stream);
        let mut recipients: Vec<String> = Vec::new();
        stream.write_all(b"220 sink.test\r\n")?;
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            let command = line.trim_end().to_owned();
            line.clear();
            let reply = match command.get(..4).unwrap_or(&command).to_ascii_uppercase().as_str() {
                "RCPT" => {
                    recipients.extend(
                        command
                            .split_once('<')
                            .map(|(_, rest)| rest.trim_end_matches('>').to_owned()),
                    );
                    "250 ok"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n")?;
                    let bytes = read_message(&mut lines)?;
                    let mut arrived = self.0.lock().expect("no session panics while it holds the lock");
                    arrived.extend(recipients.drain(..).map(|recipient| Arrived {
                        recipient,
                        bytes: bytes.clone(),
                    }));
                    "250 taken"
                }
                "QUIT" => return stream.write_all(b"221 bye\r\n"),
                _ => "250 ok",
            };
            // In one piece, or the other side's delayed acknowledgement costs 40 ms each.
            stream.write_all(format!("{reply}\r\n").as_bytes())?;
        }
        Ok(())
    }
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
