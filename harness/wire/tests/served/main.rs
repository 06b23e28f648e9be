//! The listener over real sockets.
#[cfg(test)]
mod admin;
#[cfg(test)]
mod client;
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
mod protocols;
#[cfg(test)]
mod remembered;
mod tasks;
#[cfg(test)]
mod unsent;
