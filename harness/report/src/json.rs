//! Results for machines.

use matrix::{AxisEntry, Bare, Canary, Cell, OptionRow, Outcome, Results, TaskRun};
use serde_json::{Value, json};

use crate::claims::claim_json;
use crate::reasons;

/// The version of the form that [`json`](fn@json) gives; it changes when a reader of the old form would go wrong.
pub const VERSION: u32 = 1;

/// One scenario's results: every cell with outcome, expectation, reason and, where one was kept, the trace.
#[must_use]
pub fn json(results: &Results, backend: &str) -> Value {
    json!({
        "version": VERSION,
        "scenario": results.scenario,
        "title": results.title,
        "source": results.source,
        "backend": backend,
        "bare": results.bare.as_ref().map(bare),
        "ok": results.ok(),
        "seconds": results.timings.total.as_secs_f64(),
        "emulatorSeconds": results.timings.emulator.map(|took| took.as_secs_f64()),
        "changes": results.changes,
        "options": results.options.iter().map(option).collect::<Vec<_>>(),
        "callers": results.callers.iter().map(named).collect::<Vec<_>>(),
        "requests": results.requests.iter().map(named).collect::<Vec<_>>(),
        "generatedNames": results.generated_names.iter().map(|one| json!({"logicalId": one.logical_id, "name": one.name})).collect::<Vec<_>>(),
        "cells": results.cells.iter().map(|one| cell_json(results, one)).collect::<Vec<_>>(),
        "claims": results.claims.iter().map(claim_json).collect::<Vec<_>>(),
        "notes": results.notes,
        "notApplied": results.not_applied.iter().map(|left| json!({"what": left.what, "why": left.why})).collect::<Vec<_>>(),
    })
}

fn bare(bare: &Bare) -> Value {
    let canary = |canary: &Canary| {
        json!({
            "what": canary.what,
            "outcome": word(&canary.outcome),
            "detail": reasons::outcome(&canary.outcome),
            "expected": canary.expected.word(),
            "ok": canary.ok(),
        })
    };
    json!({
        "backend": bare.backend,
        "evaluatesConditions": bare.trusted(),
        "verdict": bare.verdict(),
        "canaries": bare.canaries.iter().map(canary).collect::<Vec<_>>(),
    })
}

fn option(option: &OptionRow) -> Value {
    json!({
        "name": option.name,
        "underTest": option.under_test,
        "condition": option.condition,
        "changes": option.changes,
    })
}

fn named(named: &AxisEntry) -> Value {
    json!({"name": named.name, "what": named.what})
}

/// One cell of [`json`](fn@json), in the same form.
#[must_use]
pub fn cell_json(results: &Results, cell: &Cell) -> Value {
    let trace = cell.recorded.as_ref().and_then(|recorded| recorded.decision.trace.as_ref());
    json!({
        "option": results.options[cell.option].name,
        "caller": results.callers[cell.caller].name,
        "request": results.requests[cell.request].name,
        "outcome": word(&cell.outcome),
        "detail": reasons::outcome(&cell.outcome),
        "expected": cell.expectation.expected.word(),
        "because": cell.expectation.because,
        "see": cell.expectation.see,
        "predicted": cell.expectation.predicted.is_some(),
        "ok": cell.ok,
        "fidelity": results.bare.as_ref().map(|_| cell.fidelity().word()),
        "reason": cell.reason,
        "mend": cell.mend,
        "mends": cell.mends,
        "task": cell.task.as_ref().map(task),
        "trace": trace,
    })
}

fn task(task: &TaskRun) -> Value {
    json!({
        "output": task.output,
        "exitCode": task.exit_code,
        "stopCode": task.stop_code,
        "stoppedReason": task.stopped_reason,
    })
}

const fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "Allowed",
        Outcome::ImplicitlyDenied => "ImplicitlyDenied",
        Outcome::ExplicitlyDenied => "ExplicitlyDenied",
        Outcome::Error { .. } | Outcome::NotSetUp { .. } | Outcome::CommandFailed { .. } => "Error",
        Outcome::NotStarted { .. } | Outcome::NotAdmitted { .. } => "NotStarted",
        Outcome::NoCredentials { .. } => "NoCredentials",
        Outcome::Unsupported { .. } => "Unsupported",
        Outcome::NotRun { .. } => "NotRun",
    }
}
