"""A client of tchat in plain Python 3: the standard library, and the module that protoc makes of
docs/tchat.proto. Written from docs/PROTOCOL.md, whose rules are cited by their numbers.

    protoc --proto_path=docs --python_out=examples/python docs/tchat.proto
"""

import asyncio
import hashlib
import ipaddress
import json
import os
import random
import re
import ssl
import struct
from pathlib import Path

import tchat_pb2 as proto

HEADER = struct.Struct(">IBBBI")
MAGIC = 0x12345678
VERSION = 2
SERIALIZER = 2
PAYLOAD_BYTES_MAX = 65_525
TEXT_BYTES_MAX = 8_192
TARGET_BYTES_MAX = 129
SILENT_INTERVALS_MAX = 3
REQUEST_MAX = 2**32 - 1
PAUSE_SECONDS = 0.5
PAUSE_SECONDS_MAX = 30
GOODBYE_MEANS_STAY_AWAY = {"REVOKED"}
GOODBYE_MEANS_OUR_FAULT = {"BAD_PAYLOAD", "FRAME_TOO_LONG"}
KEEP_AND_TRY_AGAIN = {"UNAVAILABLE", "STORAGE_FULL"}


class Refused(Exception):
    """The server said no: `code` as in the table of errors, in capitals."""

    def __init__(self, code, text, retry_ms=0):
        super().__init__(f"{code}: {text}")
        self.code = code
        self.retry_ms = retry_ms


class WrongKey(Exception):
    """The server shows a key that is not the one we know, or none that we know."""


def message_of(command):
    """The class of a command's payload: COMMAND_LOG_IN is the number of LogIn."""
    try:
        name = proto.Command.Name(command)
    except ValueError:
        return None
    return getattr(proto, "".join(part.title() for part in name.split("_")[1:]))


def command_of(message):
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(message).__name__).upper()
    return proto.Command.Value(f"COMMAND_{name}")


def error_name(code):
    try:
        return proto.ErrorCode.Name(code).removeprefix("ERROR_CODE_")
    except ValueError:
        return "UNKNOWN"


# --- Whom one talks to ----------------------------------------------------------------------------


def fingerprint(certificate):
    """SHA-256 of the SubjectPublicKeyInfo of a certificate in DER."""
    _, whole, _ = der(certificate, 0)
    _, body, _ = der(certificate, whole)
    tag, _, end = der(certificate, body)
    at = end if tag == 0xA0 else body  # [0] is the version, which may be left out
    for _ in ("serial", "signature", "issuer", "validity", "subject"):
        _, _, at = der(certificate, at)
    _, _, end = der(certificate, at)
    return "sha256:" + hashlib.sha256(certificate[at:end]).hexdigest()


def der(data, at):
    """Tag, beginning of the content and end of the element at a place."""
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    return data[at], start, start + length


def is_loopback(host):
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


async def dial(host, port, pin):
    """A TLS connection to whom the pin names, and the fingerprint of the key."""
    if pin is None and not is_loopback(host):
        try:
            # A certificate that the system's authorities verify for the name needs no pin.
            reader, writer = await asyncio.open_connection(
                host, port, ssl=ssl.create_default_context()
            )
            return reader, writer, None
        except ssl.SSLCertVerificationError:
            pass
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
    shown = fingerprint(writer.get_extra_info("ssl_object").getpeercert(True))
    if pin == shown or (pin is None and is_loopback(host)):
        return reader, writer, shown
    writer.close()
    if pin is None:
        raise WrongKey(f"the server's key is not known yet; if it is this one, name it: {shown}")
    raise WrongKey(f"the server shows the key {shown}, not {pin}")


# --- One connection -------------------------------------------------------------------------------


