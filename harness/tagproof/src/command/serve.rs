//! `tagproof serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use account::{AccessKey, Settings, Tracing};
use anyhow::Context;
use backend::{Backend, Enforcement, Running};
use scenario::Launcher;
use wire::{Hosting, Server, Upstream};

use super::emulator::{self, REGION};
use super::interrupt::Interrupt;

use crate::args::{Attending, Serve};
use crate::exit::Exit;
use crate::output;

/// How long it may take to stop everything: containers one by one, and an emulator.
const STOPPING: Duration = Duration::from_secs(60);

pub(crate) async fn serve(serve: Serve) -> anyhow::Result<Exit> {
    docker::set_grace(STOPPING);
    // Before anything tells that it is up: whoever waits for that may stop it at once.
    let mut stop = Interrupt::listen()?;
    let launcher = launcher(&serve)?;
    let root = root_key(&serve)?;
    let address = SocketAddr::new(serve.listen, serve.port);
    // Before an emulator is started, which takes longer.
    let server = Server::bind(address).await.with_context(|| cannot_listen(address))?;
    let behind = tokio::select! {
        behind = behind(&serve) => behind?,
        signal = stop.next() => return Ok(Exit::Interrupted(signal)),
    };
    let served = until_stopped((&serve, root), &server, behind.as_ref(), launcher.as_ref(), &mut stop).await;
    server.stop().await;
    if let Some((running, _)) = behind {
        running.stop().await?;
    }
    served.map(|()| Exit::AsExpected)
}

/// The emulator that the account stands in front of.
async fn behind(serve: &Serve) -> anyhow::Result<Option<(Running, Upstream)>> {
    if serve.backend == Backend::Embedded {
        return Ok(None);
    }
    let key = &serve.key.backend_key;
    let running = emulator::start(&serve.backend, key, &serve.account, Enforcement::Off).await?;
    let upstream = emulator::upstream(&running, &serve.account).await?;
    Ok(Some((running, upstream)))
}

async fn until_stopped(
    (serve, root): (&Serve, AccessKey),
    server: &Server,
    behind: Option<&(Running, Upstream)>,
    launcher: Option<&Arc<Launcher>>,
    stop: &mut Interrupt,
) -> anyhow::Result<()> {
    let settings = Settings { account: serve.account.clone(), root: root.clone() };
    let log: wire::Log = Arc::new(|line: &str| output::note(line));
    let upstream = behind.map(|(_, upstream)| upstream.clone());
    let hosting = Hosting { tracing: Tracing::Denials, log: Some(log), upstream };
    let hosted = server.host(settings, hosting);
    hosted.with(|world| world.set_task_session_seconds(serve.task_session));
    let attending = launcher.map(|launcher| tokio::spawn(launcher.clone().attend_all(hosted)));
    output::data(&environment(&server.url(), &root))?;
    let before = behind.map(|(running, _)| format!(", in front of {}", named(running))).unwrap_or_default();
    output::note(&format!("serving account {} on {}{before}; Ctrl-C stops it", serve.account, server.url()));
    stop.next().await;
    if let (Some(attending), Some(launcher)) = (attending, launcher) {
        attending.abort();
        let _aborted = attending.await;
        launcher.clear().await;
    }
    Ok(())
}

/// An emulator as a reader would look for it.
fn named(running: &Running) -> String {
    match running.label.ends_with(&running.url) {
        true => running.url.clone(),
        false => format!("{} at {}", running.label, running.url),
    }
}

/// The root user's key. Whoever has it may have programs run here where containers are run: every user of this machine and,
/// by tricks with names, every page in its browsers can speak to the listener.
fn root_key(serve: &Serve) -> anyhow::Result<AccessKey> {
    let known = || AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    match (&serve.root_key, serve.launcher) {
        (Some(key), _) => Ok(key.clone()),
        (None, None) => Ok(known()),
        (None, Some(_)) => {
            let mut chance = [0; 20];
            getrandom::fill(&mut chance).context("the system gives no random numbers")?;
            Ok(AccessKey { secret: chance.iter().map(|byte| format!("{byte:02x}")).collect(), ..known() })
        }
    }
}

/// What runs the containers of tasks, for as long as they like.
fn launcher(serve: &Serve) -> anyhow::Result<Option<Arc<Launcher>>> {
    let images = super::run::images(&serve.image);
    let made = match serve.launcher {
        None => return Ok(None),
        Some(_) if serve.backend != Backend::Embedded => {
            anyhow::bail!("--launcher and --backend cannot be combined: leave one of them out")
        }
        Some(Attending::Process) => Launcher::process(images),
        Some(Attending::Docker) => Launcher::docker(images, Arc::new(output::note)),
    };
    Ok(Some(Arc::new(made.without_limit(Arc::new(output::note)))))
}

/// What a shell can `source` so that AWS clients find the account. Older ones know the region by its second name only.
fn environment(url: &str, key: &AccessKey) -> String {
    let AccessKey { id, secret } = key;
    let variables = [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_ACCESS_KEY_ID", id),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
    ];
    variables.iter().map(|(name, value)| format!("export {name}={}\n", shell_word(value))).collect()
}

/// A value as a shell reads it back.
fn shell_word(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/:.+=_-".contains(&byte);
    match value.bytes().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

fn cannot_listen(address: SocketAddr) -> String {
    format!("cannot listen on {address}; choose another port with --port, or --port 0 to let the system choose")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        for (value, word) in [("a/b+c=", "a/b+c="), ("a b", "'a b'"), ("a'$(b)", r"'a'\''$(b)'"), ("é", "'é'")] {
            assert_eq!(shell_word(value), word);
        }
    }
}
