use super::{C14nFejl, PrefixList, canonicalize, canonicalize_into, is_canonical};
use crate::Document;

/// Canonicalizes the element called `apex`.
#[track_caller]
fn check(text: &str, prefixes: &str, expected: &str) {
    let document = Document::parse(text).expect("well-formed");
    let apex = document.descendants().find(|n| n.tag_name().name() == "apex").expect("an apex");
    let prefixes = PrefixList::parse(prefixes).expect("few");
    assert_eq!(canonicalize(apex, &prefixes).expect("small"), expected, "{text}");
}

#[test]
fn elements_attributes_and_text_are_written_in_one_way() {
    check("<apex/>", "", "<apex></apex>");
    check("<apex  b = '2'\n a='1' ><c\t/></apex >", "", "<apex a=\"1\" b=\"2\"><c></c></apex>");
    check(
        "<apex a='&#9;&#10;&#13;&lt;&gt;&amp;&quot;&apos;\"'>&lt;&gt;&amp;&quot;&apos;\"&#13;\r\n</apex>",
        "",
        "<apex a=\"&#x9;&#xA;&#xD;&lt;>&amp;&quot;'&quot;\">&lt;&gt;&amp;\"'\"&#xD;\n</apex>",
    );
    check("<apex>a<!-- b -->c<![CDATA[<&>]]>&#x1F600;</apex>", "", "<apex>ac&lt;&amp;&gt;😀</apex>");
    check("<apex><?p a\r\nb?><?q?></apex>", "", "<apex><?p a\nb?><?q?></apex>");
    check("<apex a=' b\r\n\tc '/>", "", "<apex a=\" b  c \"></apex>");
}

#[test]
fn only_namespaces_in_use_are_declared_where_they_are_first_used() {
    check(
        "<r xmlns='urn:d' xmlns:a='urn:a' xmlns:b='urn:b'><a:apex><a:c/><d/><e b:f='1'/></a:apex></r>",
        "",
        "<a:apex xmlns:a=\"urn:a\"><a:c></a:c><d xmlns=\"urn:d\"></d>\
         <e xmlns=\"urn:d\" xmlns:b=\"urn:b\" b:f=\"1\"></e></a:apex>",
    );
    check(
        "<apex xmlns='urn:d'><b xmlns=''><c xmlns='urn:d'/></b><b xmlns='urn:d'/></apex>",
        "",
        "<apex xmlns=\"urn:d\"><b xmlns=\"\"><c xmlns=\"urn:d\"></c></b><b></b></apex>",
    );
    check(
        "<p:apex xmlns:p='urn:1'><p:a xmlns:p='urn:2'><p:b xmlns:p='urn:1'/></p:a></p:apex>",
        "",
        "<p:apex xmlns:p=\"urn:1\"><p:a xmlns:p=\"urn:2\"><p:b xmlns:p=\"urn:1\"></p:b></p:a></p:apex>",
    );
    check("<apex xmlns='' xmlns:u='urn:u'/>", "", "<apex></apex>");
    check("<r xml:lang='da'><apex xml:space='preserve'/></r>", "", "<apex xml:space=\"preserve\"></apex>");
}

#[test]
fn attributes_are_sorted_by_namespace_and_name() {
    check(
        "<apex xmlns:a='urn:z' xmlns:z='urn:a' a:n='1' z:n='2' n='3' b='4' xml:lang='da'/>",
        "",
        "<apex xmlns:a=\"urn:z\" xmlns:z=\"urn:a\" b=\"4\" n=\"3\" xml:lang=\"da\" z:n=\"2\" a:n=\"1\"></apex>",
    );
}

#[test]
fn listed_prefixes_are_declared_unused() {
    let text = "<r xmlns='urn:d' xmlns:a='urn:a' xmlns:b='urn:b'><a:apex><c xmlns:b='urn:c'/></a:apex></r>";
    check(
        text,
        "b unknown",
        "<a:apex xmlns:a=\"urn:a\" xmlns:b=\"urn:b\"><c xmlns=\"urn:d\" xmlns:b=\"urn:c\"></c></a:apex>",
    );
    check(text, "#default", "<a:apex xmlns=\"urn:d\" xmlns:a=\"urn:a\"><c></c></a:apex>");
    check("<a:apex xmlns:a='urn:a'/>", "#default a", "<a:apex xmlns:a=\"urn:a\"></a:apex>");
}

#[test]
fn a_node_can_be_left_out_and_the_document_be_the_apex() {
    let text = "<?a b?>\n<!-- c --><r><x/><s>1<t/></s><y/></r><?d?>";
    let document = Document::parse(text).expect("well-formed");
    let root = document.root_element();
    let s = root.children().nth(1);
    let mut out = String::from("before");
    canonicalize_into(&mut out, root, &PrefixList::EMPTY, s, 100).expect("small");
    assert_eq!(out, "before<r><x></x><y></y></r>");
    assert_eq!(
        canonicalize(document.root(), &PrefixList::EMPTY).expect("small"),
        "<?a b?>\n<r><x></x><s>1<t></t></s><y></y></r>\n<?d?>"
    );
}

#[test]
fn everything_has_a_limit() {
    let twenty = ["p"; 20].join(" ");
    assert!(PrefixList::parse(&twenty).is_ok());
    assert_eq!(PrefixList::parse(&format!("{twenty} p")), Err(C14nFejl::Prefikser));

    // A long name declared once and used by many is written many times.
    let uri = "u".repeat(100_000);
    let text = format!("<r xmlns:p='{uri}'>{}</r>", "<p:a/>".repeat(1_000));
    let document = Document::parse(&text).expect("well-formed");
    let max = super::size_bytes_max(&document);
    assert_eq!(canonicalize(document.root_element(), &PrefixList::EMPTY), Err(C14nFejl::Stoerrelse(max)));
}

#[test]
fn canonical_text_is_recognised() {
    assert!(is_canonical("<a xmlns=\"urn:a\" b=\"1\"><c></c></a>"));
    for other in
        ["<a/>", "<a b='1'></a>", "<a xmlns:b=\"urn:b\"></a>", "<a c=\"1\" b=\"2\"></a>", "<a>&#97;</a>", "a"]
    {
        assert!(!is_canonical(other), "{other}");
    }
}

#[test]
fn deep_documents_need_no_stack() {
    let text = format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
    let document = Document::parse(&text).expect("well-formed");
    assert_eq!(canonicalize(document.root_element(), &PrefixList::EMPTY).expect("small"), text);
}