class Connection:
    """Frames in, frames out, and which answer belongs to which request."""

    def __init__(self, reader, writer, on_push):
        self.reader = reader
        self.writer = writer
        self.on_push = on_push
        self.answers = {}
        self.doubtful = set()
        self.requests = 0
        self.heard_at = asyncio.get_running_loop().time()
        self.goodbye = None
        self.ended = False

    async def ask(self, message, doubtful=False):
        """The answer (rule 1). Raises Refused, or ConnectionError when none will come.

        `doubtful`: it has words of a person in it, so that its form may be what is wrong.
        """
        if self.ended:
            raise ConnectionError("the connection ended")
        self.requests = self.requests % REQUEST_MAX + 1
        message.request = self.requests
        answer = asyncio.get_running_loop().create_future()
        self.answers[message.request] = answer
        if doubtful:
            self.doubtful.add(message.request)
        payload = message.SerializeToString()
        header = HEADER.pack(MAGIC, VERSION, SERIALIZER, command_of(message), len(payload))
        try:
            self.writer.write(header + payload)
            await self.writer.drain()
            return await answer
        finally:
            self.answers.pop(message.request, None)
            self.doubtful.discard(message.request)

    async def read(self):
        """Takes frames until the connection ends."""
        try:
            while True:
                self.take(*await self.frame())
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            self.close()
            for request, answer in self.answers.items():
                if not answer.done():
                    answer.set_exception(self.why(request))

    def close(self):
        self.ended = True
        self.writer.close()

    def why(self, request):
        """Why a request is not answered: what was cut off may be repeated, what ended it may not."""
        if self.goodbye in GOODBYE_MEANS_OUR_FAULT and self.doubtful == {request}:
            return Refused(self.goodbye, "the server cannot read it, and ended the connection")
        return ConnectionError("the connection ended")

    async def frame(self):
        head = await self.reader.readexactly(HEADER.size)
        magic, version, serializer, command, length = HEADER.unpack(head)
        if (magic, version, serializer) != (MAGIC, VERSION, SERIALIZER):
            raise ConnectionError("that is no tchat server")
        if length > PAYLOAD_BYTES_MAX:
            raise ConnectionError("a frame is too long")
        payload = await self.reader.readexactly(length)
        self.heard_at = asyncio.get_running_loop().time()
        return command, payload

    def take(self, command, payload):
        kind = message_of(command)
        if kind is None:
            return  # A message of a later version
        message = kind.FromString(payload)
        if isinstance(message, proto.Goodbye):
            self.goodbye = error_name(message.code)
            return
        answer = self.answers.get(getattr(message, "request", 0))
        if answer is None:
            self.on_push(message)
        elif isinstance(message, proto.Error):
            answer.set_exception(Refused(error_name(message.code), message.text, message.retry_ms))
        else:
            answer.set_result(message)

    async def keep_alive(self, interval):
        """Says something in every interval, and gives up a peer that is silent for three."""
        loop = asyncio.get_running_loop()
        while loop.time() - self.heard_at < interval * SILENT_INTERVALS_MAX:
            await asyncio.sleep(interval)
            asyncio.ensure_future(self.ask(proto.Heartbeat())).add_done_callback(forget)
        self.close()


def forget(task):
    """What became of it does not matter."""
    if not task.cancelled():
        task.exception()


def check(what, text, bytes_max):
    """Of what is too long the server ends the connection, however often it is sent."""
    size = len(text.encode())
    if size > bytes_max:
        raise Refused("TOO_LONG", f"{what} has {size} bytes; it may have {bytes_max}")


# --- The client -----------------------------------------------------------------------------------


