"""Our canonical forms against libxml2's, document by document.

    c14n_documents 100000 1 | python compare.py

Every form is made again by the system's libxml2 on the sub-tree within the whole document. Where lxml can make it too (it
cuts the sub-tree out first, and so loses what only a PrefixList asks for), by the newer libxml2 in lxml as well.
"""

import ctypes
import ctypes.util
import struct
import sys
import time

from lxml import etree


class LibXml2:
    """So much of libxml2 as canonicalizes a sub-tree where it stands."""

    EXCLUSIVE = 1
    # Nothing replaced, no network, no messages.
    OPTIONS = 2048 | 32 | 64

    def __init__(self):
        name = ctypes.util.find_library("xml2")
        if not name:
            sys.exit("needs libxml2: apt-get install libxml2")
        self.lib = ctypes.CDLL(name)
        void, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        for function, result, arguments in [
            ("xmlReadMemory", void, [text, number, text, text, number]),
            ("xmlFreeDoc", None, [void]),
            ("xmlXPathNewContext", void, [void]),
            ("xmlXPathFreeContext", None, [void]),
            ("xmlXPathEvalExpression", void, [text, void]),
            ("xmlXPathFreeObject", None, [void]),
            ("xmlC14NDocDumpMemory", number, [void, void, number, void, number, void]),
        ]:
            member = getattr(self.lib, function)
            member.restype, member.argtypes = result, arguments
        self.free = ctypes.CFUNCTYPE(None, void)(ctypes.c_void_p.in_dll(self.lib, "xmlFree").value)
        self.version = ctypes.c_char_p.in_dll(self.lib, "xmlParserVersion").value.decode()

    def canonical(self, document, path, prefixes):
        lib = self.lib
        doc = lib.xmlReadMemory(document, len(document), None, None, self.OPTIONS)
        if not doc:
            raise ValueError("libxml2 does not read it")
        context = lib.xmlXPathNewContext(doc)
        apex = "/*" + "".join(f"/*[{int(step) + 1}]" for step in path)
        nodes = f"{apex}/descendant-or-self::node()"
        everything = f"{nodes} | {nodes}/@* | {nodes}/namespace::*"
        found = lib.xmlXPathEvalExpression(everything.encode(), context)
        # xmlXPathObject begins with an int and then, aligned, the node set.
        node_set = ctypes.cast(found, ctypes.POINTER(ctypes.c_void_p))[1]
        listed = (ctypes.c_char_p * (len(prefixes) + 1))(*prefixes, None) if prefixes else None
        out = ctypes.c_void_p()
        length = lib.xmlC14NDocDumpMemory(doc, node_set, self.EXCLUSIVE, listed, 0, ctypes.byref(out))
        form = ctypes.string_at(out, length) if length >= 0 and out else None
        if out:
            self.free(out)
        lib.xmlXPathFreeObject(found)
        lib.xmlXPathFreeContext(context)
        lib.xmlFreeDoc(doc)
        return form


PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def by_lxml(document, path, prefixes):
    node = etree.fromstring(document, PARSER)
    for step in path:
        node = [child for child in node if isinstance(child.tag, str)][int(step)]
    listed = [prefix.decode() for prefix in prefixes] or None
    return etree.tostring(
        node, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=listed, with_tail=False
    )


def fields(stream):
    while head := stream.read(4):
        yield stream.read(struct.unpack("<I", head)[0])


def main():
    libxml2 = LibXml2()
    start = time.monotonic()
    count = lxml_count = inner = listed = size = 0
    stream = fields(sys.stdin.buffer)
    for document in stream:
        path = [step for step in next(stream).decode().split("/") if step]
        prefixes = next(stream).split()
        ours = next(stream)
        theirs = [(f"libxml2 {libxml2.version}", libxml2.canonical(document, path, prefixes))]
        if path and not prefixes:
            theirs.append(("lxml", by_lxml(document, path, prefixes)))
            lxml_count += 1
        for name, form in theirs:
            if form != ours:
                print(f"document {count}, apex {path}, PrefixList {prefixes}", document, "ours", ours, name, form, sep="\n")
                sys.exit(1)
        count += 1
        size += len(ours)
        inner += bool(path)
        listed += bool(prefixes)
    seconds = time.monotonic() - start
    print(
        f"{count} documents are canonical alike by libxml2 {libxml2.version} ({inner} from within, {listed} with a "
        f"PrefixList, {size} bytes); {lxml_count} of them also by lxml {etree.__version__} with libxml2 "
        f"{'.'.join(map(str, etree.LIBXML_VERSION))}; {seconds:.1f} s"
    )
    if count == 0:
        sys.exit("nothing was compared")


if __name__ == "__main__":
    main()
