//! Starting a backend: which way, and in which order what is tried.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use account::{Settings, Tracing};
use docker::bollard::Docker;
use docker::{DockerError, Progress};
use wire::{Hosting, Server};

use crate::backend::Backend;
use crate::container::Container;
use crate::error::{BackendError, Failure};
use crate::folder::RunFolder;
use crate::options::{Enforcement, Options, Way};
use crate::process::Process;
use crate::running::{KEPT_LINES, Running, Serving};
use crate::venv::Venv;
use crate::versions::{Emulator, LOCALSTACK, MINISTACK, MOTO, Package};
use crate::{health, sweep};

/// Starts a backend, and answers when it serves. What earlier runs left because they were killed is removed first.
///
/// # Errors
/// It does not serve; the error says why, shows its last lines, and says what to do.
pub async fn start(backend: &Backend, options: &Options, progress: Progress<'_>) -> Result<Running, BackendError> {
    match (backend, backend.emulator()) {
        (_, Some(emulator)) => start_emulator(emulator, options, progress).await,
        (Backend::Endpoint { url }, None) => find_endpoint(url, options).await,
        (Backend::Aws, None) => {
            let why = "AWS is there already".to_owned();
            Err(BackendError::new(
                "AWS",
                Failure::Refused { why, mend: "run scenarios in it with `run --backend aws`" },
            ))
        }
        (_, None) => start_embedded(options).await,
    }
}

/// One account, with the root key of the options.
async fn start_embedded(options: &Options) -> Result<Running, BackendError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Server::bind(address).await.map_err(|why| {
        let failure =
            Failure::Refused { why: format!("cannot listen on {address}: {why}"), mend: "allow it to listen" };
        BackendError::new("embedded", failure)
    })?;
    let settings = Settings { account: options.account.clone(), root: options.root.clone() };
    server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
    Ok(Running {
        url: server.url(),
        root: options.root.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        label: "embedded".to_owned(),
        keys_are_accounts: false,
        health: "/_tagproof/health",
        cache: options.cache.clone(),
        serving: Serving::Embedded(server),
    })
}

async fn find_endpoint(url: &str, options: &Options) -> Result<Running, BackendError> {
    let label = format!("endpoint {url}");
    let answer = match health::is_there(url, options.deadline.min(health::PATIENCE)).await {
        Ok(answer) => answer,
        Err(failure) => return Err(BackendError::new(label, failure)),
    };
    Ok(Running {
        url: url.to_owned(),
        root: options.root.clone(),
        version: answer.and_then(|answer| answer.server).unwrap_or_else(|| "unknown".to_owned()),
        label,
        keys_are_accounts: false,
        health: "/",
        cache: options.cache.clone(),
        serving: Serving::Elsewhere,
    })
}

async fn start_emulator(
    emulator: &'static Emulator,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Running, BackendError> {
    let docker = docker::connect().await;
    sweep::sweep(docker.as_ref().ok(), &options.cache, progress).await;
    let start = Start { emulator, options, version: options.version.as_deref().unwrap_or(emulator.version) };
    start.refuse_without_token()?;
    if options.way == Way::Process {
        return start.process(progress).await;
    }
    match start.image(docker, progress).await {
        Ok(docker) => start.container(docker).await,
        Err(failure) if options.way == Way::Any && start.can_be_a_process() => {
            progress(&format!("{}: {failure}; it runs as a process instead", emulator.title));
            start.process(progress).await
        }
        Err(failure) => Err(start.error("container", failure)),
    }
}

/// One emulator to be started.
struct Start<'a> {
    emulator: &'static Emulator,
    options: &'a Options,
    version: &'a str,
}

