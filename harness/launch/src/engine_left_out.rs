//! What stands in the place of Docker in a build without the feature `docker`: nothing is run in it, and that is said.

use std::time::Duration;

use ecs::{ContainerBrief, TaskBrief};
use tokio::sync::oneshot;
use wire::{Hosted, Log};

use crate::printed::Printed;

const LEFT_OUT: &str = "tagproof was built without its feature `docker`";

/// No Docker.
pub(crate) struct Engine;

impl Engine {
    pub(crate) fn new(_: Log) -> Self {
        Self
    }

    pub(crate) async fn has(&self, _: &str) -> bool {
        false
    }

    pub(crate) async fn prepare(&self, _: &Hosted, _: &str) -> Result<(), String> {
        Err(LEFT_OUT.to_owned())
    }

    pub(crate) async fn start(
        &self,
        _: &Hosted,
        _: &TaskBrief,
        _: &ContainerBrief,
        _: &str,
    ) -> Result<Container, String> {
        Err(format!("CannotStartContainerError: {LEFT_OUT}"))
    }

    pub(crate) async fn endpoint(&self) -> Option<String> {
        None
    }

    pub(crate) async fn clear(&self) {}
}

/// There is none.
pub(crate) enum Container {}

impl Container {
    pub(crate) async fn watch(self, _: oneshot::Receiver<Duration>, _: &mut Printed) -> (i32, Option<String>) {
        match self {}
    }
}
