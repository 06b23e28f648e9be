//! The writer's escapes, and what the reader takes and refuses.

use proptest::prelude::*;

use super::{Element, NotXml, Writer, read};

fn written(text: &str) -> String {
    let mut xml = Writer::declared();
    xml.root("ListBucketResult", "http://s3.amazonaws.com/doc/2006-03-01/", |xml| {
        xml.text("Key", text);
        xml.optional("Marker", None);
        xml.element("Contents", |xml| xml.optional("ETag", Some("\"e\"")));
        xml.text("Prefix", "");
    });
    xml.finish()
}

#[test]
fn the_writer_escapes() {
    assert_eq!(
        written("a<b>&\u{1}\r\n'ü"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Key>a&lt;b&gt;&amp;&#x1;&#13;\n'ü</Key><Contents><ETag>&quot;e&quot;</ETag></Contents><Prefix/>\
         </ListBucketResult>"
    );
}

/// Request bodies as the SDKs send them.
#[test]
fn request_bodies() {
    let tagging = read(
        b"<?xml version=\"1.0\"?>\n<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n  <TagSet>\n    \
          <Tag><Key>Status</Key><Value>a &amp; b&#x20;</Value></Tag><!-- c -->\n\
          <Tag><Key>x</Key><Value/></Tag></TagSet></Tagging>\n",
    )
    .unwrap();
    assert_eq!(tagging.name, "Tagging");
    let tags: Vec<_> = tagging
        .child("TagSet")
        .unwrap()
        .all("Tag")
        .map(|tag| (tag.text_of("Key").unwrap(), tag.text_of("Value").unwrap()))
        .collect();
    assert_eq!(tags, [("Status", "a & b "), ("x", "")]);

    let status =
        read(b"\xef\xbb\xbf<s3:AbacStatus xmlns:s3='urn:x'><s3:Status><![CDATA[Enabled]]></s3:Status></s3:AbacStatus>");
    assert_eq!(status.unwrap().text_of("Status"), Some("Enabled"));
    let delete = read(b"<Delete><Quiet>true</Quiet><Object><Key> a\tb </Key></Object></Delete>").unwrap();
    assert_eq!(delete.child("Object").unwrap().text_of("Key"), Some(" a\tb "));
}

#[test]
fn malformed_bodies() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let wide = format!("<a>{}</a>", "<b/>".repeat(200_000));
    for body in [
        "",
        "text",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>text",
        "<a>text<b/></a>",
        "<a>&unknown;</a>",
        "<a>&#0;</a>",
        "<a>&</a>",
        "<a>\u{8}</a>",
        "<a>\u{0}</a>",
        "<a b='\u{0}'/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<!DOCTYPE a><a/>",
        &deep,
        &wide,
    ] {
        assert_eq!(read(body.as_bytes()), Err(NotXml), "{}", body.get(..60).unwrap_or(body));
    }
    assert_eq!(read(b"<a>\xff</a>"), Err(NotXml));
    assert_eq!(read(&vec![b' '; 9 << 20]), Err(NotXml));
}

fn element() -> impl Strategy<Value = Element> {
    let leaf = ("[A-Z][a-z]{0,5}", "[^\u{0}-\u{8}\u{b}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}]{0,8}")
        .prop_map(|(name, text)| Element { name, text, ..Element::default() });
    leaf.prop_recursive(4, 30, 4, |inner| {
        ("[A-Z][a-z]{0,5}", prop::collection::vec(inner, 1..4)).prop_map(|(name, children)| Element {
            name,
            children,
            ..Element::default()
        })
    })
}

fn write(xml: &mut Writer, element: &Element) {
    if element.children.is_empty() {
        xml.text(&element.name, &element.text);
    } else {
        xml.element(&element.name, |xml| element.children.iter().for_each(|child| write(xml, child)));
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(element in element()) {
        let mut xml = Writer::declared();
        write(&mut xml, &element);
        prop_assert_eq!(read(xml.finish().as_bytes()), Ok(element));
    }

    #[test]
    fn no_body_makes_it_panic(body in "(<|>|/|a|&|;|#|!|\\[|\\]|--|<a>|</a>|<!|\\PC){0,40}") {
        if let Ok(element) = read(body.as_bytes()) {
            prop_assert!(!element.name.is_empty());
        }
    }
}
