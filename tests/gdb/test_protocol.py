"""The stub, packet by packet, through a client of its own."""

from __future__ import annotations

import binascii
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import pytest

from .rsp import Rsp, parse_stop, unescape

LOOP = """
start:
  addi a0, zero, 0
  lui a1, 0x10000
  lp.setupi x0, 5, last
  addi a0, a0, 1
last:
  p.sw a0, 4(a1!)
behind:
  addi a2, a2, 1
end:
  j end
"""


@pytest.fixture
def stub(make_session: Callable[..., Any], serve: Callable[..., Any]) -> Callable[..., Any]:
    """stub(text, harts=...) -> a server on an assembly program."""
    return lambda text=LOOP, **settings: serve(make_session(text, **settings))


def test_negotiates(stub: Callable[..., Any]) -> None:
    client = stub().connect(acks=True)
    offered = client.ask(b"qSupported:multiprocess+;swbreak+;xmlRegisters=i386").decode().split(";")
    assert "PacketSize=20000" in offered
    assert {"vContSupported+", "QNonStop+", "ReverseStep+", "ConditionalBreakpoints+"} <= set(offered)
    assert "multiprocess+" not in offered
    assert client.ask(b"vMustReplyEmpty") == b""
    assert client.ask(b"nonsense") == b""
    assert client.ask(b"QStartNoAckMode") == b"OK"


