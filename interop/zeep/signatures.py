"""The shape of a WSDL's messages, without the freedom in how schemas may be laid out into files and types."""

from zeep.xsd import ComplexType
from zeep.xsd.elements import Any, Element
from zeep.xsd.elements.indicators import Choice, Indicator


def signatures(binding) -> dict:
    """Operation to its action and the shapes of its headers and bodies, in and out."""
    return {
        op.name: {
            "action": op.soapaction,
            "input": message(op.input),
            "output": message(op.output),
        }
        for op in binding._operations.values()
    }


def message(part) -> tuple:
    header = part.header.type.elements if part.header is not None else []
    return tuple((name, shape(element)) for name, element in header), shape(part.body)


def shape(element, inside: tuple = ()) -> tuple:
    """Name, cardinality and content of an element; a type inside itself is only named."""
    name = element.qname.text if element.qname is not None else element.name
    occurs = element.min_occurs, element.max_occurs
    typ = element.type
    if not isinstance(typ, ComplexType):
        return name, occurs, simple(typ)
    if typ in inside:
        return name, occurs, "recursive"
    return name, occurs, content(typ, (*inside, typ))


def simple(typ) -> str:
    """The built-in type a simple type is made from."""
    for base in type(typ).__mro__:
        if base.__module__ == "zeep.xsd.types.builtins":
            return base.__name__
    return "anySimpleType"


def content(typ, inside: tuple) -> tuple:
    """Attributes and children of a complex type."""
    attributes = tuple(sorted((name, attribute.required) for name, attribute in typ.attributes if name))
    children = tuple(child for _, group in typ.elements_nested for child in flat(group, inside))
    return attributes, children


def flat(node, inside: tuple) -> list[tuple]:
    """Sequences of sequences are one sequence; a choice stays a choice."""
    if isinstance(node, Any):
        return [("any", (node.min_occurs, node.max_occurs), node.process_contents)]
    if isinstance(node, Element):
        return [shape(node, inside)]
    assert isinstance(node, Indicator), node
    children = [child for item in node for child in flat(item, inside)]
    occurs = node.min_occurs, node.max_occurs
    if isinstance(node, Choice):
        return [("choice", occurs, tuple(children))]
    return children if occurs == (1, 1) or not children else [("sequence", occurs, tuple(children))]
