#!/usr/bin/env python3
"""Chat from a terminal or a script: chat.py HOST:PORT NAME [--register] [--pin sha256:…]

The password comes from TCHAT_PASSWORD; it is needed once. Lines of standard input:

    #group text …        say something to a group        /create #group [name …]
    name text …          say something to somebody       /join #group   /quit #group
                                                         /members #group

Every entry of a log is a line of standard output, as JSON; so is what came of a line.
"""

import argparse
import asyncio
import json
import os
import sys

import tchat_pb2 as proto
from tchat import Client, Refused, WrongKey


class BadInput(Exception):
    """What stands in standard input is no line of text."""


def tell(**what):
    print(json.dumps(what, ensure_ascii=False), flush=True)


def tell_entry(head, entry):
    where = f"#{head.name}" if head.kind == proto.CONVERSATION_KIND_GROUP else head.peer.name
    kind = proto.EntryKind.Name(entry.kind).removeprefix("ENTRY_KIND_").lower()
    text = "".join(sign for sign in entry.text if sign.isprintable() or sign in "\n\t")
    tell(where=where, seq=entry.seq, sender=entry.name, kind=kind, text=text)


def tell_unsent(target, text, refusal):
    tell(error=str(refusal), unsent=text, to=target)


async def create(client, name, *members):
    made = await client.ask(
        proto.CreateGroup(nonce=os.urandom(16), name=name, members=members)
    )
    return {"created": made.group.id}


async def join(client, group):
    joined = await client.ask(proto.JoinGroup(group=group))
    return {"joined": joined.group.name, "members": joined.group.members}


async def leave(client, group):
    answer = await client.ask(proto.QuitGroup(group=group))
    return {"quit": answer.group, "seq": answer.seq}


async def members(client, group):
    names, after = [], ""
    while True:
        answer = await client.ask(proto.ListMembers(group=group, after=after))
        names += [member.user.name for member in answer.members]
        after = answer.next
        if not after:
            return {"members": names}


COMMANDS = {"/create": create, "/join": join, "/quit": leave, "/members": members}


async def do(client, line):
    word, _, rest = line.partition(" ")
    try:
        if word in COMMANDS:
            tell(**await COMMANDS[word](client, *rest.split()))
        elif rest:
            place = await client.send(word, rest)
            tell(sent=rest, seq=place.seq)
        else:
            tell(error="TARGET TEXT, or one of " + " ".join(COMMANDS))
    except (Refused, TypeError, ConnectionError) as error:
        tell(error=str(error))


async def raw_lines():
    reader = asyncio.StreamReader()
    try:
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
    except ValueError:  # A file is no pipe, and keeps nobody waiting
        for line in sys.stdin.buffer:
            yield line
        return
    try:
        while line := await reader.readline():
            yield line
    except ValueError:
        raise BadInput("a line of the input is longer than 64 KiB") from None


async def lines():
    number = 0
    async for line in raw_lines():
        number += 1
        try:
            yield line.decode().rstrip("\n")
        except UnicodeDecodeError:
            raise BadInput(f"line {number} of the input is not UTF-8") from None


def address(text):
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        sys.stderr.write(f"chat.py: {text!r} is no HOST:PORT, such as localhost:8000\n")
        sys.exit(2)
    return host, int(port)


async def chat(arguments):
    host, port = address(arguments.server)
    state = arguments.state or f"{arguments.name}.tchat.json"
    on_link = lambda link: tell(link=link)  # noqa: E731
    try:
        client = Client(host, port, state, tell_entry, on_link, arguments.pin, tell_unsent)
    except ValueError:
        raise BadInput(f"{state} is not what this program writes there") from None
    if not client.state["token"]:
        password = os.environ.get("TCHAT_PASSWORD", "")
        await client.log_in(arguments.name, password, arguments.register)
    running = asyncio.ensure_future(client.run())

    async def read():
        async for line in lines():
            await do(client, line)

    done, pending = await asyncio.wait(
        [running, asyncio.ensure_future(read())], return_when=asyncio.FIRST_COMPLETED
    )
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


def main():
    parser = argparse.ArgumentParser(description="Chat on a tchat server.")
    parser.add_argument("server", metavar="HOST:PORT")
    parser.add_argument("name")
    parser.add_argument("--register", action="store_true", help="make the account")
    parser.add_argument("--pin", metavar="sha256:…", help="the server's key, as it prints it")
    parser.add_argument("--state", metavar="FILE", help="default: NAME.tchat.json")
    try:
        asyncio.run(chat(parser.parse_args()))
    except (BadInput, Refused, WrongKey, OSError) as error:
        sys.exit(f"chat.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