def test_multiprocess_can_be_switched_on(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    client = serve(make_session(LOOP), multiprocess=True).connect()
    assert b"multiprocess+" in client.ask(b"qSupported:multiprocess+")
    assert client.ask(b"qC") == b"QCp1.1"
    assert client.ask(b"qfThreadInfo") == b"mp1.1"
    assert client.stop(b"vCont;s:p1.1;c:p1.-1")["thread"] == "p1.1"


def test_target_description_is_well_formed(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    tree = ElementTree.fromstring(client.document("features", "target.xml"))
    assert tree.findtext("osabi") == "none"
    assert tree.findtext("architecture") == "riscv:rv32"
    registers = {reg.get("name"): reg for reg in tree.iter("reg")}
    assert registers["simd_fmt"].get("type") == "simd_format"
    assert {registers[name].get("group") for name in ("nn_w0", "nn_a1")} == {"nnrf"}
    saved = {name for name, reg in registers.items() if reg.get("save-restore") != "no"}
    assert len(saved) == 33
    types = {item.get("id") for item in tree.iter() if item.get("id")}
    known = {"int", "uint32", "int32", "uint64", "code_ptr", "data_ptr"}
    assert {reg.get("type") for reg in registers.values()} <= types | known
    for reg in registers.values():
        value = client.ask(b"p%x" % int(reg.get("regnum") or 0))
        assert len(value) == int(reg.get("bitsize") or 0) // 4, reg.get("name")


def test_threads_have_names_cores_and_states(kernel: Callable[..., Any], serve: Callable[..., Any]) -> None:
    client = serve(kernel("barrier")).connect()
    tree = ElementTree.fromstring(client.document("threads"))
    assert [thread.get("name") for thread in tree] == [*(f"hart {n}" for n in range(8)), "fc"]
    assert [thread.get("core") for thread in tree] == [str(n) for n in range(9)]
    assert tree[0].text == "off: fetch not enabled"
    assert client.ask(b"qThreadExtraInfo,9") == b"fc: running".hex().encode()
    assert client.ask(b"T9") == b"OK"
    assert client.ask(b"Ta").startswith(b"E")


def test_steps_through_a_hardware_loop(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    pcs = []
    for _ in range(14):
        stop = client.stop(b"vCont;s:1;c")
        assert (stop["kind"], stop["signal"], stop["thread"], stop["core"]) == ("T", "05", "1", "0")
        pcs.append(int.from_bytes(bytes.fromhex(stop["20"]), "little") & 0xFF)
    base = pcs[0] - 4
    loop = [pc - base for pc in pcs]
    assert loop[2:12] == [12, 16] * 5
    assert client.memory(0x10000000, 20) == b"".join(n.to_bytes(4, "little") for n in range(1, 6))


def test_memory_in_all_forms(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    data = bytes(range(256))
    escaped = b"".join(bytes((0x7D, b ^ 0x20)) if b in b"#$}*" else bytes((b,)) for b in data)
    assert client.ask(b"X10000100,0:") == b"OK"
    assert client.ask(b"X10000100,100:" + escaped) == b"OK"
    assert client.memory(0x10000100, 256) == data
    answer = client.ask(b"x10000100,100")
    assert answer[:1] == b"b" and unescape(answer[1:]) == data
    assert client.ask(b"M10000200,4:01020304") == b"OK"
    assert client.memory(0x10000200, 4) == b"\1\2\3\4"
    assert client.ask(b"m50000000,4").startswith(b"E")
    assert client.ask(b"qSearch:memory:10000000;1000;\1\2\3\4") == b"1,10000101"
    assert client.ask(b"qSearch:memory:10000000;1000;nowhere") == b"0"


def test_crc_is_that_of_compare_sections(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    client.ask(b"M10000000,9:313233343536373839")
    # CRC-32/MPEG-2 of the check string "123456789".
    assert client.ask(b"qCRC:10000000,9") == b"C376e6e7"
    assert binascii.crc32(b"123456789") != 0x0376E6E7


def test_registers_are_written(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    assert client.ask(b"Pa=78563412") == b"OK"
    assert client.register(10) == 0x12345678
    general = client.ask(b"g")
    assert len(general) == 33 * 8 and general[80:88] == b"78563412"
    changed = general[:88] + b"efbeadde" + general[96:]
    assert client.ask(b"G" + changed) == b"OK"
    assert client.register(11) == 0xDEADBEEF
    assert client.ask(b"P10e0=00000000").startswith(b"E")
    assert client.ask(b"pfff").startswith(b"E")


def breakpoint_at(client: Rsp, session: Any, label: str, more: bytes = b"") -> int:
    address = session.symbols.find(label).address
    assert client.ask(b"Z0,%x,2%s" % (address, more)) == b"OK"
    return int(address)


def test_simultaneous_stops_are_all_reported(stub: Callable[..., Any]) -> None:
    server = stub(harts=4)
    client = server.connect()
    client.ask(b"qSupported:swbreak+")
    address = breakpoint_at(client, server.session, "behind")
    seen = set()
    stop = client.stop(b"vCont;c")
    for _ in range(4):
        assert "swbreak" in stop
        seen.add(stop["thread"])
        if len(seen) == 4:
            break
        # As gdb goes on: past the breakpoint with one hart, then all.
        client.ask(b"z0,%x,2" % address)
        client.stop(b"vCont;s:" + stop["thread"].encode())
        client.ask(b"Z0,%x,2" % address)
        stop = client.stop(b"vCont;c")
    assert seen == {"1", "2", "3", "4"}


def test_watchpoints_report_old_and_new(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    assert client.ask(b"Z2,10000004,4") == b"OK"
    stop = client.stop(b"vCont;c")
    assert stop["watch"] == "10000004"
    assert (stop["flexdbg-old"], stop["flexdbg-new"]) == ("0", "2")
    assert client.ask(b"z2,10000004,4") == b"OK"
    assert client.ask(b"Z3,10000000,4") == b"OK"


def test_conditions_are_evaluated_in_the_stub(stub: Callable[..., Any]) -> None:
    server = stub()
    client = server.connect()
    # $a0 == 3, as gdb compiles it
    breakpoint_at(client, server.session, "last", b";X9,26000a162022031327")
    client.stop(b"vCont;c")
    assert client.register(10) == 3


def test_dprintf_prints_without_stopping(stub: Callable[..., Any]) -> None:
    server = stub()
    client = server.connect()
    # printf ("a0=%d\n", $a0) with the function and channel that gdb pushes
    form = b"a0=%d\\n\0"
    code = b"\x26\x00\x0a\x22\x00\x22\x00\x34\x01" + len(form).to_bytes(2, "big") + form + b"\x27"
    breakpoint_at(client, server.session, "last", b";cmds:0,X%x,%s" % (len(code), code.hex().encode()))
    breakpoint_at(client, server.session, "behind")
    client.stop(b"vCont;c")
    assert client.output == "".join(f"a0={n}\n" for n in range(1, 6))


def test_monitor_commands_stream_their_output(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    assert "lp.setupi" in client.monitor("x/4i $pc")
    assert "Undefined command" in client.monitor("nonsense")
    assert "cluster" in client.monitor("stepmode")
    client.monitor("stepi 3")
    assert client.monitor("when").startswith("Cycle 7")


def test_goes_back_exactly(stub: Callable[..., Any]) -> None:
    server = stub()
    client = server.connect()
    digests = [server.session.cluster.state_digest()]
    for _ in range(10):
        client.stop(b"vCont;s:1;c")
        digests.append(server.session.cluster.state_digest())
    for digest in digests[-2::-1]:
        client.stop(b"bs")
        assert server.session.cluster.state_digest() == digest
    assert client.stop(b"bs")["replaylog"] == "begin"
    for _ in range(10):
        client.stop(b"vCont;s:1;c")
    assert client.stop(b"bc")["replaylog"] == "begin"
    assert server.session.cluster.state_digest() == digests[0]


def test_interrupt_stops_a_run(stub: Callable[..., Any]) -> None:
    client = stub().connect()
    client.send(b"vCont;c")
    client.raw(b"\x03")
    assert parse_stop(client.answer())["signal"] == "02"


def test_a_lost_client_leaves_a_halted_machine(stub: Callable[..., Any]) -> None:
    server = stub()
    client = server.connect()
    breakpoint_at(client, server.session, "behind")
    client.send(b"vCont;c")
    client.close()
    other = server.connect()
    assert parse_stop(other.ask(b"?"))["kind"] == "T"
    cycle = server.session.cluster.cycle
    assert other.stop(b"vCont;s:1;c")["kind"] == "T"
    assert server.session.cluster.cycle > cycle
    assert list(other.monitor("clients").splitlines()) != []


def test_exit_ends_and_restart_begins_again(kernel: Callable[..., Any], serve: Callable[..., Any]) -> None:
    server = serve(kernel("hello"))
    client = server.connect()
    assert client.ask(b"!") == b"OK"
    assert client.ask(b"vCont;c") == b"W00"
    assert client.output.count("hello from hart") == 8
    assert client.ask(b"vCont;c") == b"W00"
    assert "others moved" not in client.output
    assert parse_stop(client.ask(b"vRun;"))["thread"] == "9"
    assert server.session.cluster.cycle == 0
    assert client.ask(b"vKill;1") == b"OK"
    assert client.ask(b"?") == b"W00"
    cycle = b"cycle:500".hex().encode()
    assert client.ask(b"vRun;;" + cycle).startswith(b"T05")
    assert server.session.cluster.cycle == 500


def test_the_program_is_served_as_a_file(kernel: Callable[..., Any], serve: Callable[..., Any]) -> None:
    session = kernel("hello")
    client = serve(session).connect()
    path = client.document("exec-file")
    image = session.program.image
    assert client.ask(b"vFile:setfs:0") == b"F0"
    assert client.ask(b"vFile:open:" + path.hex().encode() + b",0,0") == b"F3"
    size, _, stat = client.ask(b"vFile:fstat:3").partition(b";")
    assert size == b"F40" and int.from_bytes(unescape(stat)[28:36], "big") == len(image)
    whole = b""
    while True:
        count, _, piece = client.ask(b"vFile:pread:3,4000,%x" % len(whole)).partition(b";")
        if count == b"F0":
            break
        whole += unescape(piece)
    assert whole == image
    assert client.ask(b"vFile:close:3") == b"F0"
    assert client.ask(b"vFile:close:3") == b"F-1,9"
    assert client.ask(b"vFile:open:" + b"/etc/passwd".hex().encode() + b",0,0") == b"F-1,2"


def test_lldb_gets_registers_and_threads_in_its_own_words(
    kernel: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    client = serve(kernel("hello")).connect()
    client.stop(b"vCont;s:9;c")
    names = []
    while (answer := client.ask(b"qRegisterInfo%x" % len(names))) != b"E45":
        fields = dict(pair.split(":", 1) for pair in answer.decode().split(";") if pair)
        assert fields["offset"] == str(4 * len(names))
        names.append((fields["name"], fields.get("generic")))
    assert len(names) == 33 and ("fp", "fp") in names and ("pc", "pc") in names and ("t0", None) in names
    threads = json.loads(unescape(client.ask(b"jThreadsInfo")))
    assert [thread["tid"] for thread in threads] == list(range(1, 10))
    assert [thread["reason"] for thread in threads] == ["none"] * 8 + ["trace"]
    client.ask(b"Hg9")
    assert threads[8]["registers"]["32"].encode() == client.ask(b"p20")
    tree = ElementTree.fromstring(client.document("features", "target.xml"))
    assert {reg.get("generic") for reg in tree.iter("reg")} >= {"pc", "sp", "ra", "fp", "arg1"}


def test_questions_to_the_recording_do_not_see_breakpoints_of_clients(stub: Callable[..., Any]) -> None:
    server = stub()
    client = server.connect()
    breakpoint_at(client, server.session, "last")
    for _ in range(3):
        client.stop(b"vCont;c")
        client.stop(b"vCont;s:1")
    writes = client.monitor("query writes to 0x10000000").splitlines()
    assert len(writes) == 2 and "0x10000000" in writes[1]
    assert "addi a0, a0, 1" in client.monitor("last-write $a0")