class Client:
    """Stays connected, sends each message once, and hands on each entry once and in order.

    `state` is a file that only its owner can read: the session token, the pin, what was not
    acknowledged yet, and how far each conversation was seen.
    """

    def __init__(
        self, host, port, state, on_entry, on_link=lambda what: None, pin=None,
        on_unsent=lambda target, text, refusal: None,
    ):
        """`on_unsent`: something that an earlier run kept was refused for good."""
        self.host, self.port = host, port
        self.path = Path(state)
        self.on_entry, self.on_link, self.on_unsent = on_entry, on_link, on_unsent
        self.state = {"token": "", "pin": None, "outbox": [], "seen": {}}
        if self.path.exists():
            self.state.update(json.loads(self.path.read_text()))
        if pin is not None:
            self.state["pin"] = pin
        self.user = None
        self.connection = None
        self.online = asyncio.Event()
        self.heads = {}
        self.work = asyncio.Queue()
        self.sent = {}
        self.wake = asyncio.Event()
        self.pause = PAUSE_SECONDS

    # Getting in

    async def log_in(self, name, password, register=False):
        """Once, with a password; from then on the token does."""
        connection, reading = await self.connect()
        try:
            kind = proto.Register if register else proto.LogIn
            asked = kind(name=name, password=password, device="tchat example in Python")
            answer = await connection.ask(asked, doubtful=True)
            self.state["token"] = answer.token.hex()
            self.save()
        finally:
            connection.close()
            await reading

    async def run(self):
        """For ever; raises Refused when the session is over, WrongKey when the key has changed."""
        while True:
            try:
                await self.session()
            except (OSError, EOFError):
                pass
            self.on_link("offline")
            await asyncio.sleep(self.pause * random.uniform(0.5, 1))
            self.pause = min(self.pause * 2, PAUSE_SECONDS_MAX)

    async def session(self):
        connection, reading = await self.connect()
        tasks = [reading]
        try:
            token = bytes.fromhex(self.state["token"])
            welcome = await connection.ask(proto.LogIn(token=token))
            self.user = welcome.user
            self.connection = connection
            interval = welcome.heartbeat_ms / 1000
            for job in (connection.keep_alive(interval), self.follow(), self.deliver()):
                tasks.append(asyncio.ensure_future(job))
            self.pause = PAUSE_SECONDS
            self.online.set()
            self.on_link("online")
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if connection.goodbye in GOODBYE_MEANS_STAY_AWAY:
                raise Refused(connection.goodbye, "the session was ended")
        finally:
            self.online.clear()
            self.connection = None
            connection.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def connect(self):
        reader, writer, key = await dial(self.host, self.port, self.state["pin"])
        if key is not None and self.state["pin"] is None:
            self.state["pin"] = key
            self.save()
        connection = Connection(reader, writer, self.work.put_nowait)
        return connection, asyncio.ensure_future(connection.read())

    async def ask(self, message):
        """Any request, when there is a connection."""
        await self.online.wait()
        return await self.connection.ask(message, doubtful=True)

    # Sending

    async def send(self, target, text):
        """Resolves with its place when it is on the server's disk (rules 3 and 4).

        Raises Refused; nothing is kept then.
        """
        check("the text", text, TEXT_BYTES_MAX)
        check("the name", target, TARGET_BYTES_MAX)
        nonce = os.urandom(16).hex()
        self.state["outbox"].append({"nonce": nonce, "target": target, "text": text})
        self.save()
        self.sent[nonce] = asyncio.get_running_loop().create_future()
        self.wake.set()
        return await self.sent[nonce]

    async def deliver(self):
        """The outbox, oldest first, each again with its own nonce until it is acknowledged."""
        while True:
            self.wake.clear()
            while self.state["outbox"]:
                await self.deliver_one(self.state["outbox"][0])
            await self.wake.wait()

    async def deliver_one(self, item):
        try:
            outcome = await self.deliver_to(await self.conversation_of(item), item)
        except Refused as refusal:
            if refusal.retry_ms > 0 or refusal.code in KEEP_AND_TRY_AGAIN:
                await asyncio.sleep(max(refusal.retry_ms / 1000, PAUSE_SECONDS))
                return
            outcome = refusal
        self.state["outbox"].remove(item)
        self.save()
        waiting = self.sent.pop(item["nonce"], None)
        if waiting is None or waiting.done():
            if isinstance(outcome, Refused):
                self.on_unsent(item["target"], item["text"], outcome)
        elif isinstance(outcome, Refused):
            waiting.set_exception(outcome)
        else:
            waiting.set_result(outcome)

    async def conversation_of(self, item):
        """The id of a group, kept before anything is sent there; nothing for a user.

        A nonce is unique for its conversation (rule 3): were the text sent to a name again, and the
        name another group's by then, that one would get it, too. A user's name is theirs for ever.
        """
        if item["target"].startswith("#") and "group" not in item:
            asked = proto.ListMembers(group=item["target"])
            item["group"] = (await self.connection.ask(asked, doubtful=True)).group
            self.save()
        return item.get("group")

    async def deliver_to(self, group, item):
        nonce, text = bytes.fromhex(item["nonce"]), item["text"]
        if group is None:
            message = proto.SendDirect(to=item["target"], nonce=nonce, text=text)
        else:
            message = proto.SendGroup(group=group, nonce=nonce, text=text)
        return await self.connection.ask(message, doubtful=True)

    # Receiving

    async def follow(self):
        """First what was missed, then what is pushed; what comes twice is dropped (rule 7)."""
        await self.sync()
        while True:
            push = await self.work.get()
            if isinstance(push, (proto.DirectEntry, proto.GroupEntry)):
                await self.take(push.conversation, push.entry)

    async def sync(self):
        after = ""
        while True:
            answer = await self.connection.ask(proto.Sync(after=after))
            for head in answer.heads:
                self.learn(head)
                await self.catch_up(head.conversation, head.last)
            after = answer.next
            if not after:
                return

    def learn(self, head):
        """Of what no device of ours was sent nothing is left out; older things are history."""
        self.heads[head.conversation] = head
        seen = self.state["seen"].get(head.conversation, head.delivered)
        # Rule 5: nothing below `from` is ours, and retention may have raised `first`.
        self.state["seen"][head.conversation] = max(seen, getattr(head, "from") - 1, head.first - 1)

    async def take(self, conversation, entry):
        if conversation not in self.heads:
            answer = await self.connection.ask(proto.Sync(conversations=[conversation]))
            for head in answer.heads:
                self.learn(head)
        if conversation not in self.heads:
            return
        if entry.seq > self.state["seen"][conversation] + 1:
            await self.catch_up(conversation, entry.seq)
        self.hand_on(conversation, entry)
        await self.mark(conversation)

    async def catch_up(self, conversation, last):
        while (after := self.state["seen"].get(conversation, last)) < last:
            asked = proto.GetPage(conversation=conversation, after=after)
            try:
                page = await self.connection.ask(asked)
            except Refused:
                return  # We are no member any more
            if not page.entries:
                return
            for entry in page.entries:
                self.hand_on(conversation, entry)
            await self.mark(conversation)

    def hand_on(self, conversation, entry):
        if entry.seq <= self.state["seen"][conversation]:
            return
        self.on_entry(self.heads[conversation], entry)
        self.state["seen"][conversation] = entry.seq
        # Who leaves and comes back begins anew.
        mine = getattr(entry, "from") == self.user.id
        if entry.kind == proto.ENTRY_KIND_QUIT and mine:
            self.heads.pop(conversation)
            self.state["seen"].pop(conversation)

    async def mark(self, conversation):
        self.save()
        seen = self.state["seen"].get(conversation)
        if seen is None:
            return
        asked = proto.Mark(conversation=conversation, delivered=seen)
        asyncio.ensure_future(self.connection.ask(asked)).add_done_callback(forget)

    def save(self):
        """Whole or not at all, for its owner only."""
        temporary = self.path.with_suffix(".new")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)
