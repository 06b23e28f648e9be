//! The task metadata endpoint, version 4, under an address of each container's own.
//!
//! On AWS a container is known by where it asks from. Here all ask from the same places, so each address holds a key that
//! its task alone has been told.

use ::ecs::Metadata;
use serde_json::Value;

use crate::hosts::Hosts;

/// A page below a container's own address, which holds these four.
pub(crate) fn page(hosts: &Hosts, realm: &str, task: &str, key: &str, container: &str, page: &[&str]) -> Option<Value> {
    let asked = match page {
        [] | [""] => Metadata::Container,
        ["task"] => Metadata::Task,
        ["taskWithTags"] => Metadata::TaskWithTags,
        ["stats"] => Metadata::Stats,
        ["task", "stats"] => Metadata::TaskStats,
        _ => return None,
    };
    hosts.named(realm)?.with(|world| ::ecs::task_metadata(world, task, key, container, asked))
}
