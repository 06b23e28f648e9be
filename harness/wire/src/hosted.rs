//! One world behind the listener.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use account::{AccessKey, Call, Credential, Identity, RecordedDecision, Settings, Surroundings, Tracing, World};
use jiff::Timestamp;
use policy::Principal;
use subtle::ConstantTimeEq;
use tokio::sync::Notify;

use crate::chance::Chance;
use crate::server::Doorway;
use crate::upstream::{Backend, Upstream};

/// Of how many requests the decisions are kept until somebody reads them.
const KEPT: usize = 1024;

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
    world: Mutex<World>,
    decisions: Mutex<Decisions>,
    decided: OnceLock<Decided>,
    /// What a reset brings back; `None`: the account as it was hosted.
    start: Mutex<Option<World>>,
    /// Wakes whoever attends tasks.
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

/// What was decided for the last requests, by the id of the answer.
#[derive(Default)]
struct Decisions(VecDeque<(String, Vec<RecordedDecision>)>);

impl Hosted {
    pub(crate) fn new(realm: u16, url: String, doorway: Doorway, settings: Settings, hosting: Hosting) -> Hosted {
        let world = Mutex::new(World::new(settings.clone(), services::ALL));
        let backend = hosting.upstream.clone().map(Backend::new);
        let (decisions, tasks_changed) = (Mutex::default(), Notify::new());
        let (decided, start) = (OnceLock::new(), Mutex::default());
        Hosted { realm, url, doorway, settings, hosting, backend, world, decisions, decided, start, tasks_changed }
    }

    /// Which of the listener's worlds this is: part of each access key made in it.
    #[must_use]
    pub fn realm(&self) -> u16 {
        self.realm
    }

    /// Looks into the world, or changes it, past all authorisation. No request is answered meanwhile, so `f` must not
    /// make one itself and wait for it.
    pub fn with<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        let mut world = held(&self.world);
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
    /// thousand later requests have come without its being read.
    #[must_use]
    pub fn decisions(&self, request_id: &str) -> Vec<RecordedDecision> {
        held(&self.decisions).take(request_id)
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
        let endpoint = ::ecs::task_endpoint(&held(&self.world), task_arn)?;
        let uri = format!("{}/_tagproof/credentials/{}/{}", self.url, self.realm, endpoint.task_id);
        Some(ContainerEndpoint { uri, token: endpoint.token })
    }

    /// The credentials of a task as its endpoint gives them, for whoever shows its token.
    pub(crate) fn task_credentials(&self, task: &str, token: &str) -> Option<::ecs::ContainerCredentials> {
        ::ecs::task_credentials(
            &mut held(&self.world),
            task,
            token,
            Timestamp::now(),
            &mut Chance { realm: self.realm },
        )
    }

    /// Back to the start.
    pub(crate) fn reset(&self) {
        let start = held(&self.start).clone();
        let mut world = held(&self.world);
        let mut fresh = start.unwrap_or_else(|| World::new(self.settings.clone(), services::ALL));
        ::ecs::set_task_session_seconds(&mut fresh, ::ecs::task_session(&world));
        if ::ecs::expects_attendants(&world) {
            ::ecs::expect_attendants(&mut fresh);
        }
        *world = fresh;
        drop(world);
        // Whoever attends a task that is gone now ends its containers.
        self.tasks_changed.notify_waiters();
        *held(&self.decisions) = Decisions::default();
        self.backend.iter().for_each(Backend::forget);
    }

    pub(crate) fn root_key(&self) -> &str {
        &self.settings.root.id
    }

    pub(crate) fn credential(&self, access_key: &str) -> Option<Credential> {
        held(&self.world).credential(access_key).cloned()
    }

    /// Whether this is the key of a root user of this world. How long it takes tells nothing of the secret.
    pub(crate) fn is_root(&self, key: &AccessKey) -> bool {
        self.credential(&key.id).is_some_and(|known| {
            let right: bool = known.secret.as_bytes().ct_eq(key.secret.as_bytes()).into();
            right && known.active && matches!(*known.identity, Identity::Root { .. })
        })
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
        self.file(request_id, decisions);
        result
    }

    pub(crate) fn file(&self, request_id: &str, decisions: Vec<RecordedDecision>) {
        if let Some(decided) = self.decided.get() {
            decisions.iter().for_each(decided);
        }
        if !decisions.is_empty() {
            let mut kept = held(&self.decisions);
            // Before an emulator a request is decided on in more than one step.
            let earlier = if self.backend.is_some() { kept.take(request_id) } else { Vec::new() };
            kept.file(request_id, earlier.into_iter().chain(decisions).collect());
        }
    }

    /// What was decided for a session named so, in order. It is given once.
    pub(crate) fn decisions_of_session(&self, name: &str) -> Vec<RecordedDecision> {
        held(&self.decisions).take_session(name)
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
    let mut text = String::new();
    for (at, character) in what.chars().enumerate() {
        match character {
            _ if at == LONGEST => {
                text.push('…');
                break;
            }
            control if control.is_control() => text.extend(control.escape_default()),
            plain => text.push(plain),
        }
    }
    text
}

/// A panic elsewhere leaves a world that is as good as before its call: operations change it last.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Decisions {
    fn file(&mut self, request_id: &str, decisions: Vec<RecordedDecision>) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((request_id.to_owned(), decisions));
    }

    /// Whoever asks asks soon: the search begins at the newest.
    fn take(&mut self, request_id: &str) -> Vec<RecordedDecision> {
        let at = self.0.iter().rposition(|(id, _)| id == request_id);
        at.and_then(|at| self.0.remove(at)).map(|(_, decisions)| decisions).unwrap_or_default()
    }

    fn take_session(&mut self, name: &str) -> Vec<RecordedDecision> {
        let of_session = |filed: &RecordedDecision| match &filed.request.principal {
            Principal::RoleSession { session, .. } => session.rsplit('/').next() == Some(name),
            _ => false,
        };
        let mut taken = Vec::new();
        self.0.retain_mut(|(_, decisions)| {
            let mine = decisions.iter().any(of_session);
            if mine {
                taken.append(decisions);
            }
            !mine
        });
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_of_decisions_is_bounded_and_read_once() {
        let mut store = Decisions::default();
        for number in 0..=KEPT {
            store.file(&number.to_string(), Vec::new());
        }
        assert_eq!(store.0.len(), KEPT);
        assert_eq!(store.0.front().unwrap().0, "1");
        assert_eq!(store.0.back().unwrap().0, KEPT.to_string());
        store.take("7");
        assert!(!store.0.iter().any(|(id, _)| id == "7"));
        assert_eq!(store.0.len(), KEPT - 1);
    }

    #[test]
    fn a_log_line_is_one_line() {
        assert_eq!(line("ecs:A\r\nb\u{1b}[31m 'ü'"), "ecs:A\\r\\nb\\u{1b}[31m 'ü'");
        assert_eq!(line(&"x".repeat(10_000)).chars().count(), 301);
    }
}
