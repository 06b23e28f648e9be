//! The listener over real sockets.
#[cfg(test)]
mod admin;
#[cfg(test)]
mod client;
#[cfg(test)]
mod decided;
#[cfg(test)]
mod decided_ecs;
#[cfg(test)]
mod door;
#[cfg(test)]
mod double;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod promised;
#[cfg(test)]
mod protocols;
#[cfg(test)]
mod remembered;
#[cfg(test)]
mod resets;
#[cfg(test)]
mod signed;
#[cfg(test)]
mod spellings;
mod tasks;
#[cfg(test)]
mod unsent;
#[cfg(test)]
mod web_pages;
