//! `tagproof serve`.

mod child;
mod decision_log;
mod served_option;
mod variables;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use account::{AccessKey, Settings, Tracing};
use anyhow::Context;
use backend::{Backend, Enforcement, Running};
use runner::{Access, Launcher, Standing, StandingCaller};
use wire::{Hosting, Server, Upstream};

use super::emulator::{self, REGION};
use super::interrupt::Interrupt;

use crate::args::{Attending, Serve};
use crate::exit::Exit;
use crate::output;
use decision_log::DecisionLog;
use served_option::ServedOption;
use variables::Variables;

/// How long it may take to stop everything: containers one by one, and an emulator.
const STOPPING: Duration = Duration::from_secs(60);

/// What the root user is called among the callers. No caller of a scenario has a space in its name.
const ROOT: &str = "the root user";

pub(crate) async fn serve(serve: Serve) -> anyhow::Result<Exit> {
    signals::set_grace(STOPPING);
    // Before anything tells that it is up: a program that waits for that may stop it at once.
    let mut stop = Interrupt::listen()?;
    let Some(option) = ServedOption::load(&serve)? else { return Ok(Exit::NotRun) };
    let launcher = launcher(&serve)?;
    let root = root_key(&serve)?;
    let address = SocketAddr::new(serve.listen, serve.port());
    // Before an emulator is started, which takes longer.
    let server = Server::bind(address).await.with_context(|| cannot_listen(address))?;
    let proxied = tokio::select! {
        proxied = proxied(&serve) => proxied?,
        signal = stop.next() => return Ok(Exit::Interrupted(signal)),
    };
    let decisions = DecisionLog::new(serve.verbose);
    let upstream = proxied.as_ref().map(|proxied| proxied.upstream.clone());
    let served = async {
        let standing = standing(&serve, option.as_ref(), root, &server, upstream).await?;
        standing.hosted.listen(decisions.listener());
        let attending =
            launcher.as_ref().map(|launcher| tokio::spawn(launcher.clone().attend_all(standing.hosted.clone())));
        let ended = until_ended(&serve, &standing, &server.url(), proxied.as_ref(), &mut stop).await;
        if let (Some(attending), Some(launcher)) = (attending, &launcher) {
            attending.abort();
            let _aborted = attending.await;
            launcher.clear().await;
        }
        ended
    };
    let ended = served.await;
    server.stop().await;
    decisions.end();
    if let Some(proxied) = proxied {
        proxied.running.stop().await?;
    }
    ended
}

/// The account, and how to act as whom: the first is the root user.
async fn standing(
    serve: &Serve,
    option: Option<&ServedOption>,
    root: AccessKey,
    server: &Server,
    upstream: Option<Upstream>,
) -> anyhow::Result<Standing> {
    let log: wire::Log = Arc::new(|line: &str| output::note(line));
    let hosting = Hosting { tracing: Tracing::Denials, log: Some(log), upstream };
    let access = Access::Key { key: root.clone(), token: None };
    let mut standing = match option {
        Some(option) => option.stand(server, root, hosting).await?,
        None => {
            let settings = Settings { account: serve.account.clone(), root };
            let (account, region) = (serve.account.clone(), REGION.to_owned());
            Standing { hosted: server.host(settings, hosting), account, region, callers: Vec::new() }
        }
    };
    standing.hosted.with(|world| ecs::set_task_session_seconds(world, serve.task_session));
    standing.hosted.keep_as_start();
    standing.callers.insert(0, StandingCaller { name: ROOT.to_owned(), access });
    Ok(standing)
}

/// The emulator that the account stands in front of.
struct Proxied {
    running: Running,
    upstream: Upstream,
}

/// Starts it, where one is asked for.
async fn proxied(serve: &Serve) -> anyhow::Result<Option<Proxied>> {
    if serve.backend == Backend::Embedded {
        return Ok(None);
    }
    let key = &serve.key.backend_key;
    let running = emulator::start(&serve.backend, key, &serve.account, Enforcement::Off).await?;
    let upstream = emulator::upstream(&running, &serve.account).await?;
    Ok(Some(Proxied { running, upstream }))
}

/// Says where the account is and how to act as whom, and serves until a signal comes or the command ends.
async fn until_ended(
    serve: &Serve,
    standing: &Standing,
    url: &str,
    proxied: Option<&Proxied>,
    stop: &mut Interrupt,
) -> anyhow::Result<Exit> {
    let caller = serve.caller.as_deref().unwrap_or(ROOT);
    let access = standing.callers.iter().find(|one| one.name == caller).map(|one| &one.access);
    let access = access.with_context(|| format!("there is no caller `{caller}`"))?;
    let own = Variables::of(access).map_err(|why| anyhow::anyhow!("nobody can act as `{caller}`: {why}"))?;
    let variables = Variables::place(url, &standing.region).and(own);
    if serve.command.is_empty() {
        output::data(&variables.lines())?;
    }
    let before =
        proxied.map(|proxied| format!(", in front of {}", named(&serve.backend, &proxied.running))).unwrap_or_default();
    let end = match serve.command.first() {
        None => "Ctrl-C stops it".to_owned(),
        Some(program) => format!("it ends with `{}`", program.display()),
    };
    output::note(&format!("serving account {} on {url}{before}; {end}", standing.account));
    if serve.command.is_empty() {
        if serve.scenario.is_some() {
            note_callers(standing);
        }
        stop.next().await;
        return Ok(Exit::AsExpected);
    }
    child::run(&serve.command, &variables, stop).await
}

/// One line for a shell for each caller.
fn note_callers(standing: &Standing) {
    output::note("to act as a caller, paste its line into a shell that has the variables of this account:");
    for StandingCaller { name, access } in &standing.callers {
        // A name may have a line break in it, and what is behind that would be a command.
        let name = source::escaped(name);
        output::note(&match Variables::of(access) {
            Ok(variables) => format!("{}  # {name}", variables.line()),
            Err(why) => format!("# {name}: nobody can act as this caller: {}", source::escaped(why)),
        });
    }
}

/// An emulator as a reader would look for it.
fn named(backend: &Backend, running: &Running) -> String {
    match backend {
        Backend::Endpoint { .. } => running.url.clone(),
        _ => format!("{} at {}", running.label, running.url),
    }
}

/// The root user's key. Everybody who has it may have programs run here where containers are run: every user of this
/// machine and, by tricks with names, every page in its browsers can speak to the listener.
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
        Some(Attending::Process) => Launcher::process(images, Arc::new(output::note)),
        Some(Attending::Docker) => Launcher::docker(images, Arc::new(output::note)),
    };
    Ok(Some(Arc::new(made.without_limit())))
}

fn cannot_listen(address: SocketAddr) -> String {
    format!("cannot listen on {address}; choose another port with --port, or --port 0 to let the system choose")
}
