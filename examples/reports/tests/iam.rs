//! Who may read the reports.

#[tokio::test]
async fn only_finance_reads_the_reports() {
    tagproof::check("scenarios/reports", "snapshots").await;
}
