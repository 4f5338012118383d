"""Callers of the services: each message as its client builds it, after the specification.

The token is protected through a reference (`str`), directly by its id (`direct`), or only named (`pointer`).
"""

from calls import Call
from server import Answer, Demo
from sts_client import Token
from wire import FRAMEWORK, STR_TRANSFORM, Draft, Ref, message_id, reply_to, str_saml, timestamp, wsa

HEADER = "http://kombit.dk/xml/schemas/RequestHeader/1/"


def request_header(transaction: str) -> str:
    return f'<h:RequestHeader xmlns:h="{HEADER}"><h:TransactionUUID>{transaction}</h:TransactionUUID></h:RequestHeader>'


def dotnet(token: Token, to: str, call: Call, transaction: str) -> Draft:
    """OIOIDWS for .NET with the older policy: framework header, and the token through the STR-Transform."""
    return Draft(
        token.identity,
        call.body,
        soap=call.soap,
        headers={
            "Action": wsa("Action", call.action, "action", must=True),
            "MessageID": wsa("MessageID", message_id(), "msgid"),
            "ReplyTo": reply_to(),
            "To": wsa("To", to, "to", must=True),
            "Framework": FRAMEWORK.replace("{must}", ""),
            "RequestHeader": request_header(transaction),
        },
        security={"Timestamp": timestamp(), "Assertion": token.text, "STR": str_saml(token.id, "sec-str")},
        references=[
            *(Ref(f"#{id}") for id in ("body", "action", "msgid", "replyto", "to", "sec-ts", "lib")),
            Ref("#sec-str", transform=STR_TRANSFORM),
        ],
        key_info=str_saml(token.id),
    )


def cxf(token: Token, to: str, call: Call, transaction: str) -> Draft:
    """Apache CXF: the token by its own id, lists of prefixes, and TokenType in no namespace."""
    return Draft(
        token.identity,
        call.body,
        soap=call.soap,
        ds="ds",
        body_id="id-b0d1",
        prefixes={"s": "soap", "o": "wsse", "u": "wsu", "a": "wsa"},
        headers={
            "RequestHeader": request_header(transaction),
            "Action": wsa("Action", call.action, "id-ac71"),
            "MessageID": wsa("MessageID", message_id(), "id-3e55"),
            "To": wsa("To", to, "id-70aa"),
            "ReplyTo": reply_to("id-4e91"),
        },
        security={"Timestamp": timestamp(id="TS-1"), "Assertion": token.text},
        references=[
            Ref("#TS-1", prefixes="wsse soap"),
            Ref("#id-b0d1"),
            Ref("#id-70aa", prefixes="soap"),
            Ref("#id-4e91", prefixes="soap"),
            Ref("#id-3e55", prefixes="soap"),
            Ref("#id-ac71", prefixes="soap"),
            Ref(f"#{token.id}", prefixes="wsse soap"),
        ],
        c14n_prefixes="soap",
        key_info=str_saml(token.id, attribute="TokenType"),
    )


def os2mo(token: Token, to: str, call: Call, transaction: str) -> Draft:
    """os2mo-fkk: only what names the token is signed, not the token."""
    draft = dotnet(token, to, call, transaction)
    del draft.headers["Framework"]
    draft.references = [Ref(ref.uri) for ref in draft.references if ref.uri != "#lib"]
    return draft


CLIENTS = {"dotnet": dotnet, "cxf": cxf, "os2mo": os2mo}


class Wsp:
    """The services of a server, as the holder of a token calls them."""

    def __init__(self, demo: Demo):
        self.demo = demo

    def draft(self, token: Token, call: Call, client: str = "dotnet", transaction: str | None = None) -> Draft:
        transaction = transaction or message_id().removeprefix("urn:uuid:")
        return CLIENTS[client](token, self.demo.mtls + call.path, call, transaction)

    def send(self, draft: Draft, path: str, content: str | bytes | None = None, by=None, **headers) -> Answer:
        """Sends a message, on a connection with a client certificate only when `by` has one."""
        content = draft.signed() if content is None else content
        return self.demo.post(self.demo.mtls + path, content, {**draft.http_headers, **headers}, by)

    def call(self, token: Token, call: Call, client: str = "dotnet", by=None) -> Answer:
        return self.send(self.draft(token, call, client), call.path, by=by)
