//! AWS over HTTP: signatures, protocols, error shapes, the guard.

pub mod answer;
pub mod body;
pub mod signature;

mod admin;
mod chance;
mod checksum;
mod chunked;
mod containers;
mod decisions;
mod door;
mod guard;
mod handle;
mod hash;
mod host;
mod hosted;
mod hosts;
mod input;
mod metadata;
mod patience;
mod reader;
mod room;
mod route;
mod s3;
mod seats;
mod server;
mod shape;
mod tasks;
mod upstream;
mod web_page;
mod whole;

pub use door::{ContainerPaths, Door};
pub use hosted::{ContainerEndpoint, Decided, Hosted, Hosting, Log};
pub use reader::memory_of_bodies;
pub use server::Server;
pub use upstream::Upstream;
