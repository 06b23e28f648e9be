//! How large a Fargate task may be.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size

use account::Fault;

use super::fault::client;

/// CPU units, and the memory in MiB that goes with them: from, to, in steps of.
const SIZES: &[(u64, u64, u64, u64)] = &[
    (256, 1_024, 2_048, 1_024),
    (512, 1_024, 4_096, 1_024),
    (1_024, 2_048, 8_192, 1_024),
    (2_048, 4_096, 16_384, 1_024),
    (4_096, 8_192, 30_720, 1_024),
    (8_192, 16_384, 61_440, 4_096),
    (16_384, 32_768, 122_880, 8_192),
];

/// The one size that is not in the steps of its row.
const SMALLEST: (u64, u64) = (256, 512);

/// Whether Fargate has tasks of this size.
pub(super) fn check(cpu: Option<u64>, memory: Option<u64>) -> Result<(), Fault> {
    let Some(memory) = memory else {
        return Err(client("Fargate requires that 'memory' be defined at the task level."));
    };
    let Some(cpu) = cpu else { return Err(client("Fargate requires that 'cpu' be defined at the task level.")) };
    let fits = |&(units, from, to, step): &(u64, u64, u64, u64)| {
        units == cpu && (from..=to).contains(&memory) && (memory - from).is_multiple_of(step)
    };
    if (cpu, memory) == SMALLEST || SIZES.iter().any(fits) {
        return Ok(());
    }
    Err(client(format!(
        "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS documentation \
         for the valid values."
    )))
}

/// CPU units from `256`, `.25 vCPU` or `1 vcpu`.
pub(super) fn cpu(text: &str) -> Result<u64, Fault> {
    size(text, "vcpu").ok_or_else(|| client("Invalid 'cpu' setting for task."))
}

/// MiB from `512`, `0.5GB` or `1 GB`.
pub(super) fn memory(text: &str) -> Result<u64, Fault> {
    size(text, "gb").ok_or_else(|| client("Invalid 'memory' setting for task."))
}

/// A whole number, or a decimal one in a unit of 1,024.
fn size(text: &str, unit: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let Some(number) = text.strip_suffix(unit) else { return text.parse().ok() };
    let number: f64 = number.trim().parse().ok()?;
    let size = number * 1024.0;
    (number.is_finite() && (0.0..1e9).contains(&size) && size.fract() == 0.0).then_some(size as u64)
}
