//! A launcher: what runs containers, and how many tasks at once.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ecs::{ContainerBrief, TaskBrief};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};
use wire::{Hosted, Log};

use crate::container::Container;
use crate::engine::Engine;
use crate::environment;
use crate::images::Images;
use crate::process::leftovers::FOLDERS;
use crate::process::warden::Warden;
use crate::process::{Process, fence};

/// Runs the containers of tasks.
pub struct Launcher {
    images: Images,
    ways: Ways,
    /// For how long a task may run, if there is a limit.
    pub(crate) limit: Option<Duration>,
    /// For so many tasks at once.
    room: Semaphore,
    log: Log,
    engine: Engine,
    /// Of processes, there from the first on. The warden ends before the folder is removed, and removes it if we cannot.
    watched: Mutex<Option<(Arc<Warden>, TempDir)>>,
}

/// Which ways there are to run a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ways {
    Process,
    Docker,
    Either,
}

/// How a container is run.
enum Way {
    /// As a program with its arguments.
    Process(PathBuf, Vec<String>),
    /// In an image.
    Docker(String),
}

/// For how long a task may run, if it is not said.
const LIMIT: Duration = Duration::from_secs(60);
/// Why no process is started unless it is asked for by name.
const UNFENCED: &str = "nothing on this machine keeps a process from the others (that takes Landlock, in Linux 5.13): \
                        --launcher process runs it all the same";
/// How many tasks may run at once where each may run for as long as it likes.
const MANY: usize = 256;

impl Launcher {
    /// Containers as processes of this machine, fenced off or not. Which [fences](crate::fences) do not hold is told in
    /// a line before the first.
    #[must_use]
    pub fn process(images: Images, log: Log) -> Self {
        Self::new(images, Ways::Process, log)
    }

    /// Containers in Docker. What takes long is told in lines.
    #[must_use]
    pub fn docker(images: Images, log: Log) -> Self {
        Self::new(images, Ways::Docker, log)
    }

    /// Each container as a process where its program is there and fences hold, else in Docker where its image is there:
    /// nothing is pulled.
    #[must_use]
    pub fn either(images: Images, log: Log) -> Self {
        Self::new(images, Ways::Either, log)
    }

    fn new(images: Images, ways: Ways, log: Log) -> Self {
        let room = Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from) * 2);
        let (engine, watched) = (Engine::new(log.clone()), Mutex::default());
        Self { images, ways, limit: Some(LIMIT), room, log, engine, watched }
    }

    /// The same with another limit to how long a task may run before it is stopped.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The same without a limit to how long a task may run. One that waited for others to end could wait for ever, so
    /// there is room for many; where one has to wait all the same, that is told in a line.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.limit = None;
        self.room = Semaphore::new(MANY);
        self
    }

    /// Sees that a container can be run, in Docker with its image. Else why not, in words that say what to do.
    ///
    /// # Errors
    /// Those words.
    pub async fn check(&self, hosted: &Hosted, container: &ContainerBrief) -> Result<(), String> {
        match self.way(container).await? {
            Way::Process(..) => Ok(()),
            Way::Docker(image) => self.engine.prepare(hosted, &image).await,
        }
    }

    /// Where containers find the account, in each way in which they are run.
    pub async fn endpoints(&self, hosted: &Hosted) -> Vec<String> {
        [hosted.endpoint().to_owned()].into_iter().chain(self.engine.endpoint().await).collect()
    }

    /// Removes what is in Docker, before the program ends: what was dropped may still be on its way.
    pub async fn clear(&self) {
        self.engine.clear().await;
    }

    /// Waits until there is room for a task.
    pub(crate) async fn room(&self, task: &str) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.room.try_acquire() {
            return Some(place);
        }
        if self.limit.is_none() {
            (self.log)(&format!("{MANY} tasks run, and no more at once: {task} waits until one has ended"));
        }
        self.room.acquire().await.ok()
    }

    /// Starts a container of a task; else why not, as ECS writes it.
    pub(crate) async fn start(
        &self,
        hosted: &Hosted,
        task: &TaskBrief,
        container: &ContainerBrief,
    ) -> Result<Container, String> {
        let failed = |why: String| format!("CannotStartContainerError: {why}");
        match self.way(container).await.map_err(failed)? {
            Way::Process(program, arguments) => {
                let environment = environment::of_process(hosted, task, container);
                let (warden, folder) = self.watched().map_err(|error| failed(format!("temporary folder: {error}")))?;
                let is_timed = self.limit.is_some();
                let process = Process::start(&program, &arguments, &environment, &warden, &folder, is_timed).await;
                process.map(|process| Container::Process(Box::new(process))).map_err(failed)
            }
            Way::Docker(image) => self.engine.start(hosted, task, container, &image).await.map(Container::Docker),
        }
    }

    async fn way(&self, container: &ContainerBrief) -> Result<Way, String> {
        let image = self.images.image(&container.image);
        if self.ways == Ways::Docker {
            return Ok(Way::Docker(image));
        }
        let is_fine = self.ways == Ways::Process || fence::is_any();
        match self.images.program(container).and_then(|way| is_fine.then_some(way).ok_or_else(|| UNFENCED.to_owned())) {
            Ok((program, arguments)) => Ok(Way::Process(program, arguments)),
            Err(why) if self.ways == Ways::Process => Err(why),
            // Who names a program means it.
            Err(why) if self.images.has(&container.image) => Err(why),
            Err(_) if self.engine.has(&image).await => Ok(Way::Docker(image)),
            Err(why) => Err(format!("{why}, or run the image itself with --launcher docker")),
        }
    }

    /// The one warden over all processes, and the folder for theirs.
    fn watched(&self) -> io::Result<(Arc<Warden>, PathBuf)> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.is_none() {
            // By its real name, which fences go by.
            let temporary = std::env::temp_dir().canonicalize()?;
            let folder = tempfile::Builder::new().prefix(FOLDERS).tempdir_in(temporary)?;
            fence::told().iter().for_each(|line| (self.log)(line));
            *watched = Some((Arc::new(Warden::new(folder.path())?), folder));
        }
        let there = watched.as_ref().map(|(warden, folder)| (warden.clone(), folder.path().to_owned()));
        there.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl std::fmt::Debug for Launcher {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Launcher").field("images", &self.images).field("ways", &self.ways).finish_non_exhaustive()
    }
}
