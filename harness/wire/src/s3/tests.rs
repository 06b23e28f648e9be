//! Requests to operations and replies to answers, without any socket.

mod anything;
mod members;
mod replies;
mod requests;
mod routing;
