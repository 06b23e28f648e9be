use super::{Ranged, parse_range};

/// As recorded from AWS; a range that S3 does not understand is ignored.
#[test]
fn ranges() {
    let cases = [
        ("bytes=0-8", Ranged::Part(0..9)),
        ("bytes=1-1", Ranged::Part(1..2)),
        ("bytes=1-0", Ranged::Whole),
        ("bytes=1-", Ranged::Part(1..10)),
        ("bytes=-1-", Ranged::Whole),
        ("bytes=-2", Ranged::Part(8..10)),
        ("bytes=-9", Ranged::Part(1..10)),
        ("bytes=-15", Ranged::Part(0..10)),
        ("bytes=0-100", Ranged::Part(0..10)),
        ("bytes=0-0", Ranged::Part(0..1)),
        ("bytes=0--1", Ranged::Whole),
        ("bytes=0-1,3-4,6-9", Ranged::Whole),
        ("0-9", Ranged::Whole),
        ("bytes=-", Ranged::Whole),
        ("bytes=-0", Ranged::Beyond),
        ("bytes=100-200", Ranged::Beyond),
        ("bytes=10-", Ranged::Beyond),
        ("bytes=0-99999999999999999999999", Ranged::Part(0..10)),
        ("bytes=99999999999999999999999-", Ranged::Beyond),
    ];
    for (range, expected) in cases {
        assert_eq!(parse_range(range, 10), expected, "{range}");
    }
    assert_eq!(parse_range("bytes=-1", 0), Ranged::Beyond);
    assert_eq!(parse_range("bytes=0-", 0), Ranged::Beyond);
}
