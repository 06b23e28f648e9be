//! One line for each scenario, and one for all of them.

use std::time::Duration;

use matrix::Results;
use source::escaped;

use crate::bare;
use crate::claims::ClaimCounts;

/// A scenario in one line: how many cells, how they came out, how long it took. Names are padded to `width`.
#[must_use]
pub fn line(results: &Results, width: usize) -> String {
    let cells = thousands(results.cells.len());
    let what = match &results.bare {
        Some(bare) => format!("{}; {} {}", bare::counts(results), bare.backend, bare.verdict()),
        None => outcome(&Counts::of(results)) + &claims(ClaimCounts::of(&results.claims)),
    };
    let emulator = results.timings.emulator.map(|own| format!(", the emulator {}", seconds(own))).unwrap_or_default();
    let took = seconds(results.timings.total);
    let why = results.not_run().filter(|_| results.bare.is_none()).map(|(_, why)| format!(": {why}"));
    let word = if results.cells.len() == 1 { "cell, " } else { "cells," };
    let line =
        format!("{:width$}  {cells:>6} {word} {what} ({took}{emulator}){}", results.scenario, why.unwrap_or_default());
    escaped(&line).into_owned()
}

/// The total: `5 scenarios, 2,158 cells: all as expected (7 s)`.
#[must_use]
pub fn total(all: &[Results]) -> String {
    let took = seconds(all.iter().map(|results| results.timings.total).sum());
    let scenarios = count(all.len(), "scenario");
    let mut counts = Counts::default();
    all.iter().for_each(|results| counts.add(&Counts::of(results)));
    if all.iter().any(|results| results.bare.is_some()) {
        return format!("{scenarios}, {}: observed ({took})", count(counts.cells, "cell"));
    }
    let claims = claims(counts.claims);
    match counts.cells - counts.not_run {
        0 => format!("{scenarios}: {}{claims} ({took})", outcome(&counts)),
        _ if counts.not_run > 0 => {
            let run = format!("{} of {} cells run", thousands(counts.cells - counts.not_run), thousands(counts.cells));
            format!("{scenarios}, {run}: {}{claims} ({took})", met(&counts))
        }
        _ => format!("{scenarios}, {}: {}{claims} ({took})", count(counts.cells, "cell"), outcome(&counts)),
    }
}

/// How many cells are held to predictions that nobody has confirmed, and what to do; `None`: there are none.
#[must_use]
pub fn unconfirmed(all: &[Results]) -> Option<String> {
    let (cells, of) =
        (count(all.iter().map(Results::unconfirmed).sum(), "cell"), all.iter().find(|one| one.unconfirmed() > 0)?);
    Some(
        escaped(&format!(
            "{cells} held to unconfirmed predictions; `tagproof review {}` walks through them",
            of.scenario
        ))
        .into_owned(),
    )
}

#[derive(Default)]
struct Counts {
    cells: usize,
    not_run: usize,
    unexpected: usize,
    claims: ClaimCounts,
}

impl Counts {
    fn of(results: &Results) -> Self {
        let not_run = results.not_run().map_or(0, |(cells, _)| cells);
        let not_ok = results.cells.iter().filter(|cell| !cell.ok).count();
        Self {
            cells: results.cells.len(),
            not_run,
            unexpected: not_ok - not_run,
            claims: ClaimCounts::of(&results.claims),
        }
    }

    fn add(&mut self, other: &Self) {
        self.cells += other.cells;
        self.not_run += other.not_run;
        self.unexpected += other.unexpected;
        self.claims.add(other.claims);
    }
}

/// `all as expected`, `3 not as expected`, `0 of 14 run`, `12 of 14 run: all as expected`.
fn outcome(counts: &Counts) -> String {
    let run = counts.cells - counts.not_run;
    let met = met(counts);
    let part = format!("{} of {} run", thousands(run), thousands(counts.cells));
    match (counts.not_run, run) {
        (0, _) => met,
        (_, 0) => part,
        _ => format!("{part}: {met}"),
    }
}

fn met(counts: &Counts) -> String {
    match counts.unexpected {
        0 => "all as expected".to_owned(),
        some => format!("{} not as expected", thousands(some)),
    }
}

/// `; 42 claims as expected`, `; 2 of 42 claims not as expected`; nothing where there are none.
fn claims(counts: ClaimCounts) -> String {
    match (counts.all, counts.unexpected()) {
        (0, _) => String::new(),
        (all, 0) => format!("; {} as expected", count(all, "claim")),
        (all, some) => format!("; {} of {} not as expected", thousands(some), count(all, "claim")),
    }
}

pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// `2,158`
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `0.3 s`, `7 s`
fn seconds(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 1.0 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelt_as_people_read_them() {
        let spelt = [0, 7, 999, 1_000, 22_091, 1_234_567].map(thousands);
        assert_eq!(spelt, ["0", "7", "999", "1,000", "22,091", "1,234,567"]);
        let took = [0, 120, 940, 1_400, 6_700, 62_000].map(|ms| seconds(Duration::from_millis(ms)));
        assert_eq!(took, ["0.0 s", "0.1 s", "0.9 s", "1 s", "7 s", "62 s"]);
    }

    #[test]
    fn a_count_says_what_was_run_and_what_is_unexpected() {
        let check = |(cells, not_run, unexpected), expected: &str| {
            assert_eq!(outcome(&Counts { cells, not_run, unexpected, ..Counts::default() }), expected);
        };
        check((2_158, 0, 0), "all as expected");
        check((2_158, 0, 1), "1 not as expected");
        check((14, 14, 0), "0 of 14 run");
        check((14, 2, 0), "12 of 14 run: all as expected");
        check((14, 2, 3), "12 of 14 run: 3 not as expected");
        let told = |all, otherwise, undecided| self::claims(ClaimCounts { all, otherwise, undecided });
        assert_eq!(
            [told(0, 0, 0), told(1, 0, 0), told(42, 2, 0), told(42, 1, 2)],
            ["", "; 1 claim as expected", "; 2 of 42 claims not as expected", "; 3 of 42 claims not as expected"]
        );
    }
}