impl Start<'_> {
    /// The container would start, and end a minute later.
    fn refuse_without_token(&self) -> Result<(), BackendError> {
        if !self.emulator.wants_token(self.version) || self.options.localstack_token.is_some() {
            return Ok(());
        }
        let why = format!("{} after {} does not start without a token", self.emulator.title, self.emulator.version);
        let mend = "set LOCALSTACK_AUTH_TOKEN, or take the version that is the default";
        Err(self.error("container", Failure::Refused { why, mend }))
    }

    fn can_be_a_process(&self) -> bool {
        self.emulator.package.is_some() && self.version == self.emulator.version
    }

    /// Docker, with the image at hand.
    async fn image(&self, docker: Result<Docker, DockerError>, progress: Progress<'_>) -> Result<Docker, Failure> {
        let docker = docker?;
        docker::have(&docker, &format!("{}:{}", self.emulator.image, self.version), progress).await?;
        Ok(docker)
    }

    async fn container(&self, docker: Docker) -> Result<Running, BackendError> {
        let within = self.options.deadline;
        let container = Container::start(docker, self.emulator, self.version, self.environment(), within)
            .await
            .map_err(|failure| self.error("container", failure))?;
        match container.url().await {
            Ok(url) => self.up(url, "container", Serving::Container(Box::new(container))).await,
            Err(failure) => {
                let lines = container.last_log_lines(KEPT_LINES).await;
                Err(self.error("container", failure).with_log(lines, &self.options.cache))
            }
        }
    }

    async fn process(&self, progress: Progress<'_>) -> Result<Running, BackendError> {
        let package = self.package().map_err(|failure| self.error("process", failure))?;
        let venv = Venv::new(self.emulator, package, &self.options.cache);
        let process = match self.try_process(&venv, package, progress).await {
            Err(error) if error.log.iter().any(|line| lacks_a_part(line)) => {
                venv.discard();
                self.try_process(&venv, package, progress).await
            }
            other => other,
        }?;
        self.up(process.url().to_owned(), "process", Serving::Process(Box::new(process))).await
    }

    async fn try_process(
        &self,
        venv: &Venv<'_>,
        package: &Package,
        progress: Progress<'_>,
    ) -> Result<Process, BackendError> {
        let python = venv.python(progress).await?;
        let folder = RunFolder::make(&self.options.cache).map_err(|failure| self.error("process", failure))?;
        let started = Process::start(&python, package, self.environment(), folder, self.options.deadline).await;
        started.map_err(|(failure, log)| self.error("process", failure).with_log(log.all(), &self.options.cache))
    }

    fn package(&self) -> Result<&'static Package, Failure> {
        let Some(package) = &self.emulator.package else {
            let why = format!("{} runs in a container only", self.emulator.title);
            return Err(Failure::Refused { why, mend: "start Docker, and let it run there" });
        };
        if self.version != self.emulator.version {
            let why = format!("as a process {} runs in version {} only", self.emulator.title, self.emulator.version);
            return Err(Failure::Refused { why, mend: "start Docker for another version" });
        }
        Ok(package)
    }

    /// What is said to the emulator: nothing of it leaves the machine, whether it enforces policies, and which account it
    /// serves, if that is not said by the key.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let enforces = self.options.enforcement == Enforcement::On;
        let mut environment = Vec::new();
        if self.emulator.name == LOCALSTACK.name {
            environment.push(("DISABLE_EVENTS", "1".to_owned()));
            environment.extend(self.options.localstack_token.clone().map(|token| ("LOCALSTACK_AUTH_TOKEN", token)));
            environment.push(("ENFORCE_IAM", if enforces { "1" } else { "0" }.to_owned()));
        }
        if self.emulator.name == MOTO.name {
            // docs.getmoto.org/en/latest/docs/multi_account.html
            environment.push(("MOTO_ACCOUNT_ID", self.options.account.clone()));
        }
        if self.emulator.name == MINISTACK.name {
            environment.push(("AUTH", enforces.to_string()));
        }
        environment
    }

    /// Waits until it serves; stops it if it does not.
    async fn up(&self, url: String, way: &str, serving: Serving) -> Result<Running, BackendError> {
        let running = Running {
            url,
            root: self.options.root.clone(),
            version: self.version.to_owned(),
            label: self.label(way),
            keys_are_accounts: self.emulator.keys_are_accounts,
            health: self.emulator.health,
            cache: self.options.cache.clone(),
            serving,
        };
        let within: Duration = self.options.deadline;
        let up = health::until_up(&running.url, running.health, within, async || running.serving.ended().await).await;
        let ready = match (up, self.emulator.told) {
            (Ok(()), Some(told)) => health::tell(&running.url, told).await,
            (up, _) => up,
        };
        match ready {
            Ok(()) => Ok(running),
            Err(failure) => {
                let error = running.error(failure).await;
                // That it would not stop either is the next start's business.
                let _stopped = running.stop().await;
                Err(error)
            }
        }
    }

    fn label(&self, way: &str) -> String {
        format!("{} {} ({way})", self.emulator.title, self.version)
    }

    fn error(&self, way: &str, failure: Failure) -> BackendError {
        BackendError::new(self.label(way), failure)
    }
}

/// Whether Python says that a part of what was installed is not there: somebody cleaned the cache by half.
fn lacks_a_part(line: &str) -> bool {
    ["ModuleNotFoundError", "ImportError", "FileNotFoundError"].iter().any(|name| line.starts_with(name))
}

#[cfg(test)]
mod tests;
