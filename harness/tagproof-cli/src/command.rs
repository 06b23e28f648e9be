//! One module for each command.

pub(crate) mod check;
pub(crate) mod clean;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod fidelity;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod learn;
pub(crate) mod lint;
pub(crate) mod predict;
pub(crate) mod prove;
pub(crate) mod review;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod who_can;

mod answers;
mod aws;
mod cell;
mod draft;
mod emulator;
mod interrupt;
mod inventory;
mod proving;
mod scenario_backend;
mod scenarios;
mod show;
mod text;
