//! One world behind the listener.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use account::{AccessKey, Call, Credential, Identity, RecordedDecision, Settings, Surroundings, Tracing, World};
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use tokio::sync::Notify;

use crate::chance::Chance;
use crate::decisions::Decisions;
use crate::server::Doorway;
use crate::upstream::{Backend, Upstream};

/// What is told about a request that was refused because nothing here answers it: one line, ready to be printed.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// What is told of each decision. It is called before the request is answered, and must not keep it waiting.
pub type Decided = Box<dyn Fn(&RecordedDecision) + Send + Sync>;

/// How a world is hosted.
#[derive(Clone)]
pub struct Hosting {
    /// Which decisions keep a trace.
    pub tracing: Tracing,
    /// Where a line goes about each operation that is not there, and about what an emulator is given unasked.
    pub log: Option<Log>,
    /// The emulator that does what this world allows; without one the world does it itself.
    pub upstream: Option<Upstream>,
}

/// A world of its own behind the listener.
pub struct Hosted {
    realm: u16,
    /// The listener's own address, as clients are told it.
    url: String,
    doorway: Doorway,
    settings: Settings,
    hosting: Hosting,
    backend: Option<Backend>,
    era: Mutex<Arc<Era>>,
    decided: OnceLock<Decided>,
    /// What a reset brings back; `None`: the account as it was hosted.
    start: Mutex<Option<World>>,
    /// Wakes the one who attends tasks.
    pub(crate) tasks_changed: Notify,
}

/// Where a task's container finds its credentials, as the values of two environment variables.
#[derive(Clone, PartialEq, Eq)]
pub struct ContainerEndpoint {
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI`
    pub uri: String,
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN`
    pub token: String,
}

impl std::fmt::Debug for ContainerEndpoint {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ContainerEndpoint").field("uri", &self.uri).finish_non_exhaustive()
    }
}

/// A world from one reset to the next.
pub(crate) struct Era {
    world: Mutex<World>,
    decisions: Mutex<Decisions>,
}

/// A world as one request has it, from the door to its answer. It stays in the era in which it came: who it is, what is
/// decided, done and recorded belongs together, whether or not there is a reset meanwhile.
pub(crate) struct Visit {
    hosted: Arc<Hosted>,
    era: Arc<Era>,
}

impl Hosted {
    pub(crate) fn new(realm: u16, url: String, doorway: Doorway, settings: Settings, hosting: Hosting) -> Hosted {
        let era = Mutex::new(Era::of(World::new(settings.clone(), services::ALL)));
        let backend = hosting.upstream.clone().map(Backend::new);
        let (decided, start, tasks_changed) = (OnceLock::new(), Mutex::default(), Notify::new());
        Hosted { realm, url, doorway, settings, hosting, backend, era, decided, start, tasks_changed }
    }

    /// Which of the listener's worlds this is: part of each access key made in it.
    #[must_use]
    pub fn realm(&self) -> u16 {
        self.realm
    }

