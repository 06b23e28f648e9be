//! Requests to operations and replies to answers, without any socket.

mod anything;
mod replies;
mod requests;
mod routing;
