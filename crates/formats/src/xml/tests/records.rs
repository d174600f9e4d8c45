//! Values, repeated values, and the positions of records.

use super::super::{Charset, XmlReader};
use super::{lines, shape, values};

#[test]
fn text_is_joined_over_cdata_comments_and_references() {
    let shape = shape(&["A", "B"]);
    let document = "<L><OP><A>x&amp;<![CDATA[<y>&amp;]]><!-- <A> -->z<?p <q> ?>&#1046; <![CDATA[]]>w</A><B> b </B></OP></L>";
    assert_eq!(values(document.as_bytes(), &shape), ["x&<y>&amp;zЖ w|b"]);
}

#[test]
fn text_of_elements_inside_a_value_is_no_part_of_it() {
    let document = b"<L><OP><A>x<I>y</I>z<OP><A>k</A></OP></A></OP></L>";
    assert_eq!(values(document, &shape(&["A"])), ["xz"]);
}

#[test]
fn attributes_may_stand_in_any_order_and_elements_too() {
    let shape = shape(&["A", "B", "P/C"]);
    for record in [
        "<OP A='1' B='2'><P C='3'/></OP>",
        "<OP B=\"2\" A=\"1\" ><P X='' C='3'></P></OP>",
        "<OP A='1'><P><C>3</C></P><B>2</B></OP>",
        "<OP><P><D/><C>3</C></P><B>2</B><A>1</A></OP>",
    ] {
        assert_eq!(values(format!("<L>{record}</L>").as_bytes(), &shape), ["1|2|3"], "{record}");
    }
}

#[test]
fn of_repeated_elements_the_first_counts_even_for_what_it_lacks() {
    let document = b"<L><OP><D><N>1</N></D><D><S>s</S><N>2</N></D><A>x</A><A>y</A></OP><OP><D S='t'/></OP></L>";
    assert_eq!(values(document, &shape(&["D/S", "D/N", "A"])), ["|1|x", "t||"]);
    assert_eq!(values(b"<L><OP><D> </D><D><N>2</N></D></OP></L>", &shape(&["D/N"])), [""], "an empty one is the first, too");
}

#[test]
fn lists_keep_all_values_with_their_parents() {
    let document = b"<L><OP><D><N>1</N></D><D S='s'><N>2</N><N/></D><A>x</A></OP><OP><A>y</A></OP></L>";
    assert_eq!(values(document, &shape(&["*D/S", "*D/N", "*A"])), ["2=s|1=1,2=2,2=|1=x", "||1=y"]);
}

#[test]
fn of_several_paths_the_one_that_comes_first_counts() {
    let shape = shape(&["DOC/N|DOC_LIST/DOC/N"]);
    let document = b"<L><OP><DOC_LIST><DOC N='1'/></DOC_LIST></OP><OP><DOC N='2'/><DOC_LIST><DOC N='3'/></DOC_LIST></OP></L>";
    assert_eq!(values(document, &shape), ["1", "2"]);
}

#[test]
fn records_inherit_from_root_and_header_what_stands_before_them() {
    let shape = shape(&["@SMO", "A", "@ZGLV/MO"]);
    let document = b"<L SMO='34001'><OP A='1'/><ZGLV><MO> 7 </MO><SMO>no</SMO></ZGLV><ZGLV MO='8'/><LIST><OP A='2'/></LIST></L>";
    assert_eq!(values(document, &shape), ["34001|1|", "34001|2|7"]);
}

#[test]
fn inherited_values_and_the_encoding_are_known_without_records() {
    let shape = shape(&["@SMO", "A"]);
    let mut reader =
        XmlReader::new(&b"<?xml version='1.0' encoding='windows-1251'?><L><SMO>\xC0</SMO></L>"[..], &shape, Charset::Utf8);
    assert!(reader.next_record().expect("whole").is_none());
    assert_eq!((reader.inherited().get(0), reader.declared()), ("А", Some(Charset::Windows1251)));
}

#[test]
fn what_is_absent_is_not_what_is_empty() {
    let shape = shape(&["A", "B", "C"]);
    let mut reader = XmlReader::new(&b"<L><OP C=''><A/></OP></L>"[..], &shape, Charset::Utf8);
    let record = reader.next_record().expect("whole").expect("a record");
    let fields = record.fields.expect("values");
    assert_eq!([0, 1, 2].map(|slot| fields.is_present(slot)), [true, false, true]);
}

#[test]
fn records_have_number_offset_and_bytes() {
    let document = "\u{FEFF}<L>\n<OP A='1'/> <OP>\n<A>Ж</A></OP ></L>".as_bytes();
    let shape = shape(&["A"]);
    let mut reader = XmlReader::new(document, &shape, Charset::Utf8);
    for (number, raw) in [(1, "<OP A='1'/>"), (2, "<OP>\n<A>Ж</A></OP >")] {
        let record = reader.next_record().expect("whole").expect("a record");
        assert_eq!((record.number, record.raw), (number, raw.as_bytes()));
        let from = record.offset as usize;
        assert_eq!(&document[from..from + record.length as usize], raw.as_bytes());
    }
    assert!(reader.next_record().expect("whole").is_none());
}

#[test]
fn bytes_come_in_any_portions() {
    let shape = shape(&["@SMO", "A", "*D/N"]);
    let document = "<?xml version='1.0'?><L SMO='Ж'>\r\n<OP><A>Ж&amp;<![CDATA[x]]y]]>\r\n</A><D N='1'/><D><N>2</N></D></OP>\
        <!-- <OP/> --><OP A='&bad;'/><OP><PERSONB><PHOTO>QUJD</PHOTO></PERSONB><A>z</A></OP></L>\r\n"
        .as_bytes();
    let whole = lines(document, &shape);
    assert_eq!(whole.len(), 3);
    for at_a_time in 1..=document.len() {
        assert_eq!(lines(super::Slow { rest: document, at_a_time }, &shape), whole, "{at_a_time}");
    }
}
