//! nginx serving one file, as the measure of what an answer can cost at least.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::Result;
use crate::load::Load;

const ADDRESS: &str = "127.0.0.1:18098";

/// A running nginx.
pub(crate) struct Nginx(Child);

impl Nginx {
    /// Starts two workers that serve `bytes`.
    pub(crate) fn start(folder: &Path, bytes: &[u8]) -> Result<Nginx> {
        let root = folder.join("www");
        fs::create_dir_all(&root)?;
        fs::write(root.join("inbox.json"), bytes)?;
        let folder = folder.display();
        let config = format!(
            "worker_processes 2;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nuser root;\ndaemon off;\n\
             events {{ worker_connections 256; }}\n\
             http {{ access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000000; \
             open_file_cache max=16; types {{ application/json json; }}\n\
             client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; \
             uwsgi_temp_path {folder}; scgi_temp_path {folder};\n\
             server {{ listen {ADDRESS}; root {folder}/www; }} }}\n"
        );
        let path = format!("{folder}/nginx.conf");
        fs::write(&path, config)?;
        let nginx = Command::new("nginx").args(["-c", &path]).spawn();
        let nginx = nginx.map_err(|error| format!("nginx does not start ({error}); Debian: nginx-light"))?;
        let started = Instant::now();
        while TcpStream::connect(ADDRESS).is_err() {
            if started.elapsed() > Duration::from_secs(5) {
                return Err(format!("nginx does not listen; see {folder}/nginx.log").into());
            }
            std::thread::yield_now();
        }
        Ok(Nginx(nginx))
    }

    /// One run of load.
    pub(crate) fn load(&self, seconds: u32) -> Result<Load> {
        Load::run(self.0.id(), (32, seconds), &[&format!("http://{ADDRESS}/inbox.json")])
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The workers end with their master only when it is asked politely.
        let _ = Command::new("kill").args(["-QUIT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}