    /// Looks into the world, or changes it, past all authorisation. No request is answered meanwhile, so `f` must not
    /// make one itself and wait for it.
    pub fn with<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        self.within(&self.era(), f)
    }

    pub(crate) fn within<R>(&self, era: &Era, f: impl FnOnce(&mut World) -> R) -> R {
        let mut world = held(&era.world);
        let before = ::ecs::task_changes(&world);
        let result = f(&mut world);
        let changed = ::ecs::task_changes(&world) != before;
        drop(world);
        if changed {
            self.tasks_changed.notify_waiters();
        }
        result
    }

    /// From now on each decision is told. Only the first listener is.
    pub fn listen(&self, decided: Decided) {
        let _taken = self.decided.set(decided);
    }

    /// From now on a reset brings back the world as it is at this moment.
    pub fn keep_as_start(&self) {
        *held(&self.start) = Some(self.with(|world| world.clone()));
    }

    /// What was decided for a request, by the request id of its answer. It is given once, and forgotten when a
    /// thousand later requests have come without its being read, or such as take 32 MiB.
    #[must_use]
    pub fn decisions(&self, request_id: &str) -> Vec<RecordedDecision> {
        held(&self.era().decisions).take(request_id)
    }

    /// What the emulator behind this world was given that no client had asked for, a sentence for each.
    #[must_use]
    pub fn filled_in(&self) -> Vec<String> {
        self.backend.as_ref().map(Backend::filled_in).unwrap_or_default()
    }

    /// How long the emulator behind this world has taken to begin its answers, all together.
    #[must_use]
    pub fn backend_took(&self) -> Duration {
        self.backend.as_ref().map(Backend::took).unwrap_or_default()
    }

    /// What the emulator said when it failed on a request (a 5xx), by the request id of the answer. It is given once.
    #[must_use]
    pub fn backend_failure(&self, request_id: &str) -> Option<String> {
        self.backend.as_ref()?.take_failure(request_id)
    }

    pub(crate) fn backend(&self) -> Option<&Backend> {
        self.backend.as_ref()
    }

    /// Where the container of a task, given by its ARN, finds its credentials.
    #[must_use]
    pub fn container_credentials(&self, task_arn: &str) -> Option<ContainerEndpoint> {
        let endpoint = ::ecs::task_endpoint(&held(&self.era().world), task_arn)?;
        let uri = format!("{}/_tagproof/credentials/{}/{}", self.url, self.realm, endpoint.task_id);
        Some(ContainerEndpoint { uri, token: endpoint.token })
    }

    /// The credentials of a task as its endpoint gives them, for the one who shows its token.
    pub(crate) fn task_credentials(&self, task: &str, token: &str) -> Option<::ecs::ContainerCredentials> {
        ::ecs::task_credentials(
            &mut held(&self.era().world),
            task,
            token,
            Timestamp::now(),
            &mut Chance { realm: self.realm },
        )
    }

    /// Back to the start. What is under way ends in the world that it began in.
    pub(crate) fn reset(&self) {
        let start = held(&self.start).clone();
        let mut fresh = start.unwrap_or_else(|| World::new(self.settings.clone(), services::ALL));
        self.with(|world| {
            ::ecs::set_task_session_seconds(&mut fresh, ::ecs::task_session(world));
            if ::ecs::expects_attendants(world) {
                ::ecs::expect_attendants(&mut fresh);
            }
        });
        *held(&self.era) = Era::of(fresh);
        // The one who attends a task that is gone now ends its containers.
        self.tasks_changed.notify_waiters();
        self.backend.iter().for_each(Backend::forget);
    }

    pub(crate) fn visit(self: &Arc<Self>) -> Visit {
        Visit { hosted: self.clone(), era: self.era() }
    }

    pub(crate) fn era(&self) -> Arc<Era> {
        held(&self.era).clone()
    }

    pub(crate) fn root_key(&self) -> &str {
        &self.settings.root.id
    }

    /// Whether this is the key of a root user of this world. How long it takes tells nothing of the secret.
    pub(crate) fn is_root(self: &Arc<Self>, key: &AccessKey) -> bool {
        self.visit().credential(&key.id).is_some_and(|known| {
            let right: bool = known.secret.as_bytes().ct_eq(key.secret.as_bytes()).into();
            right && known.active && matches!(*known.identity, Identity::Root { .. })
        })
    }

    pub(crate) fn file(&self, era: &Era, request_id: &str, decisions: Vec<RecordedDecision>) {
        if let Some(decided) = self.decided.get() {
            decisions.iter().for_each(decided);
        }
        if !decisions.is_empty() {
            let mut kept = held(&era.decisions);
            // Before an emulator a request is decided on in more than one step.
            let earlier = if self.backend.is_some() { kept.take(request_id) } else { Vec::new() };
            kept.file(request_id, earlier.into_iter().chain(decisions).collect());
        }
    }

    /// What was decided for a session named so, in order. It is given once.
    pub(crate) fn decisions_of_session(&self, name: &str) -> Vec<RecordedDecision> {
        held(&self.era().decisions).take_session(name)
    }

    pub(crate) fn tracing(&self) -> Tracing {
        self.hosting.tracing
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn doorway(&self) -> &Doorway {
        &self.doorway
    }

    /// Says in one line what is not there.
    pub(crate) fn log(&self, what: &str) {
        if let Some(log) = &self.hosting.log {
            log(&line(what));
        }
    }
}

/// One line, whatever a client put into it, and not a long one.
fn line(what: &str) -> String {
    const LONGEST: usize = 300;
    match what.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", source::escaped(what.get(..at).unwrap_or_default())),
        None => source::escaped(what).into_owned(),
    }
}

/// A panic elsewhere leaves a world that is as good as before its call: operations change it last.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Era {
    fn of(world: World) -> Arc<Era> {
        Arc::new(Era { world: Mutex::new(world), decisions: Mutex::default() })
    }
}

impl Visit {
    pub(crate) fn credential(&self, access_key: &str) -> Option<Credential> {
        held(&self.era.world).credentials().get(access_key).cloned()
    }

    /// As [`Hosted::with`].
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        self.hosted.within(&self.era, f)
    }

    /// Makes a call, and files its decisions under the id of the answer to come.
    pub(crate) fn call<R>(
        &self,
        request_id: &str,
        identity: Arc<Identity>,
        surroundings: &Surroundings,
        make: impl FnOnce(&mut World, &mut Call<'_>) -> R,
    ) -> R {
        let mut decisions = Vec::new();
        let mut call = Call {
            identity,
            now: Timestamp::now(),
            ids: &mut Chance { realm: self.realm },
            surroundings,
            tracing: self.hosting.tracing,
            decisions: &mut decisions,
        };
        let result = self.with(|world| make(world, &mut call));
        self.hosted.file(&self.era, request_id, decisions);
        result
    }
}

/// What of a world is the same in every era.
impl Deref for Visit {
    type Target = Arc<Hosted>;

    fn deref(&self) -> &Arc<Hosted> {
        &self.hosted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_is_one_line() {
        assert_eq!(line("ecs:A\r\nb\u{1b}[31m 'ü'"), "ecs:A\\r\\nb\\u001b[31m 'ü'");
        assert_eq!(line(&"x".repeat(10_000)).chars().count(), 301);
    }
}
