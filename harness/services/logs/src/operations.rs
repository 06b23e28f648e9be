//! What each operation of CloudWatch Logs is.
//! docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html

use account::Run;
use account::operation::{OperationRow, Row, always, changes, depends, reads, row, same};

use super::{events, group, stream};

/// Every operation.
#[rustfmt::skip]
pub(super) static OPERATIONS: &[Row<Run>] = &[
    row(
        on_group(changes("logs:CreateLogGroup"))
            .checked_as(&[always("logs:CreateLogGroup"), depends("logs:TagResource")]).passes("tags")
            .undone_by("DeleteLogGroup", &[same("logGroupName")]),
        group::create_log_group,
    ),
    row(on_stream(changes("logs:CreateLogStream")), stream::create_log_stream),
    row(on_group(changes("logs:DeleteLogGroup")), group::delete_log_group),
    row(reads("logs:DescribeLogGroups"), group::describe_log_groups),
    row(on_group(reads("logs:DescribeLogStreams")), stream::describe_log_streams),
    row(on_group(reads("logs:FilterLogEvents")), events::filter_log_events),
    row(on_stream(reads("logs:GetLogEvents")), events::get_log_events),
    row(on_stream(changes("logs:PutLogEvents")), events::put_log_events),
];

const fn on_group(operation: OperationRow) -> OperationRow {
    operation.on(&["log-group"], "logGroupName").names(&["logGroupName"])
}

const fn on_stream(operation: OperationRow) -> OperationRow {
    operation.on(&["log-stream"], "logStreamName").names(&["logGroupName"])
}
